import { Hono } from 'hono'
import { AppError, problemResponse } from '../shared/errors.ts'
import { actionRoutes } from './actions.ts'
import { apiRoutes } from './api.ts'
import { respondWithError } from './error-page.ts'
import { knownError } from './errors.ts'
import { beginExchange, type Exchange, isOwnHost } from './exchange.ts'
import { createGateway, type Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { keepStanding, localRoutes } from './local-routes.ts'
import { mailRoutes } from './mail-pages.ts'
import { mediaRoutes } from './media.ts'
import { messageRoutes } from './messages.ts'
import { refuseOtherMethods } from './methods.ts'
import { moderationRoutes } from './moderation.ts'
import { dropTrailingSlash, moved } from './navigation.ts'
import { pageRoutes } from './pages.ts'
import { photoForms } from './photos.ts'
import { photosPageRoutes } from './photos-page.ts'
import type { Connection, Platform } from './platform.ts'
import { drainBody } from './request-body.ts'
import { securityHeadersOf } from './security-headers.ts'
import { sellRoutes } from './sell.ts'
import { serveAsset } from './static-assets.ts'

/**
 * Builds the edge for a platform: one gateway for the isolate, one exchange for a request, one table of routes.
 * @throws SettingsError that lists every wrong setting
 */
export function createApp(platform: Platform) {
  const gateway = createGateway(platform)
  const app = createRoutes(gateway)

  async function fetch(request: Request, connection: Connection): Promise<Response> {
    const started = gateway.now()
    const exchange = beginExchange(request, connection, gateway.settings, started)
    const response = isOwnHost(exchange) ? await app.fetch(request, { exchange }) : answerOtherHost(exchange)
    await drainBody(request)
    const { pathname } = exchange.url
    gateway.log.info('answered', {
      requestId: exchange.requestId,
      method: request.method,
      path: pathname,
      status: response.status,
      region: exchange.region,
      milliseconds: gateway.now() - started,
    })
    return seal(gateway, exchange, response)
  }

  return { fetch, gateway, routes: app.routes }
}

function createRoutes(gateway: Gateway): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>()
  app.use(dropTrailingSlash)
  if (gateway.settings.localGeo) app.use(keepStanding)
  app.get('/healthz', c => c.json({ ok: true }, 200, { 'cache-control': 'no-store' }))
  apiRoutes(app, gateway)
  mediaRoutes(app, gateway)
  pageRoutes(app, gateway)
  actionRoutes(app, gateway)
  sellRoutes(app, gateway)
  photosPageRoutes(app, gateway)
  photoForms(app, gateway)
  mailRoutes(app, gateway)
  messageRoutes(app, gateway)
  moderationRoutes(app, gateway)
  if (gateway.settings.localGeo) localRoutes(app, gateway)
  refuseOtherMethods(app)
  app.get('/favicon.ico', c => moved('/favicon.svg', c.env.exchange, 308))
  app.get('*', c => serveAsset(gateway, c.env.exchange))
  app.notFound(c => respondWithError(gateway, c.env.exchange, new AppError('not_found')))
  app.onError((error, c) => respondWithError(gateway, c.env.exchange, knownError(error)))
  return app
}

/** A host that is not ours gets nothing but the way to the one that is; a form sent there goes nowhere. */
function answerOtherHost({ request, url, siteOrigin, requestId }: Exchange): Response {
  if (url.pathname === '/healthz') return Response.json({ ok: true }, { headers: { 'cache-control': 'no-store' } })
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return problemResponse(new AppError('misdirected_request', { detail: `This site is ${siteOrigin}` }), requestId)
  }
  return new Response(null, { status: 308, headers: { location: siteOrigin + url.pathname + url.search } })
}

/** The last hand on every response: security headers of its class, ids, cookies. */
function seal({ settings }: Gateway, exchange: Exchange, response: Response): Response {
  const sealed = new Response(response.body, response)
  for (const [name, value] of exchange.replyHeaders) sealed.headers.append(name, value)
  const headers = securityHeadersOf(exchange.url.pathname, settings)
  for (const [name, value] of Object.entries(headers)) sealed.headers.set(name, value)
  return sealed
}
