import { type SignedParts, signRequest } from '../shared/edge-signature.ts'
import { AppError } from '../shared/errors.ts'
import { deadlines, idleLimit, internalHeaders, requestIdHeader, traceparentHeader } from '../shared/headers.ts'
import { isRegion, type Region, regions } from '../shared/regions.ts'
import { encodeVisitor } from '../shared/visitor.ts'
import type { Settings } from './bindings.ts'
import type { Exchange } from './exchange.ts'
import type { Log } from './log.ts'
import type { PassingForm } from './passing-form.ts'
import type { Platform } from './platform.ts'
import { createRetryBudget } from './retry-budget.ts'

/** A request to an origin. `headers` holds what a client may say for itself, chosen by name; never its own as they came. */
export type OriginRequest = {
  method: string
  target: string
  headers: Headers
  body: ArrayBuffer | null
  /** Takes the place of the body where the route wants a form. */
  form?: PassingForm | undefined
  /** Whether doing it twice is the same as once: a read, or a write under a key that the route honours. */
  repeatable: boolean
  /** The media type of the file that success may bring. */
  file?: string | undefined
}
/** `file` takes the place of the body where one was asked for: it streams, for as long as the client takes. */
export type OriginReply = {
  status: number
  headers: Headers
  body: ArrayBuffer | null
  file?: ReadableStream<Uint8Array>
}

type OriginClient = {
  /**
   * Sends a request to a region's origin under our signature, within the exchange's deadline. A form has none: it takes as long
   * as its client does and may only not stand still; what follows it has the time of a new request.
   * @throws AppError `region_unavailable`, `deadline_exceeded` or `bad_gateway`, and why a form was cut off; any answer of the origin's app is returned
   */
  send: (exchange: Exchange, region: Region, request: OriginRequest) => Promise<OriginReply>
  /** Tells within a second whether a region could answer now; never throws. */
  isReady: (region: Region) => Promise<boolean>
}

const retryRegionHeader = internalHeaders.retryRegion
const margin = 500

/**
 * Makes the one client that speaks to origins. It alone retries (architecture, decision 8): once, when the connection
 * failed, the request is repeatable, and the region's budget allows it.
 */
export function createOriginClient(
  settings: Settings,
  fetchOrigin: Platform['fetchOrigin'],
  log: Log,
  now: () => number,
): OriginClient {
  const budgets = new Map(regions.map(region => [region, createRetryBudget({ ratio: 0.1, reserve: 10 })]))

  async function send(exchange: Exchange, region: Region, request: OriginRequest): Promise<OriginReply> {
    const reply = await attempt(exchange, region, request)
    const elsewhere = reply.status === 421 ? reply.headers.get(retryRegionHeader) : null
    if (!isRegion(elsewhere) || elsewhere === region) return readable(exchange, region, reply)
    return readable(exchange, elsewhere, await attempt(exchange, elsewhere, request))
  }

  async function isReady(region: Region): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(1_000)
      const response = await fetchOrigin(`${settings.origins[region]}/readyz`, { redirect: 'manual', signal })
      await response.body?.cancel()
      return response.status === 200
    } catch {
      return false
    }
  }

  async function attempt(exchange: Exchange, region: Region, request: OriginRequest): Promise<OriginReply> {
    const base = settings.origins[region]
    const budget = budgets.get(region)
    if (!base) throw unavailable()
    budget?.earn()
    if (request.form) return pass(exchange, region, base, request, request.form)
    try {
      return await ask(exchange, region, base, request)
    } catch (error) {
      if (isTimeout(error)) throw new AppError('deadline_exceeded', { cause: error })
      const again = request.repeatable && budget?.spend() === true
      log.warn('origin connection failed', { region, requestId: exchange.requestId, again, error: String(error) })
      if (!again) throw unavailable(error)
    }
    try {
      return await ask(exchange, region, base, request)
    } catch (error) {
      throw isTimeout(error) ? new AppError('deadline_exceeded', { cause: error }) : unavailable(error)
    }
  }

  async function ask(exchange: Exchange, region: Region, base: string, request: OriginRequest): Promise<OriginReply> {
    const left = exchange.deadline - now() - margin
    if (left <= 0) throw new AppError('deadline_exceeded')
    const { method, target, body } = request
    const headers = await signed(exchange, region, request, body, Math.min(deadlines.origin, left))
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new DOMException('The origin took too long', 'TimeoutError')), left)
    try {
      const init = { method, headers, body, redirect: 'manual', signal: late.signal } as const
      const response = await fetchOrigin(base + target, init)
      // Cloudflare gives its own 520 to 530 where a connection fails.
      if (response.status >= 520) throw new Error(`the platform answered ${response.status}`)
      const { status, headers: said } = response
      if (request.file && status === 200 && said.get('content-type') === request.file && response.body) {
        return { status, headers: said, body: null, file: response.body }
      }
      return { status, headers: said, body: await response.arrayBuffer() }
    } finally {
      clearTimeout(timer)
    }
  }

  async function pass(
    exchange: Exchange,
    region: Region,
    base: string,
    request: OriginRequest,
    form: PassingForm,
  ): Promise<OriginReply> {
    const { stream, signal, fault, stop } = form.begin()
    try {
      const headers = await signed(exchange, region, request, 'streamed', idleLimit)
      const { method, target } = request
      const response = await fetchOrigin(base + target, { method, headers, body: stream, redirect: 'manual', signal })
      if (response.status >= 520) throw new Error(`the platform answered ${response.status}`)
      return { status: response.status, headers: response.headers, body: await response.arrayBuffer() }
    } catch (error) {
      if (!fault()) log.warn('origin took no form', { region, requestId: exchange.requestId, error: String(error) })
      throw fault() ?? unavailable(error)
    } finally {
      stop()
      exchange.deadline = now() + deadlines.edge
    }
  }

  async function signed(
    exchange: Exchange,
    region: Region,
    { method, target, headers: said }: OriginRequest,
    body: SignedParts['body'],
    timeout: number,
  ): Promise<Headers> {
    const headers = new Headers(said)
    headers.set(requestIdHeader, exchange.requestId)
    headers.set(traceparentHeader, exchange.traceparent)
    headers.set(internalHeaders.region, region)
    headers.set(internalHeaders.visitor, encodeVisitor(exchange.visitor))
    headers.set(internalHeaders.timeout, String(timeout))
    const signature = await signRequest(settings.keys.edge, region, { method, target, headers, body }, now())
    headers.set(internalHeaders.signature, signature)
    return headers
  }

  /** Only what our origin's app wrote is passed on: no page of a load balancer, and no refusal of our own signature. */
  function readable(exchange: Exchange, region: Region, reply: OriginReply): OriginReply {
    const type = reply.headers.get('content-type') ?? ''
    if (reply.file) return reply
    const empty = reply.body === null || reply.body.byteLength === 0
    const ours = empty ? reply.status < 300 : /^application\/(problem\+)?json\b/.test(type)
    if (ours && reply.status !== 421 && !isUnsigned(reply)) return reply
    log.error('origin answer refused', { region, requestId: exchange.requestId, status: reply.status, type })
    throw reply.status >= 502 && reply.status <= 504 ? unavailable() : new AppError('bad_gateway')
  }

  return { send, isReady }
}

function isTimeout(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'deadline_exceeded'
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function isUnsigned({ status, body }: OriginReply): boolean {
  return status === 401 && body !== null && new TextDecoder().decode(body).includes('"unsigned_request"')
}

function unavailable(cause?: unknown): AppError {
  return new AppError('region_unavailable', { headers: { 'retry-after': '10' }, ...(cause ? { cause } : {}) })
}
