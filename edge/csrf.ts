import { AppError } from '../shared/errors.ts'
import type { Exchange } from './exchange.ts'

/**
 * Refuses an unsafe request that a browser sent for another site, by `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin`
 * (RFC 6454 §7): each that is there must name us. Neither is there only when no browser sent it, and what is no browser
 * has no cookies of somebody else to misuse (the reasoning of Go's http.CrossOriginProtection).
 * @throws AppError `cross_site_request`
 */
export function refuseCrossSite({ request, siteOrigin }: Pick<Exchange, 'request' | 'siteOrigin'>): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const ours =
    (site === null || site === 'same-origin' || site === 'none') && (origin === null || origin === siteOrigin)
  if (!ours) throw new AppError('cross_site_request')
}
