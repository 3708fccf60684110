import { api, apiPrefix } from '../shared/api.ts'
import { dispatch } from './dispatch.ts'
import { errorOfReply } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Session } from './session.ts'

/** A file of one person's: passed on as it comes, kept by nobody. */
export function download(file: ReadableStream<Uint8Array>, said: Headers): Response {
  const headers = new Headers({ 'cache-control': 'private, no-store' })
  for (const name of ['content-type', 'content-length', 'content-disposition']) {
    const value = said.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(file, { headers })
}

/** Fetches the archive of a copy of one's data for a page's own link. @throws AppError `export_not_found` */
export async function downloadExport(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
): Promise<Response> {
  const { method, path, file } = api.downloadExport
  const target = apiPrefix + path.replace(':id', encodeURIComponent(id))
  const headers = new Headers({ authorization: `Bearer ${session.token}` })
  const request = { method, target, headers, body: null, repeatable: true, file }
  const reply = await dispatch(gateway, exchange, { name: 'downloadExport', id, session, request })
  if (!reply.file) throw errorOfReply(reply)
  return download(reply.file, reply.headers)
}
