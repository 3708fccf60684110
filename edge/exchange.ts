import { deadlines, requestIdHeader, traceparentHeader } from '../shared/headers.ts'
import type { Region } from '../shared/regions.ts'
import type { Visitor } from '../shared/visitor.ts'
import type { Settings } from './bindings.ts'
import { isLoopback } from './bindings.ts'
import { readCookie } from './cookies.ts'
import { resolveRegion } from './geo/resolve.ts'
import { rules } from './geo/rules.ts'
import { standAt, standCookie, usualStand } from './geo/stand.ts'
import type { Connection, Geo } from './platform.ts'
import type { Session } from './session.ts'
import { continueRequestId, continueTrace } from './trace.ts'

/** One request and all that is found out about it on the way. */
export type Exchange = {
  request: Request
  url: URL
  requestId: string
  traceparent: string
  /** When the answer is due, in milliseconds since the epoch. */
  deadline: number
  visitor: Visitor
  /** The visitor's region, by geo/rules.json. */
  region: Region
  /** Scheme and host under which this request counts as ours. */
  siteOrigin: string
  /** The fields of the form that was sent, as typed. */
  typed?: Readonly<Record<string, string>>
  /** Added to the reply, whatever it turns out to be. */
  replyHeaders: Headers
  /** Who is signed in, read at most once. */
  session?: Promise<Session | null>
  /** How many messages they have not read, counted at most once. */
  unread?: Promise<number | undefined>
  waitUntil: Connection['waitUntil']
}

/** Begins the exchange of a request: its ids, its deadline, where it comes from. */
export function beginExchange(request: Request, connection: Connection, settings: Settings, now: number): Exchange {
  const url = new URL(request.url)
  const standing = settings.localGeo ? (url.searchParams.get('from') ?? readCookie(request, standCookie)) : null
  const geo = (standing && standAt(standing)) || geoOf(connection, settings)
  const facts = { ...geo, path: url.pathname }
  const requestId = continueRequestId(request.headers.get(requestIdHeader))
  const traceparent = continueTrace(request.headers.get(traceparentHeader))
  return {
    request,
    url,
    requestId,
    traceparent,
    deadline: now + deadlines.edge,
    visitor: visitorOf(request, connection.ip, geo),
    region: resolveRegion(rules, facts, region => settings.origins[region] !== null).region,
    siteOrigin: siteOriginOf(url, settings),
    replyHeaders: new Headers({ [requestIdHeader]: requestId, [traceparentHeader]: traceparent }),
    waitUntil: connection.waitUntil,
  }
}

/** The same exchange for a part of the answer that is not worth waiting for longer than this, in milliseconds. */
export function hurried(exchange: Exchange, now: number, milliseconds: number): Exchange {
  return { ...exchange, deadline: Math.min(exchange.deadline, now + milliseconds) }
}

/** Tells whether the request named the site by its own host. */
export function isOwnHost({ url, siteOrigin }: Exchange): boolean {
  return url.host === new URL(siteOrigin).host
}

/** What the runtime knows; on a local stack it makes that up. */
function geoOf({ geo }: Connection, { localGeo }: Settings): Geo {
  return (localGeo && standAt(usualStand)) || geo
}

function visitorOf(request: Request, ip: string, geo: Geo): Visitor {
  const userAgent = request.headers.get('user-agent')?.slice(0, 300) ?? null
  return { ip, ...geo, userAgent }
}

/** On a local stack the site may be called localhost, 127.0.0.1 or [::1], by any port that leads to it. */
function siteOriginOf(url: URL, settings: Settings): string {
  const local = isLoopback(new URL(settings.siteOrigin).hostname) && isLoopback(url.hostname)
  return local ? url.origin : settings.siteOrigin
}
