import type * as z from 'zod'
import { type ApiName, type ApiRoute, api, apiPrefix } from '../shared/api.ts'
import { AppError, type ErrorCode } from '../shared/errors.ts'
import { regionOfId } from '../shared/ids.ts'
import { isRegion, type Region, regionOfCountry } from '../shared/regions.ts'
import { sendByAddress } from './address-routing.ts'
import { errorOfReply, jsonOf } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { OriginReply, OriginRequest } from './origin-client.ts'
import type { PassingForm } from './passing-form.ts'
import { isLimitedToStrangers } from './rate-limit.ts'
import { bodyFields } from './request-body.ts'
import type { Session } from './session.ts'
import { searchWorld } from './world-search.ts'

/** A call of one row of the API table, by whichever way it came. */
export type ApiCall = {
  name: ApiName
  request: OriginRequest
  /** The `:id` of the path; empty where it has none. */
  id: string
  session: Session | null
}

/** Sends a call to the region that its row's `routing` says (architecture, decision 1), or to all of them. */
export async function dispatch(gateway: Gateway, exchange: Exchange, call: ApiCall): Promise<OriginReply> {
  const route: ApiRoute = api[call.name]
  if (route.routing === 'address') return sendByAddress(gateway, exchange, call)
  if (!call.session && isLimitedToStrangers(call.name)) await gateway.limiter.takeIp(call.name, exchange.visitor.ip)
  if (call.session) await gateway.limiter.takeAccount(call.name, call.session.claims.sub)
  if (route.routing === 'scope' && queryOf(call.request).get('scope') === 'world') {
    return searchWorld(gateway, exchange, call.request)
  }
  return gateway.origins.send(exchange, regionOf(route, exchange, call), call.request)
}

export type CallOptions<N extends ApiName> = {
  id?: string
  query?: Record<string, string | number | undefined>
  body?: BodyOf<(typeof api)[N]>
  /** The form that a row wants in place of a body; whoever opened it releases it. */
  form?: PassingForm
  ifMatch?: string
  idempotencyKey?: string
  session?: Session | null
}

type BodyOf<R> = R extends { body: infer B extends z.ZodType } ? z.input<B> : undefined
type Success<R> = R extends { success: { body: infer B extends z.ZodType } } ? z.output<B> : undefined

/**
 * Calls the API from a page or a form, typed by the table.
 * @returns the body of the success
 * @throws AppError with the origin's own code, detail and field errors
 */
export async function callApi<N extends ApiName>(
  gateway: Gateway,
  exchange: Exchange,
  name: N,
  options: CallOptions<N> = {},
): Promise<Success<(typeof api)[N]>> {
  const { id = '', query = {}, body, form, ifMatch, idempotencyKey, session = null } = options
  const headers = new Headers({ accept: 'application/json' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (form) headers.set('content-type', form.contentType)
  if (ifMatch) headers.set('if-match', ifMatch)
  if (idempotencyKey) headers.set('idempotency-key', idempotencyKey)
  if (session) headers.set('authorization', `Bearer ${session.token}`)
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
  const path = api[name].path.replace(':id', encodeURIComponent(id))
  const request: OriginRequest = {
    method: api[name].method,
    target: apiPrefix + path + (search && `?${search}`),
    headers,
    body: body === undefined ? null : encode(body),
    form,
    repeatable: isRepeatable(api[name], headers),
  }
  const reply = await dispatch(gateway, exchange, { name, request, id, session })
  if (reply.status >= 400) throw errorOfReply(reply)
  return jsonOf(reply) as Success<(typeof api)[N]>
}

/** Tells whether a route may be asked twice: it reads, or it honours the Idempotency-Key that is there. */
export function isRepeatable({ method, idempotent }: ApiRoute, headers: Headers): boolean {
  return method === 'GET' || (idempotent === true && headers.has('idempotency-key'))
}

function regionOf(route: ApiRoute, exchange: Exchange, { id, request, session }: ApiCall): Region {
  switch (route.routing) {
    case 'id': {
      const region = regionOfId(id)
      if (!region) throw new AppError(unknownThing(route.path))
      return region
    }
    case 'home':
      return homeOf(session)
    case 'region':
      return regionOfList(queryOf(request)) ?? homeOf(session)
    case 'list':
    case 'scope':
      return regionOfList(queryOf(request)) ?? exchange.region
    case 'token':
      return regionOfToken(bodyFields(request.body)) ?? exchange.region
    default:
      return exchange.region
  }
}

/** What a path with an id that is none of ours does not lead to. */
function unknownThing(path: string): ErrorCode {
  const things: Partial<Record<string, ErrorCode>> = {
    posts: 'post_not_found',
    images: 'image_not_found',
    threads: 'thread_not_found',
    messages: 'message_not_found',
    reports: 'report_not_found',
  }
  return things[path.split('/')[1] ?? ''] ?? 'account_not_found'
}

function homeOf(session: Session | null): Region {
  if (!session) throw new AppError('unauthenticated')
  return session.claims.iss
}

function queryOf({ target }: OriginRequest): URLSearchParams {
  return new URLSearchParams(target.split('?')[1] ?? '')
}

function regionOfList(query: URLSearchParams): Region | undefined {
  const forced = query.get('region')
  return isRegion(forced) ? forced : regionOfCountry(query.get('country') ?? '')
}

/** Tokens of ours begin with the region that made them. */
function regionOfToken({ token, refreshToken }: Record<string, unknown>): Region | undefined {
  const text = token ?? refreshToken
  const region = typeof text === 'string' ? text.slice(0, 2) : undefined
  return isRegion(region) ? region : undefined
}

function encode(body: unknown): ArrayBuffer {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
