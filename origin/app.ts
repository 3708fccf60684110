import { Hono } from 'hono'
import { AppError, problemResponse } from '../shared/errors.ts'
import { requestIdHeader } from '../shared/headers.ts'
import { accountRoutes } from './accounts/routes.ts'
import { publicKeySet } from './accounts/signing-keys.ts'
import { categoryRoutes } from './categories/routes.ts'
import type { Context } from './context.ts'
import { asError, isDatabaseOutage } from './db/outage.ts'
import { type OriginEnv, requireEdge } from './edge-request.ts'
import { exportRoutes } from './exports/routes.ts'
import { checkReadiness } from './health.ts'
import { mailRoutes } from './mail/routes.ts'
import { imageRoutes } from './media/routes.ts'
import { messageRoutes } from './messages/routes.ts'
import { moderationRoutes } from './moderation/routes.ts'
import { placeRoutes } from './places/routes.ts'
import { postRoutes } from './posts/routes.ts'
import { searchRoutes } from './search/routes.ts'

/** Builds the origin's app; it does not listen. Only health and public keys answer to whoever asks. */
export function createApp(ctx: Context): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>()
  app.use(async (_, next) => {
    await next().catch((thrown: unknown) => {
      throw asError(thrown)
    })
  })
  app.get('/healthz', c => c.json({ ok: true, region: ctx.region }))
  app.get('/readyz', async c => {
    const readiness = await checkReadiness(ctx)
    return c.json(readiness, readiness.ok ? 200 : 503)
  })
  app.get('/.well-known/jwks.json', async c =>
    c.json(await publicKeySet(ctx), 200, { 'cache-control': 'public, max-age=60' }),
  )

  app.use('/api/*', requireEdge(ctx))
  accountRoutes(app, ctx)
  postRoutes(app, ctx)
  imageRoutes(app, ctx)
  mailRoutes(app, ctx)
  messageRoutes(app, ctx)
  moderationRoutes(app, ctx)
  exportRoutes(app, ctx)
  searchRoutes(app, ctx)
  categoryRoutes(app, ctx)
  placeRoutes(app, ctx)

  app.notFound(c =>
    problemResponse(new AppError('not_found'), requestIdOf(c.get('requestId'), c.req.header(requestIdHeader))),
  )
  app.onError((error, c) => {
    const known = knownError(error)
    const requestId = requestIdOf(c.get('requestId'), c.req.header(requestIdHeader))
    if (known.status >= 500) ctx.log.error({ err: error, requestId, path: c.req.path }, 'request failed')
    return problemResponse(known, requestId)
  })
  return app
}

/** Postgres comes back, so whoever asked may try again; anything else unforeseen is a fault of ours. */
function knownError(error: Error): AppError {
  if (error instanceof AppError) return error
  if (isDatabaseOutage(error)) {
    return new AppError('service_unavailable', { cause: error, headers: { 'retry-after': '5' } })
  }
  return new AppError('internal_error', { cause: error })
}

function requestIdOf(known: string | undefined, sent: string | undefined): string {
  return known ?? (sent && /^[\w-]{1,64}$/.test(sent) ? sent : crypto.randomUUID())
}
