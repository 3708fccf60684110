import type { Shell } from '../frontend/page-model.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { standOptions } from './geo/stand.ts'
import { readPreferences } from './preferences.ts'
import type { Session } from './session.ts'
import { visitorPlace } from './visitor-place.ts'

/** What every page is wrapped in: where and who the reader is, each from a closed list but their name (decision 7). */
export function shellOf(gateway: Gateway, exchange: Exchange, session: Session | null, unread?: number): Shell {
  const { settings } = gateway
  const { visitor, region, siteOrigin, requestId } = exchange
  const { name: displayName, role } = session?.claims ?? {}
  const viewer = displayName && role ? { displayName, role, ...(unread ? { unread } : {}) } : null
  return {
    ...readPreferences(exchange, session !== null),
    region,
    place: visitorPlace(gateway, exchange),
    path: pathOf(exchange),
    origin: siteOrigin,
    viewer,
    localGeo: settings.localGeo ? { options: standOptions, current: visitor.country } : null,
    requestId,
  }
}

/** The page's own address, without what is said only once. */
function pathOf({ url }: Exchange): string {
  const query = new URLSearchParams(url.search)
  for (const name of ['done', 'from', 'token']) query.delete(name)
  return query.size > 0 ? `${url.pathname}?${query}` : url.pathname
}
