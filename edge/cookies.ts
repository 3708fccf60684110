import { parse, serialize } from 'hono/utils/cookie'
import type { Exchange } from './exchange.ts'

type Options = { maxAge: number; httpOnly?: boolean }

/** Reads one cookie of a request; null when it is not there. */
export function readCookie(request: Request, name: string): string | null {
  const header = request.headers.get('cookie')
  return header ? (parse(header, name)[name] ?? null) : null
}

/**
 * Sets a cookie on the reply: host-only, `SameSite=Lax`, for all paths; Secure unless the site is a local http one.
 * @param options.maxAge seconds; 0 drops the cookie
 */
export function setCookie(exchange: Exchange, name: string, value: string, { maxAge, httpOnly = true }: Options): void {
  const secure = exchange.siteOrigin.startsWith('https:')
  const cookie = serialize(name, value, { path: '/', maxAge, httpOnly, secure, sameSite: 'Lax' })
  exchange.replyHeaders.append('set-cookie', cookie)
}
