import type { Page } from '../frontend/page-model.ts'
import { renderDocument } from '../frontend/render.tsx'
import { etagOf, matchesEtag } from './etag.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { isSafe } from './navigation.ts'
import { findViewer } from './session.ts'
import { shellOf } from './shell.ts'
import { readUnread } from './unread.ts'

const inTrouble = new Set<Page['name']>(['error', 'notFound', 'gone'])

/**
 * Renders a page for whoever asks. A page that was read is kept by the browser and asked for again each time, with an
 * ETag (architecture, decision 5); an answer to a form or an error is not kept at all.
 */
export async function respondWithPage(
  gateway: Gateway,
  exchange: Exchange,
  page: Page,
  { status = 200 }: { status?: number } = {},
): Promise<Response> {
  const viewer = await findViewer(gateway, exchange)
  // A page that says what is wrong waits for nobody.
  const unread = inTrouble.has(page.name) ? undefined : await readUnread(gateway, exchange, viewer)
  const shell = shellOf(gateway, exchange, viewer, unread)
  const html = renderDocument(shell, page, gateway.platform.assets)
  const body = new TextEncoder().encode(html)
  const headers: Record<string, string> = { 'content-type': 'text/html; charset=utf-8' }
  if (status !== 200 || !isSafe(exchange.request)) {
    return new Response(body, { status, headers: { ...headers, 'cache-control': 'no-store' } })
  }
  const etag = await etagOf(body.buffer as ArrayBuffer)
  Object.assign(headers, { etag, 'cache-control': 'private, no-cache', vary: 'cookie, accept-language' })
  if (matchesEtag(exchange.request.headers, etag)) return new Response(null, { status: 304, headers })
  return new Response(body, { headers })
}
