import type { Transaction } from 'kysely'
import type { Database } from './db/schema.ts'

/** What may be recorded: only kinds that something consumes, so that no pile grows. */
type EventKind = 'mail.verify' | 'mail.already-registered' | 'mail.reset' | 'mail.suspended' | 'mail.reinstated'

export type OutboxEvent = {
  kind: EventKind
  aggregateId: string
  aggregateVersion: number
  /** Never a secret, an address or a text of a person's: a job reads those from Postgres when it acts. */
  payload?: Record<string, unknown>
  traceparent: string | null
}

/**
 * Records that something happened, in the transaction that made it happen (architecture, decisions 3 and 4).
 * After the commit call `ctx.outbox.poke()`, so that nobody waits for the next poll.
 */
export async function recordEvent(trx: Transaction<Database>, event: OutboxEvent): Promise<void> {
  await trx
    .insertInto('outbox')
    .values({
      kind: event.kind,
      aggregate_id: event.aggregateId,
      aggregate_version: event.aggregateVersion,
      payload: JSON.stringify(event.payload ?? {}),
      traceparent: event.traceparent,
    })
    .execute()
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
