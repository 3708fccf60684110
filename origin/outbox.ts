import type { Transaction } from 'kysely'
import { type JobKind, type JobPayload, jobKinds, readPayload } from '../shared/jobs.ts'
import type { Region } from '../shared/regions.ts'
import type { Database } from './db/schema.ts'

type Recorded<K extends JobKind> = {
  kind: K
  aggregateId: string
  aggregateVersion: number
  /** Never a secret, an address or a text of a person's: a job reads those from Postgres when it acts. */
  payload: JobPayload<K>
  /** The trace that it belongs to (W3C Trace Context), where there is one. */
  traceparent: string | null
  /** Whose workers are to do it; one's own where not said. */
  region?: Region
  /** Not to be published before; at once where not said. */
  notBefore?: Date
}

/** Something that happened and what is to follow from it. */
export type OutboxEvent = { [K in JobKind]: Recorded<K> }[JobKind]

/** Kinds from before the worker: `accounts/mail-loop.ts` reads them. */
type LoopEvent = {
  kind: 'mail.verify' | 'mail.already-registered' | 'mail.reset' | 'mail.suspended' | 'mail.reinstated'
  aggregateId: string
  aggregateVersion: number
  payload?: Record<string, unknown>
  traceparent: string | null
}

/**
 * Records that something happened, in the transaction that made it happen (architecture, decisions 3 and 4). The relay
 * hears of the commit by itself.
 * @throws z.ZodError for a payload that its own consumer could not read
 */
export async function recordEvent(trx: Transaction<Database>, event: OutboxEvent | LoopEvent): Promise<void> {
  const known = isOfWorker(event)
  const version = known ? jobKinds[event.kind].version : 1
  const payload = known ? readPayload(event.kind, version, event.payload) : (event.payload ?? {})
  await trx
    .insertInto('outbox')
    .values({
      kind: event.kind,
      version,
      aggregate_id: event.aggregateId,
      aggregate_version: event.aggregateVersion,
      payload: JSON.stringify(payload),
      traceparent: event.traceparent,
      region: known ? (event.region ?? null) : null,
      claimed_until: known ? (event.notBefore ?? null) : null,
    })
    .execute()
}

function isOfWorker(event: OutboxEvent | LoopEvent): event is OutboxEvent {
  return event.kind in jobKinds
}

export type OutboxSignal = {
  /** Tells this process's consumers that a row may be there. */
  poke: () => void
  /** Calls back on each poke until the returned function is called. */
  onPoke: (listener: () => void) => () => void
}

/** A bell between the verbs and the consumers of one process; other processes poll. */
export function createOutboxSignal(): OutboxSignal {
  const listeners = new Set<() => void>()
  return {
    poke() {
      for (const listener of listeners) listener()
    },
    onPoke(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
