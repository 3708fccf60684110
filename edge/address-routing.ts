import type { ApiName } from '../shared/api.ts'
import { AppError } from '../shared/errors.ts'
import { homeRegionOf } from '../shared/home-region.ts'
import { type Region, regions } from '../shared/regions.ts'
import type { ApiCall } from './dispatch.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { OriginReply } from './origin-client.ts'
import { bodyFields } from './request-body.ts'

/** No answer that depends on whether an address is known comes earlier than this, in milliseconds. */
export const answerFloor = 500

/**
 * Sends a call that names an address (register, sign-in, resend, reset) to the region that holds it. Limits come first;
 * every answer, refusals included, is held back to one floor, so that time does not tell whether the address is known.
 */
export function sendByAddress(gateway: Gateway, exchange: Exchange, call: ApiCall): Promise<OriginReply> {
  return notBefore(answerFloor, async () => {
    await gateway.limiter.takeIp(call.name, exchange.visitor.ip)
    const { email, country } = bodyFields(call.request.body)
    if (typeof email !== 'string') return gateway.origins.send(exchange, exchange.region, call.request)
    await gateway.limiter.takeAddress(call.name, email)
    const home = call.name === 'register' ? homeOf(gateway, exchange, country) : undefined
    const finding = await gateway.findAddress(email)
    if (finding === 'down') return withoutDirectory(gateway, exchange, call)
    const region = finding === 'unknown' ? (home ?? exchange.region) : finding
    if (call.name === 'signIn') return signInAlike(gateway, exchange, region, call)
    return gateway.origins.send(exchange, region, call.request)
  })
}

/** The region that a registration is for, whoever has the address. @throws invalid_input where it does not run here */
function homeOf({ settings }: Gateway, { visitor }: Exchange, country: unknown): Region {
  const runs = (region: Region) => settings.origins[region] !== null
  const home = homeRegionOf(typeof country === 'string' ? country : undefined, visitor, runs)
  if (runs(home)) return home
  const message = 'belongs to a region that does not run here: choose another country'
  throw new AppError('invalid_input', { errors: [{ field: 'country', message }] })
}

/**
 * Signs in so that a region that is down tells nobody which addresses live there (docs/decisions/033): whoever has the
 * right password gets in wherever their region is up; every refusal is the same 503 while any region is down.
 */
async function signInAlike(gateway: Gateway, exchange: Exchange, region: Region, call: ApiCall): Promise<OriginReply> {
  const here = regions.filter(one => gateway.settings.origins[one] !== null)
  const ready = new Map(here.map(one => [one, gateway.origins.isReady(one)]))
  const sent = gateway.origins.send(exchange, region, call.request).catch(() => undefined)
  // A region that hangs is given up as soon as it is known to be down, which is when anybody else's refusal comes.
  const reply = await Promise.race([sent, ready.get(region)?.then(up => (up ? sent : undefined)) ?? sent])
  if (reply && reply.status < 300) return reply
  const all = await Promise.all(ready.values())
  if (reply && reply.status < 500 && !all.includes(false)) return reply
  throw new AppError('service_unavailable', { headers: { 'retry-after': '10' } })
}

/**
 * Without the directory nobody knows where an address lives, or that it is free. A registration must wait. Everything
 * else asks each region in turn: for sign-in the first that accepts decides, and mails are for whoever has the address.
 */
async function withoutDirectory(gateway: Gateway, exchange: Exchange, call: ApiCall): Promise<OriginReply> {
  if (call.name === 'register') throw new AppError('service_unavailable', { headers: { 'retry-after': '30' } })
  const others = regions.filter(region => region !== exchange.region && gateway.settings.origins[region] !== null)
  const asked = [exchange.region, ...others]
  let answer: OriginReply | undefined
  let failure: unknown
  for (const [index, region] of asked.entries()) {
    // A region that hangs must leave time for the others.
    const share = (exchange.deadline - gateway.now()) / (asked.length - index)
    try {
      const reply = await gateway.origins.send(hurried(exchange, gateway.now(), share), region, call.request)
      if (isDecisive(call.name, reply)) return reply
      answer ??= reply
    } catch (error) {
      failure ??= error
    }
  }
  if (failure || !answer) throw failure
  return answer
}

function isDecisive(name: ApiName, { status }: OriginReply): boolean {
  return name === 'signIn' ? status !== 401 : status >= 400
}

async function notBefore<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const floor = new Promise(resolve => setTimeout(resolve, milliseconds))
  try {
    return await work()
  } finally {
    await floor
  }
}
