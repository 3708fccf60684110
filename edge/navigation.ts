import { createMiddleware } from 'hono/factory'
import type { Notice } from '../frontend/page-model.ts'
import { paths } from '../shared/paths.ts'
import type { Exchange } from './exchange.ts'
import type { EdgeEnv } from './hono-env.ts'
import { responseClassOf } from './security-headers.ts'

/** Tells whether a request only reads (RFC 9110 §9.2.1). */
export function isSafe({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** See Other, after a form (RFC 9110 §15.4.4). `to` must be a path of ours. */
export function redirect(to: string): Response {
  return new Response(null, { status: 303, headers: { location: asciiPath(to), 'cache-control': 'no-store' } })
}

/** Leads from a page's address with slashes at its end to its own (RFC 9110 §15.4.9: the method stays); the API has none. */
export const dropTrailingSlash = createMiddleware<EdgeEnv>(async (c, next) => {
  const { exchange } = c.env
  const { pathname } = exchange.url
  if (!/.\/$/.test(pathname) || responseClassOf(pathname) !== 'page') return next()
  return moved(`/${pathname.replace(/^\/+|\/+$/g, '')}`, exchange, 308)
})

/** Moves for good; keeps the query. `to` must be a path of ours. */
export function moved(to: string, { url }: Exchange, status: 301 | 308 = 301): Response {
  const location = asciiPath(to) + url.search
  return new Response(null, { status, headers: { location, 'cache-control': 'private, no-cache' } })
}

/** Sends whoever must sign in to do so, and back here afterwards. */
export function signInFirst({ url }: Exchange): Response {
  return redirect(paths.signIn(url.pathname + url.search))
}

/**
 * Keeps a `next` that leads to a page of ours: a path, whatever tricks are played with slashes, dots and encodings.
 * @returns path, query and fragment; `fallback` for anything else
 */
export function safeNext(next: string | null | undefined, fallback = paths.home()): string {
  if (!next?.startsWith('/') || /[\\\u0000-\u001f\u007f]/.test(next)) return fallback
  try {
    const base = 'http://site.invalid'
    const url = new URL(next, base)
    const path = url.pathname + url.search + url.hash
    return url.origin === base && !path.startsWith('//') ? path : fallback
  } catch {
    return fallback
  }
}

/** Adds what has just happened to a path of ours. */
export function withNotice(path: string, done: Notice): string {
  const url = new URL(path, 'http://site.invalid')
  url.searchParams.set('done', done)
  return url.pathname + url.search + url.hash
}

/** Slugs may hold letters of any script; a header may not. */
function asciiPath(path: string): string {
  const { pathname, search, hash } = new URL(path, 'http://site.invalid')
  return pathname + search + hash
}
