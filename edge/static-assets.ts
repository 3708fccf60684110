import { AppError } from '../shared/errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'

/** Serves a file of the built client; names under `/assets/` hold a hash of the content and so never change. */
export async function serveAsset({ platform }: Gateway, { request, url }: Exchange): Promise<Response> {
  const headers = new Headers()
  for (const name of ['if-none-match', 'accept-encoding']) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const found = await platform.fetchAsset(new Request(url.origin + url.pathname, { method: request.method, headers }))
  if (found.status !== 200 && found.status !== 304) {
    await found.body?.cancel()
    throw new AppError('not_found')
  }
  const response = new Response(found.body, found)
  const lasting = url.pathname.startsWith('/assets/')
  response.headers.set('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=3600')
  return response
}
