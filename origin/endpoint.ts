import type { Hono, Context as HonoContext } from 'hono'
import type * as z from 'zod'
import { verifyAccessToken } from '../shared/access-token.ts'
import { type ApiRoute, apiPrefix } from '../shared/api.ts'
import { AppError } from '../shared/errors.ts'
import type { Visitor } from '../shared/visitor.ts'
import { requireLiveSession } from './accounts/sessions.ts'
import { type Actor, canModerate } from './actor.ts'
import type { Context } from './context.ts'
import type { OriginEnv } from './edge-request.ts'

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined
type ActorOf<R extends ApiRoute> = R['auth'] extends 'none' ? null : R['auth'] extends 'optional' ? Actor | null : Actor

/** What a handler is given: everything checked, nothing raw but the Hono context for its headers. */
export type Call<R extends ApiRoute> = {
  actor: ActorOf<R>
  body: Parsed<R['body']>
  query: Parsed<R['query']>
  /** The `:id` of the path; empty where it has none. */
  id: string
  visitor: Visitor
  c: HonoContext<OriginEnv>
}

export type Reply = {
  status?: 200 | 201 | 202 | 204
  body?: unknown
  /** Sent as it is, with the type that the route names. */
  file?: ReadableStream<Uint8Array>
  headers?: Record<string, string>
}

/**
 * Mounts one row of the API table: authenticates, authorises by role and home region, parses query and body, then
 * calls the handler, whose reply becomes JSON with the route's status.
 */
export function endpoint<const R extends ApiRoute>(
  app: Hono<OriginEnv>,
  ctx: Context,
  route: R,
  handler: (call: Call<R>) => Promise<Reply> | Reply,
): void {
  app.on(route.method, apiPrefix + route.path, async c => {
    const actor = await authenticate(ctx, route, c.req.header('authorization'))
    const query = route.query ? parse(route.query, singleValues(c.req.queries())) : undefined
    const body = route.body ? parse(route.body, readJson(c.get('body'), c.req.header('content-type'))) : undefined
    const reply = await handler({
      actor,
      body,
      query,
      id: c.req.param('id') ?? '',
      visitor: c.get('visitor'),
      c,
    } as Call<R>)
    const status = reply.status ?? route.success.status
    for (const [name, value] of Object.entries(reply.headers ?? {})) c.header(name, value)
    if (reply.file) return c.body(reply.file, 200, { 'content-type': route.file ?? 'application/octet-stream' })
    return reply.body === undefined || status === 204 ? c.body(null, status) : c.json(reply.body as object, status)
  })
}

async function authenticate(ctx: Context, route: ApiRoute, header: string | undefined): Promise<Actor | null> {
  if (route.auth === 'none') return null
  if (!header) {
    if (route.auth === 'optional') return null
    throw new AppError('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } })
  }
  const actor = await actorOf(ctx, header)
  if (actor.region === ctx.region) await requireLiveSession(ctx, actor)
  else if (!route.crossRegion) {
    if (route.auth === 'optional') return null
    throw new AppError('wrong_region')
  }
  if (route.auth === 'moderator' && !canModerate(actor)) throw new AppError('forbidden')
  return actor
}

async function actorOf(ctx: Context, header: string): Promise<Actor> {
  const token = /^Bearer ([^\s,]+)$/i.exec(header)?.[1]
  const claims = token ? await verifyAccessToken(token, ctx.findKey, ctx.now().getTime()) : undefined
  if (!claims) throw new AppError('invalid_token', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
  return { id: claims.sub, sessionId: claims.sid, region: claims.iss, name: claims.name, role: claims.role }
}

function parse(schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw AppError.fromZod(parsed.error)
  return parsed.data
}

/** A parameter given twice is refused rather than guessed at. */
function singleValues(queries: Record<string, string[]>): Record<string, string> {
  const repeated = Object.entries(queries).find(([, values]) => values.length > 1)
  if (repeated) throw new AppError('invalid_input', { errors: [{ field: repeated[0], message: 'must be given once' }] })
  return Object.fromEntries(Object.entries(queries).map(([name, [value = '']]) => [name, value]))
}

function readJson(body: ArrayBuffer | null, contentType = ''): unknown {
  if (!/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(contentType)) throw new AppError('unsupported_media_type')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body ?? new ArrayBuffer(0)))
  } catch {
    throw new AppError('invalid_json')
  }
}
