import { Ratelimit } from '@upstash/ratelimit'
import { normaliseEmail } from '../shared/account.ts'
import type { ApiName } from '../shared/api.ts'
import { keyedHash } from '../shared/directory.ts'
import { AppError } from '../shared/errors.ts'
import type { Settings } from './bindings.ts'
import type { Log } from './log.ts'
import type { Redis } from './redis.ts'

/** What strangers may do is limited by their network alone. */
const ofStrangers: readonly ApiName[] = ['reportPost', 'reportAccount']

/** A token bucket: `burst` at once, then `refill` more every `seconds`. */
type Bucket = { burst: number; refill: number; seconds: number }
type Limit = { ip?: Bucket; address?: Bucket; account?: Bucket }
/** Five posts' worth of photos at once; what an account may send in a day is the origin's to count. */
const photos = { account: { burst: 60, refill: 12, seconds: 60 } }

/**
 * All limits of the edge. An IP is one household, school or phone network, so it may do much more than an address.
 * Buckets, not windows: a refused call costs nothing, so whoever waits `Retry-After` gets in.
 */
export const limits: Partial<Record<ApiName, Limit>> = {
  signIn: { ip: { burst: 100, refill: 20, seconds: 60 }, address: { burst: 10, refill: 2, seconds: 60 } },
  register: { ip: { burst: 50, refill: 10, seconds: 60 }, address: { burst: 5, refill: 1, seconds: 300 } },
  resendVerification: { ip: { burst: 40, refill: 5, seconds: 60 }, address: { burst: 4, refill: 1, seconds: 300 } },
  reportPost: { ip: { burst: 20, refill: 1, seconds: 60 } },
  reportAccount: { ip: { burst: 20, refill: 1, seconds: 60 } },
  createImage: photos,
  uploadImage: photos,
  requestPasswordReset: { ip: { burst: 40, refill: 5, seconds: 60 }, address: { burst: 4, refill: 1, seconds: 300 } },
}

/** Tells whether a call is limited by its network because nobody is signed in. */
export function isLimitedToStrangers(name: ApiName): boolean {
  return ofStrangers.includes(name)
}

export type Limiter = {
  /** Takes one token for the caller's network; throws `rate_limited` with Retry-After when none is left. */
  takeIp: (name: ApiName, ip: string) => Promise<void>
  /** The same for an address; only a keyed hash of it leaves the edge. */
  takeAddress: (name: ApiName, email: string) => Promise<void>
  /** The same for an account, by its id. */
  takeAccount: (name: ApiName, accountId: string) => Promise<void>
}

/**
 * Counts in the Redis that all regions share. With Redis down it does not refuse everybody: each isolate counts for
 * itself with the same buckets, which still bounds guessing, only per isolate and not for the world.
 */
export function createLimiter(settings: Settings, redis: Redis, log: Log, now: () => number): Limiter {
  const buckets = new Map<string, Ratelimit>()
  const own = createLocalBuckets(now)

  async function take(name: ApiName, kind: keyof Limit, id: string): Promise<void> {
    const limit = limits[name]?.[kind]
    if (!limit) return
    const bucket = scaled(limit, settings.limitScale)
    const { success, reset } = await ask(`${name}:${kind}`, bucket, id)
    if (success) return
    const seconds = Math.max(1, Math.ceil((reset - now()) / 1000))
    throw new AppError('rate_limited', {
      detail: `Too many attempts: try again in ${seconds} s`,
      headers: { 'retry-after': String(seconds) },
    })
  }

  async function ask(key: string, bucket: Bucket, id: string): Promise<{ success: boolean; reset: number }> {
    let shared = buckets.get(key)
    if (!shared) {
      const limiter = Ratelimit.tokenBucket(bucket.refill, `${bucket.seconds} s`, bucket.burst)
      shared = new Ratelimit({ redis, limiter, prefix: `limit:${key}`, timeout: 0, analytics: false })
      buckets.set(key, shared)
    }
    try {
      return await shared.limit(id)
    } catch (error) {
      log.warn('limits are counted per isolate', { error: String(error) })
      return own(`${key}:${id}`, bucket)
    }
  }

  return {
    takeIp: (name, ip) => take(name, 'ip', networkOf(ip)),
    takeAccount: (name, accountId) => take(name, 'account', accountId),
    takeAddress: async (name, email) => {
      if (limits[name]) await take(name, 'address', await keyedHash(settings.keys.limit, normaliseEmail(email)))
    },
  }
}

/** One customer's network: an IPv4 address, or the first 64 bits of an IPv6 one (RFC 6177). */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip || 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped?.[1]) return mapped[1]
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  const groups = [...left, ...zeros, ...right].slice(0, 4).map(group => group.replace(/^0+(?=.)/, ''))
  return `${groups.join(':')}::/64`
}

function scaled({ burst, refill, seconds }: Bucket, scale: number): Bucket {
  const times = (count: number) => Math.max(1, Math.round(count * scale))
  return { burst: times(burst), refill: times(refill), seconds }
}

const localBucketCount = 10_000

function createLocalBuckets(now: () => number) {
  const states = new Map<string, { tokens: number; refilledAt: number }>()

  return (id: string, { burst, refill, seconds }: Bucket): { success: boolean; reset: number } => {
    const interval = seconds * 1000
    const state = states.get(id) ?? { tokens: burst, refilledAt: now() }
    const refills = Math.floor((now() - state.refilledAt) / interval)
    state.tokens = Math.min(burst, state.tokens + refills * refill)
    state.refilledAt += refills * interval
    states.delete(id)
    states.set(id, state)
    if (states.size > localBucketCount) states.delete(states.keys().next().value ?? '')
    const success = state.tokens > 0
    if (success) state.tokens -= 1
    return { success, reset: state.refilledAt + interval }
  }
}
