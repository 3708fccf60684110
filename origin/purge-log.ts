import type { Transaction } from 'kysely'
import { type PurgeEntry, purgeFields, purgeLogKey, purgeLogReach } from '../shared/cache-tags.ts'
import type { Redis } from './adapters/redis.ts'
import type { Context } from './context.ts'
import type { Database } from './db/schema.ts'
import { recordEvent } from './outbox.ts'

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
/** Work in a transaction that says by `purge` what it makes stale, as often as it likes. */
export type PurgingTransaction<T> = (trx: Transaction<Database>, purge: (stale: Stale) => void) => Promise<T>
type Stores = Pick<Context, 'db' | 'purgeLog' | 'log'>

/** No message of a queue may pass 256 kB; this many tags of 40 characters are a tenth of it. */
const mostInOne = 500
/** How long a reply waits for the log, in milliseconds. It is only the quicker of two ways: the purge job appends the same again. */
const patience = 250

/**
 * Runs a transaction, records with it a job for what it makes stale, and after the commit appends the same to the log at
 * once, best effort: so a change is seen at the edges within seconds, and also when this process dies in between.
 */
export async function transactAndPurge<T>(ctx: Stores, work: PurgingTransaction<T>): Promise<T> {
  const stale = { tags: new Set<string>(), sessions: new Set<string>() }
  const entry = () => ({ tags: [...stale.tags], sessions: [...stale.sessions] })
  const result = await ctx.db.transaction().execute(async trx => {
    stale.tags.clear()
    stale.sessions.clear()
    const result = await work(trx, ({ tags = [], sessions = [] }) => {
      for (const tag of tags) stale.tags.add(tag)
      for (const session of sessions) stale.sessions.add(session)
    })
    await recordPurge(trx, entry())
    return result
  })
  await appendPurge(ctx, entry())
  return result
}

/** Records a purge job in the transaction that makes something stale; nothing where nothing is. Prefer `transactAndPurge`. */
export async function recordPurge(trx: Transaction<Database>, stale: Stale): Promise<void> {
  for (const payload of partsOf(stale)) {
    const aggregateId = payload.tags[0] ?? payload.sessions[0] ?? ''
    await recordEvent(trx, { kind: 'purge', aggregateId, aggregateVersion: 1, payload, traceparent: null })
  }
}

/** Appends to the log after the commit, best effort: it waits a quarter of a second at most and never throws. */
export async function appendPurge({ purgeLog, log }: Pick<Context, 'purgeLog' | 'log'>, stale: Stale): Promise<void> {
  const parts = partsOf(stale)
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

function partsOf({ tags = [], sessions = [] }: Stale): PurgeEntry[] {
  const parts: PurgeEntry[] = []
  for (let from = 0; from < Math.max(tags.length, sessions.length); from += mostInOne) {
    parts.push({ tags: tags.slice(from, from + mostInOne), sessions: sessions.slice(from, from + mostInOne) })
  }
  return parts
}
