import type { Transaction } from 'kysely'
import { type PurgeEntry, purgeFields, purgeLogKey, purgeLogReach } from '../shared/cache-tags.ts'
import type { Redis } from './adapters/redis.ts'
import type { Context } from './context.ts'
import type { Database } from './db/schema.ts'
import { type Aggregate, carryTrace, recordEvent } from './outbox.ts'

/** The log that tells every edge what is stale (architecture, decision 5). */
export type PurgeLog = {
  /** Adds an entry, and drops those that are too old. @throws when Redis does not answer within 2 s */
  append: (entry: PurgeEntry) => Promise<void>
}

/** The log as a stream in the Redis of all regions. Its server's clock names the entries, so that readers compare one clock. */
export function createPurgeLog(redis: Redis, now: () => Date): PurgeLog {
  return {
    async append(entry) {
      const threshold = String(now().getTime() - purgeLogReach)
      await redis.xadd(purgeLogKey, '*', purgeFields(entry), {
        trim: { type: 'MINID', threshold, comparison: '~' },
      })
    },
  }
}

type Stale = Partial<PurgeEntry>
/** Says what a change makes stale, as often as there is something to say. */
export type Purge = (about: Aggregate, stale: Stale) => void
/** Work in a transaction that says by `purge` what it makes stale. */
export type PurgingTransaction<T> = (trx: Transaction<Database>, purge: Purge) => Promise<T>
type Stores = Pick<Context, 'db' | 'purgeLog' | 'log'>

/** No message of a queue may pass 256 kB; this many tags of 40 characters are a tenth of it. */
const mostInOne = 500
/** How long a reply waits for the log, in milliseconds. It is only the quicker of two ways: the purge job appends the same again. */
const patience = 250

/** Where each transaction that is open says what it makes stale. */
const joinable = new WeakMap<object, Purge>()

/**
 * Runs a transaction, records with it a job for what it makes stale, and after the commit appends the same to the log at
 * once, best effort: so a change is seen at the edges within seconds, and also when this process dies in between.
 *
 * Where `ctx.db` is such a transaction already, the work becomes part of it: a verb calls another one with
 * `{ ...ctx, db: trx }`, and all that both do commits together, on one connection. There is no way back for a part: whoever
 * catches what it throws must know that it has written nothing yet.
 */
export async function transactAndPurge<T>(ctx: Stores, work: PurgingTransaction<T>): Promise<T> {
  const purgeOfAll = joinable.get(ctx.db)
  if (purgeOfAll) return work(ctx.db as Transaction<Database>, purgeOfAll)
  const { purge, collected } = createCollector()
  const result = await ctx.db.transaction().execute(async trx => {
    joinable.set(trx, purge)
    await carryTrace(ctx.db, trx)
    const result = await work(trx, purge)
    await recordPurges(trx, collected())
    return result
  })
  await appendPurge(ctx, collected())
  return result
}

type Collected = { about: Aggregate; entry: PurgeEntry }

/** Keeps what is stale by what it is about, at the latest version that was named. */
function createCollector(): { purge: Purge; collected: () => Collected[] } {
  const byId = new Map<string, { version: number; tags: Set<string>; sessions: Set<string> }>()
  return {
    purge({ id, version }, { tags = [], sessions = [] }) {
      const known = byId.get(id) ?? { version, tags: new Set(), sessions: new Set() }
      for (const tag of tags) known.tags.add(tag)
      for (const session of sessions) known.sessions.add(session)
      byId.set(id, { ...known, version: Math.max(version, known.version) })
    },
    collected: () =>
      [...byId].map(([id, { version, tags, sessions }]) => ({
        about: { id, version },
        entry: { tags: [...tags], sessions: [...sessions] },
      })),
  }
}

/** Records the purge jobs in the transaction that makes something stale; none where nothing is. */
async function recordPurges(trx: Transaction<Database>, collected: Collected[]): Promise<void> {
  for (const { about, entry } of collected)
    for (const payload of partsOf(entry)) await recordEvent(trx, { kind: 'purge', about, payload })
}

/** Appends to the log after the commit, best effort: it waits a quarter of a second at most and never throws. */
async function appendPurge(
  { purgeLog, log }: Pick<Context, 'purgeLog' | 'log'>,
  collected: readonly Collected[],
): Promise<void> {
  const parts = collected.flatMap(({ entry }) => partsOf(entry))
  if (parts.length === 0) return
  const appended = Promise.all(parts.map(part => purgeLog.append(part))).catch(err =>
    log.warn({ err }, 'the purge log cannot be written; the job will'),
  )
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise(resolve => {
    timer = setTimeout(resolve, patience)
  })
  await Promise.race([appended, timeout])
  clearTimeout(timer)
}

function partsOf({ tags, sessions }: PurgeEntry): PurgeEntry[] {
  const parts: PurgeEntry[] = []
  for (let from = 0; from < Math.max(tags.length, sessions.length); from += mostInOne) {
    parts.push({ tags: tags.slice(from, from + mostInOne), sessions: sessions.slice(from, from + mostInOne) })
  }
  return parts
}
