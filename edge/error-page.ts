import { type AppError, errorTable, problemResponse } from '../shared/errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { isSafe, signInFirst } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { responseClassOf } from './security-headers.ts'
import { dropSession, hasSessionCookie } from './session.ts'

const signedOut = new Set(['unauthenticated', 'invalid_token', 'session_ended'])
const gone = new Set(['post_gone'])

/**
 * Answers an error in the language of whoever asked: a problem document for programs, a friendly page for people, the
 * way to sign in for whoever has to. A page of error keeps what was typed, but never a password or a token.
 */
export async function respondWithError(gateway: Gateway, exchange: Exchange, error: AppError): Promise<Response> {
  if (error.status >= 500) logFailure(gateway, exchange, error)
  if (!wantsPage(exchange)) return problemResponse(error, exchange.requestId)
  if (signedOut.has(error.code)) {
    if (hasSessionCookie(exchange)) dropSession(exchange)
    if (isSafe(exchange.request)) return signInFirst(exchange)
  }
  const response = await respondWithPage(gateway, exchange, pageOf(exchange, error), { status: error.status })
  for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value)
  return response
}

function wantsPage({ request, url }: Exchange): boolean {
  const kind = responseClassOf(url.pathname)
  if (kind === 'asset') return (request.headers.get('accept') ?? '').includes('text/html')
  return kind === 'page'
}

function pageOf(exchange: Exchange, error: AppError) {
  if (gone.has(error.code)) return { name: 'gone', category: null } as const
  if (error.status === 404) return { name: 'notFound' } as const
  const values = Object.entries(exchange.typed ?? {}).filter(([name]) => !/password|token|csrf/i.test(name))
  const kept = exchange.typed && {
    action: exchange.url.pathname + exchange.url.search,
    values: Object.fromEntries(values),
  }
  return {
    name: 'error',
    status: error.status,
    code: error.code,
    title: errorTable[error.code][1],
    ...(error.status < 500 && error.detail ? { detail: error.detail } : {}),
    ...(kept ? { kept } : {}),
  } as const
}

/** Writes down what our own side failed at, by the request's id. */
export function logFailure({ log }: Gateway, { requestId, url, request }: Exchange, error: AppError): void {
  const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : undefined
  log.error('request failed', { requestId, method: request.method, path: url.pathname, code: error.code, cause })
}
