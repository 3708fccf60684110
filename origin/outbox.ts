import { type Kysely, sql, type Transaction } from 'kysely'
import { type JobKind, type JobPayload, jobKinds, readPayload } from '../shared/jobs.ts'
import type { Region } from '../shared/regions.ts'
import type { Database } from './db/schema.ts'
import { currentTrace } from './trace.ts'

/** What an event or a stale copy is about: a post, an account, a thread, and which version of it. */
export type Aggregate = { id: string; version: number }

type Recorded<K extends JobKind> = {
  kind: K
  about: Aggregate
  /** Never a secret, an address or a text of a person's: a job reads those from Postgres when it acts. */
  payload: JobPayload<K>
  /** Whose workers are to do it; one's own where not said. */
  region?: Region
  /** Not to be published before; at once where not said. */
  notBefore?: Date
}

/** Something that happened and what is to follow from it. */
export type OutboxEvent = { [K in JobKind]: Recorded<K> }[JobKind]

/**
 * Records that something happened, in the transaction that made it happen (architecture, decisions 3 and 4). The relay
 * hears of the commit by itself. It carries the trace of the request or job that is being served.
 * @throws z.ZodError for a payload that its own consumer could not read
 */
export async function recordEvent(trx: Transaction<Database>, event: OutboxEvent): Promise<void> {
  const { version } = jobKinds[event.kind]
  await trx
    .insertInto('outbox')
    .values({
      kind: event.kind,
      version,
      aggregate_id: event.about.id,
      aggregate_version: event.about.version,
      payload: JSON.stringify(readPayload(event.kind, version, event.payload)),
      traceparent: currentTrace(),
      region: event.region ?? null,
      claimed_until: event.notBefore ?? null,
    })
    .execute()
}

/** Databases whose triggers record events too. */
const triggered = new WeakSet<object>()

/** Says that triggers of a database record events (migration 021), so that its transactions have to tell it their trace. */
export function carryTraces(db: Kysely<Database>): void {
  triggered.add(db)
}

/** Tells a transaction its trace, for what its triggers record: one statement, and none where no trigger records anything. */
export async function carryTrace(db: Kysely<Database>, trx: Transaction<Database>): Promise<void> {
  const trace = currentTrace()
  if (trace === null || !triggered.has(db)) return
  await sql`SELECT set_config('classifyhub.traceparent', ${trace}, true)`.execute(trx)
}
