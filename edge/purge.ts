import { accessTokenLifetime } from '../shared/access-token.ts'
import { type PurgeEntry, purgeLogKey, readPurgeEntries } from '../shared/cache-tags.ts'
import { settlesWithin } from '../shared/single-flight.ts'
import type { Exchange } from './exchange.ts'
import type { Log } from './log.ts'
import type { Redis } from './redis.ts'

/**
 * A place in the purge log: the name of an entry, `<milliseconds>-<number>` by the clock of Redis, which alone orders
 * everything here. A copy remembers the last place that was known before it was fetched; null where none was.
 */
export type LogPosition = string | null
export type PurgeableCopy = { position: LogPosition; tags: readonly string[] }

/** What one isolate knows of the purge log (architecture, decision 5). */
export type PurgeReader = {
  /**
   * Sees to it that what is known is at most 4 s old, with one read for all who ask at once. False when Redis does not say
   * it within 300 ms: then a stored copy may not be believed without asking its origin.
   */
  refresh: (exchange: Pick<Exchange, 'waitUntil'>) => Promise<boolean>
  /** The last place known. Take it before a copy is fetched. */
  position: () => LogPosition
  /** Tells, by what is known, whether something may have changed since a copy was fetched. */
  isStale: (copy: PurgeableCopy) => boolean
  /** Tells, by what is known, whether a session was ended before its time. */
  isRevoked: (sessionId: string) => boolean
}

/** How old knowledge may be, how long a request waits for newer, and for how long nobody asks again in vain, in milliseconds. */
const maxAge = 4_000
const budget = 300
const pause = 1_000
const pageSize = 1_000
/** One read goes back this far at most: in entries, and in milliseconds, as far as a token lives that may have been revoked. */
const reach = { entries: 10 * pageSize, milliseconds: accessTokenLifetime * 1_000 }
const mostTags = 50_000

type Entry = PurgeEntry & { id: string; at: number }

/** Makes the isolate's reader; it reads when it is asked to and at no other time. */
export function createPurgeReader(redis: Redis, log: Log, now: () => number): PurgeReader {
  const purged = new Map<string, string>()
  const revoked = new Map<string, number>()
  /** Copies from before are stale: what happened between them and this entry is not known. */
  let horizon = ''
  let position: LogPosition = null
  let readAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  let reading = { since: Number.NEGATIVE_INFINITY, work: Promise.resolve() }

  const isKnown = () => now() - readAt < maxAge

  async function refresh({ waitUntil }: Pick<Exchange, 'waitUntil'>): Promise<boolean> {
    if (isKnown()) return true
    if (now() - failedAt < pause) return false
    // A read that takes longer may belong to a request that was cancelled; then it never ends.
    if (now() - reading.since >= budget) {
      reading = { since: now(), work: read(now()) }
      // Late news is better than none: the read goes on for those who come after.
      waitUntil(reading.work.catch(() => {}))
    }
    await settlesWithin(budget - (now() - reading.since), reading.work)
    if (isKnown()) return true
    if (now() - failedAt >= pause) log.warn('the purge log cannot be read; origins are asked instead')
    failedAt = now()
    return false
  }

  async function read(since: number): Promise<void> {
    const from = position
    let entries = await newestEntries(from ?? '-')
    const oldest = entries.at(-1)?.id
    // A log that holds nothing from where we stood on has lost its memory, and an empty one has no place to remember.
    if (entries.length === 0 && from) entries = await newestEntries('-')
    if (entries.length === 0) entries = [await begin()]
    // Another read that began later was quicker.
    if (since < readAt) return
    learn(entries, oldest !== undefined && oldest === from)
    readAt = since
  }

  /** Entries from the newest back to `from`, or as far as one read goes. */
  async function newestEntries(from: string): Promise<Entry[]> {
    const entries: Entry[] = []
    let to = '+'
    for (;;) {
      const page = readPurgeEntries(await redis.xrevrange(purgeLogKey, to, from, pageSize))
      entries.push(...page)
      const [newest, oldest] = [entries[0], page.at(-1)]
      if (!newest || !oldest || page.length < pageSize || entries.length >= reach.entries) return entries
      if (newest.at - oldest.at > reach.milliseconds) return entries
      to = `(${oldest.id}`
    }
  }

  async function begin(): Promise<Entry> {
    const id = await redis.xadd(purgeLogKey, '*', { begin: '1' })
    return { id, at: Number.parseInt(id, 10), tags: [], sessions: [] }
  }

  /** @param seamless whether nothing lies between these entries and those known before */
  function learn(entries: readonly Entry[], seamless: boolean): void {
    if (!seamless) {
      horizon = entries.at(-1)?.id ?? horizon
      purged.clear()
    }
    for (const { id, at, tags, sessions } of entries.toReversed()) {
      for (const tag of tags) {
        purged.delete(tag)
        purged.set(tag, id)
      }
      for (const session of sessions) if (!revoked.has(session)) revoked.set(session, at)
      position = id
    }
    forget(entries[0]?.at ?? 0)
  }

  /** Whoever forgets a purge must call everything stale that is as old; a token of a revoked session expires by itself. */
  function forget(newest: number): void {
    for (const [tag, id] of purged) {
      if (purged.size <= mostTags) break
      purged.delete(tag)
      horizon = id
    }
    for (const [session, at] of revoked) {
      if (newest - at <= reach.milliseconds) break
      revoked.delete(session)
    }
  }

  return {
    refresh,
    position: () => position,
    isStale({ position: known, tags }) {
      return known === null || isBefore(known, horizon) || tags.some(tag => isBefore(known, purged.get(tag) ?? ''))
    },
    isRevoked: session => revoked.has(session),
  }
}

/** Compares two places of the log; nothing comes before an empty one. */
function isBefore(one: string, other: string): boolean {
  if (other === '') return false
  const [[ms = 0, number = 0], [otherMs = 0, otherNumber = 0]] = [one, other].map(id => id.split('-').map(Number)) as [
    number[],
    number[],
  ]
  return ms === otherMs ? number < otherNumber : ms < otherMs
}
