import type { AccessClaims, SessionGrant } from '../shared/account.ts'
import { AppError } from '../shared/errors.ts'
import { readCookie, setCookie } from './cookies.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { writePreferences } from './preferences.ts'

export type Session = { token: string; claims: AccessClaims }

/** A cookie's token is renewed this early, in milliseconds, so that it does not expire on its way to the origin. */
const renewAhead = 10_000
/** How long a page waits for a renewal before it is shown as to a stranger, in milliseconds. */
const renewalTime = 3_000
const refreshLifetime = 90 * 24 * 3600

/**
 * Tells who is signed in by cookie. An expired access token is renewed quietly with the refresh cookie: at most once a
 * request; requests side by side are given the same successor by the origin. A refused one drops both cookies.
 * @throws AppError of 503 when it cannot be told now: the cookies stay
 */
export function readSession(gateway: Gateway, exchange: Exchange): Promise<Session | null> {
  exchange.session ??= findSession(gateway, exchange)
  return exchange.session
}

/** As `readSession`, for pages that can do without: when it cannot be told, nobody is signed in. */
export async function findViewer(gateway: Gateway, exchange: Exchange): Promise<Session | null> {
  return readSession(gateway, exchange).catch(() => null)
}

/** Tells whether a browser sent cookies of ours. */
export function hasSessionCookie({ request, siteOrigin }: Exchange): boolean {
  const { access, refresh } = cookieNames(siteOrigin)
  return readCookie(request, access) !== null || readCookie(request, refresh) !== null
}

/**
 * Reads an `Authorization` header (RFC 6750 §2.1).
 * @returns null when there is none
 * @throws AppError `invalid_token` for any other scheme and any token that does not hold, `session_ended` for one that was revoked
 */
export async function readBearer(gateway: Gateway, exchange: Exchange): Promise<Session | null> {
  const header = exchange.request.headers.get('authorization')
  if (header === null) return null
  const token = /^Bearer ([^\s,]+)$/i.exec(header)?.[1]
  const claims = token ? await gateway.verifyToken(token) : undefined
  const held = token !== undefined && claims !== undefined
  if (held && !(await isRevoked(gateway, exchange, claims))) return { token, claims }
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
  throw new AppError(held ? 'session_ended' : 'invalid_token', { headers })
}

/** Keeps a grant in the browser's cookies, and the account's own locale and currency with it. */
export function keepSession(exchange: Exchange, grant: SessionGrant): void {
  const { access, refresh } = cookieNames(exchange.siteOrigin)
  setCookie(exchange, access, grant.accessToken, { maxAge: grant.expiresIn })
  setCookie(exchange, refresh, grant.refreshToken, { maxAge: refreshLifetime })
  writePreferences(exchange, grant.account)
}

/** Drops the cookies of a session that has ended. */
export function dropSession(exchange: Exchange): void {
  const { access, refresh } = cookieNames(exchange.siteOrigin)
  for (const name of [access, refresh]) setCookie(exchange, name, '', { maxAge: 0 })
  exchange.session = Promise.resolve(null)
}

async function findSession(gateway: Gateway, exchange: Exchange): Promise<Session | null> {
  const names = cookieNames(exchange.siteOrigin)
  const access = readCookie(exchange.request, names.access)
  const claims = access ? await gateway.verifyToken(access) : undefined
  const lasting = claims && claims.exp * 1000 > gateway.now() + renewAhead
  if (access && lasting && !(await isRevoked(gateway, exchange, claims))) return { token: access, claims }
  const refresh = readCookie(exchange.request, names.refresh)
  if (refresh) return renew(gateway, exchange, refresh)
  if (access) dropSession(exchange)
  return null
}

/** Tells whether a session was ended less than a token's life ago. While Redis is down the origin alone tells: it always does. */
async function isRevoked({ purges }: Gateway, exchange: Exchange, { sid }: AccessClaims): Promise<boolean> {
  await purges.refresh(exchange)
  return purges.isRevoked(sid)
}

async function renew(gateway: Gateway, exchange: Exchange, refreshToken: string): Promise<Session | null> {
  try {
    const soon = hurried(exchange, gateway.now(), renewalTime)
    const grant = await callApi(gateway, soon, 'refreshSession', { body: { refreshToken } })
    const claims = await gateway.verifyToken(grant.accessToken)
    if (!claims) throw new AppError('bad_gateway')
    keepSession(exchange, grant)
    return { token: grant.accessToken, claims }
  } catch (error) {
    const known = knownError(error)
    if (known.status >= 500) throw known
    dropSession(exchange)
    return null
  }
}

/** Browsers accept a `__Host-` cookie only with Secure, so plain http on localhost goes without the prefix. */
function cookieNames(siteOrigin: string): { access: string; refresh: string } {
  const prefix = siteOrigin.startsWith('https:') ? '__Host-' : ''
  return { access: `${prefix}session`, refresh: `${prefix}refresh` }
}
