import type { ApiName } from '../shared/api.ts'
import { AppError } from '../shared/errors.ts'
import { homeRegionOf } from '../shared/home-region.ts'
import { regions } from '../shared/regions.ts'
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
    const finding = await gateway.findAddress(email)
    if (finding === 'down') return withoutDirectory(gateway, exchange, call)
    const unknown =
      call.name === 'register'
        ? homeRegionOf(typeof country === 'string' ? country : undefined, exchange.visitor)
        : exchange.region
    return gateway.origins.send(exchange, finding === 'unknown' ? unknown : finding, call.request)
  })
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
