import { createMiddleware } from 'hono/factory'
import { type ApiRoute, api, apiPrefix } from '../shared/api.ts'
import { type SignedParts, verifyRequest } from '../shared/edge-signature.ts'
import { AppError } from '../shared/errors.ts'
import { deadlines, internalHeaders, maxBodyBytes, requestIdHeader, traceparentHeader } from '../shared/headers.ts'
import { decodeVisitor, type Visitor } from '../shared/visitor.ts'
import type { Context } from './context.ts'
import { inTrace } from './trace.ts'

export type OriginEnv = {
  Variables: { requestId: string; visitor: Visitor; body: ArrayBuffer | null }
}

/**
 * Lets through only what the edge signed for this region; afterwards the visitor and the body may be believed. A form is left
 * to its route as a stream, with no deadline: it takes as long as its client does.
 */
export function requireEdge({ config, now }: Pick<Context, 'config' | 'now'>) {
  return createMiddleware<OriginEnv>(async (c, next) => {
    const url = new URL(c.req.url)
    const isForm = takesForm(c.req.method, url.pathname)
    const timeout = timeoutOf(c.req.header(internalHeaders.timeout))
    const body = isForm ? null : await within(timeout, readBody(c.req.raw))
    const parts: SignedParts = {
      method: c.req.method,
      target: url.pathname + url.search,
      headers: c.req.raw.headers,
      body: isForm ? 'streamed' : body,
    }
    const verdict = await verifyRequest(config.keys.edge, config.region, parts, now().getTime())
    if (!verdict.ok) throw new AppError('unsigned_request')
    c.set('requestId', c.req.header(requestIdHeader) ?? crypto.randomUUID())
    c.set('visitor', decodeVisitor(c.req.header(internalHeaders.visitor) ?? ''))
    c.set('body', body)
    await inTrace(c.req.header(traceparentHeader) ?? null, () => (isForm ? next() : within(timeout, next())))
  })
}

const formRoutes = (Object.values(api) as ApiRoute[])
  .filter(({ form }) => form)
  .map(({ method, path }) => ({ method, pattern: new RegExp(`^${apiPrefix}${path.replaceAll(/:\w+/g, '[^/]+')}$`) }))

/** Whether the route that is asked for takes a form instead of a body: the table says so, never the request. */
function takesForm(method: string, path: string): boolean {
  return formRoutes.some(route => route.method === method && route.pattern.test(path))
}

async function readBody(request: Request): Promise<ArrayBuffer | null> {
  if (request.method === 'GET' || request.method === 'HEAD' || !request.body) return null
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBodyBytes) throw new AppError('body_too_large')
  const body = await request.arrayBuffer()
  if (body.byteLength > maxBodyBytes) throw new AppError('body_too_large')
  return body
}

function timeoutOf(header: string | undefined): number {
  const asked = Number(header)
  return asked > 0 ? Math.min(asked, deadlines.origin) : deadlines.origin
}

/** Ends the wait, not the work: Postgres ends a statement by its own limit. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('deadline_exceeded')), milliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
