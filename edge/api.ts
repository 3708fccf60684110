import type { Hono } from 'hono'
import { type ApiName, type ApiRoute, api, apiPrefix } from '../shared/api.ts'
import { AppError } from '../shared/errors.ts'
import { refuseCrossSite } from './csrf.ts'
import { dispatch, isRepeatable } from './dispatch.ts'
import { download } from './download.ts'
import { etagOf, matchesEtag } from './etag.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { openApiDocument } from './openapi.ts'
import type { OriginReply } from './origin-client.ts'
import { openForm } from './passing-form.ts'
import { readBody } from './request-body.ts'
import { hasSessionCookie, readBearer, readSession, type Session } from './session.ts'

/** What a client may say to an origin. Everything else stops here: internal, forwarding and geo headers above all. */
const forwarded = ['accept', 'content-type', 'if-match', 'idempotency-key'] as const
/** What an origin may say to a client. */
const returned = [
  'content-type',
  'etag',
  'location',
  'retry-after',
  'www-authenticate',
  'idempotency-replayed',
] as const

/** Mounts the API table: each row's path, one answer to wrong methods, the OpenAPI document. */
export function apiRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  for (const [name, route] of Object.entries(api) as [ApiName, ApiRoute][]) {
    app.on(route.method, apiPrefix + route.path, c => forward(gateway, c.env.exchange, name, c.req.param('id') ?? ''))
  }
  app.get('/api/openapi.json', c => {
    const document = new TextEncoder().encode(JSON.stringify(openApiDocument(gateway.settings.siteOrigin)))
    return cacheable(c.env.exchange, document.buffer, { 'content-type': 'application/json' })
  })
}

async function forward(gateway: Gateway, exchange: Exchange, name: ApiName, id: string): Promise<Response> {
  const route: ApiRoute = api[name]
  const session = await authenticate(gateway, exchange, route)
  const headers = new Headers()
  for (const header of forwarded) {
    const value = exchange.request.headers.get(header)
    if (value !== null) headers.set(header, value)
  }
  if (session) headers.set('authorization', `Bearer ${session.token}`)
  const form = route.form && (await openForm(exchange.request))
  try {
    const request = {
      method: route.method,
      target: exchange.url.pathname + exchange.url.search,
      headers,
      body: form ? null : await readBody(exchange.request),
      form,
      repeatable: isRepeatable(route, headers),
      file: route.file,
    }
    return respond(exchange, route, await dispatch(gateway, exchange, { name, id, session, request }))
  } finally {
    form?.release()
  }
}

/**
 * Finds out who calls: a Bearer token, or the cookies of our own pages' islands, for which the rule against cross-site
 * requests holds. A bad token is refused here; whether a good one suffices is the origin's to say.
 */
async function authenticate(gateway: Gateway, exchange: Exchange, { auth }: ApiRoute): Promise<Session | null> {
  if (auth === 'none') return null
  const bearer = await readBearer(gateway, exchange)
  if (bearer) return bearer
  if (hasSessionCookie(exchange)) {
    refuseCrossSite(exchange)
    const session = await readSession(gateway, exchange)
    if (session) return session
  }
  if (auth === 'optional') return null
  throw new AppError('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } })
}

function respond(exchange: Exchange, route: ApiRoute, reply: OriginReply): Response | Promise<Response> {
  if (reply.file) return download(reply.file, reply.headers)
  const headers: Record<string, string> = {}
  for (const name of returned) {
    const value = reply.headers.get(name)
    if (value !== null) headers[name] = value
  }
  if (route.method === 'GET' && reply.status === 200 && reply.body) return cacheable(exchange, reply.body, headers)
  const body = reply.status === 204 || reply.status === 304 ? null : reply.body
  return new Response(body, { status: reply.status, headers: { ...headers, 'cache-control': 'no-store' } })
}

/**
 * A read for the browser's own cache, asked again each time (architecture, decision 5). An origin's own tag is the
 * version that `If-Match` wants: it does not change when time passes or somebody else asks, so it earns no 304.
 */
async function cacheable(exchange: Exchange, body: ArrayBuffer, headers: Record<string, string>): Promise<Response> {
  const etag = headers.etag ?? (await etagOf(body))
  const all = { ...headers, etag, 'cache-control': 'private, no-cache', vary: 'authorization, cookie' }
  if (!headers.etag && matchesEtag(exchange.request.headers, etag))
    return new Response(null, { status: 304, headers: all })
  return new Response(body, { headers: all })
}
