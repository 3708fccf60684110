import { randomBytes } from 'node:crypto'
import { directoryKey, directoryMarkerKey, regionOfEntry } from '../../shared/directory.ts'
import { AppError } from '../../shared/errors.ts'
import { isRegion, type Region } from '../../shared/regions.ts'
import type { Redis } from '../adapters/redis.ts'

/**
 * The directory that all regions share (architecture, decision 10): which region holds an address. An entry is `<region>`,
 * or `<region>?<nonce>` with a lease while a registration is under way there. Within a region Postgres decides.
 * Every method throws `service_unavailable` when Redis does not answer.
 */
export type Directory = {
  /** @throws service_unavailable unless every region has entered all its accounts */
  requireComplete: () => Promise<void>
  find: (email: string) => Promise<Region | undefined>
  /** Takes the address for this region, for as long as the lease lasts; gives the region that holds it otherwise. */
  reserve: (email: string) => Promise<Reservation>
  /** Enters accounts that Postgres holds; gives those that another region has entered already, and which one. */
  confirm: (emails: string[]) => Promise<Map<string, Region>>
  /** Turns this region's confirmed entry back into a reservation; undefined when there is none. */
  vacate: (email: string) => Promise<string | undefined>
  /** Gives a reservation back; does nothing when somebody else holds the address by now. */
  release: (email: string, nonce: string) => Promise<void>
  /** Says that this region has entered all its accounts. */
  markComplete: () => Promise<void>
  /** Whether this region's mark is there, and is as new as this process knows it to be: an older one means restored data. */
  isMarked: () => Promise<boolean>
}

type Reservation = { taken: true; nonce: string } | { taken: false; holder: Region }

/** Longer than a request may take, so that no registration outlives its reservation. */
const reservationLease = 60_000

type Options = { redis: Redis; secret: string; now: () => Date; region: Region; regions: readonly Region[] }

/** Builds the directory as seen from one region. `regions` are those in service: each must have entered its accounts. */
export function createDirectory({ redis, secret, now, region, regions }: Options): Directory {
  const marker = directoryMarkerKey(region)
  let newestMark = 0
  const keyOf = (email: string) => directoryKey(secret, email)

  return {
    async requireComplete() {
      const marks = await ask(() => redis.mget<(string | null)[]>(...regions.map(directoryMarkerKey)))
      const missing = regions.filter((_, index) => marks[index] == null)
      if (missing.length > 0) throw unavailable(new Error(`the directory lacks ${missing.join(', ')}`))
    },
    async find(email) {
      const key = await keyOf(email)
      return holderOf(await ask(() => redis.get<string>(key)))
    },
    async reserve(email) {
      const key = await keyOf(email)
      const nonce = createNonce()
      const lease = String(reservationLease)
      const holder = holderOf(
        await ask(() => redis.eval<string[], string>(reserveScript, [key], [region, nonce, lease])),
      )
      return holder ? { taken: false, holder } : { taken: true, nonce }
    },
    async confirm(emails) {
      if (emails.length === 0) return new Map()
      const keys = await Promise.all(emails.map(keyOf))
      const mark = now().getTime()
      const holders = await ask(() =>
        redis.eval<string[], string[]>(confirmScript, [marker, ...keys], [region, String(mark)]),
      )
      newestMark = Math.max(newestMark, mark)
      const pairs = emails.map((email, index) => [email, holderOf(holders[index])] as const)
      return new Map(pairs.filter((pair): pair is [string, Region] => pair[1] !== undefined && pair[1] !== region))
    },
    async vacate(email) {
      const key = await keyOf(email)
      const nonce = createNonce()
      const args = [region, nonce, String(reservationLease)]
      return (await ask(() => redis.eval<string[], number>(vacateScript, [key], args))) === 1 ? nonce : undefined
    },
    async release(email, nonce) {
      const key = await keyOf(email)
      await ask(() => redis.eval(releaseScript, [key], [`${region}?${nonce}`]))
    },
    async markComplete() {
      const mark = now().getTime()
      await ask(() => redis.eval(markScript, [marker], [String(mark)]))
      newestMark = Math.max(newestMark, mark)
    },
    async isMarked() {
      const mark = await ask(() => redis.get<string>(marker))
      return mark != null && Number(mark) >= newestMark
    },
  }
}

/** KEYS: entry. ARGV: region, nonce, lease in ms. Takes a free address, or one that this region has under way. Gives the holder. */
const reserveScript = `
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, 3) ~= ARGV[1] .. '?' then return held end
redis.call('SET', KEYS[1], ARGV[1] .. '?' .. ARGV[2], 'PX', ARGV[3])
return ''`

/**
 * KEYS: mark, entries. ARGV: region, now. A row in Postgres wins over anything but another region's confirmed entry:
 * whoever loses finds out when it confirms. Moves the mark on, so that data restored from before is told apart.
 */
const confirmScript = `
local holders = {}
for i = 2, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if held and string.sub(held, 1, 2) ~= ARGV[1] and not string.find(held, '?', 1, true) then
    holders[i - 1] = held
  else
    if held ~= ARGV[1] then redis.call('SET', KEYS[i], ARGV[1]) end
    holders[i - 1] = ARGV[1]
  end
end
local mark = redis.call('GET', KEYS[1])
if mark and tonumber(mark) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[2]) end
return holders`

/** KEYS: entry. ARGV: region, nonce, lease in ms. */
const vacateScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. '?' .. ARGV[2], 'PX', ARGV[3])
return 1`

/** KEYS: entry. ARGV: the reservation. */
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/** KEYS: mark. ARGV: now. */
const markScript = `
local mark = redis.call('GET', KEYS[1])
if not mark or tonumber(mark) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return 1`

function createNonce(): string {
  return randomBytes(9).toString('base64url')
}

function holderOf(entry: string | null | undefined): Region | undefined {
  const region = entry ? regionOfEntry(entry) : undefined
  return isRegion(region) ? region : undefined
}

async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw unavailable(cause)
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError('service_unavailable', { cause, headers: { 'retry-after': '5' } })
}
