import type { JobKind, JobPayload } from '../shared/jobs.ts'
import type { Context } from './context.ts'
import { type PurgingTransaction, transactAndPurge } from './purge-log.ts'

/** A message that was read and checked, as handlers are given it. */
export type Job<K extends JobKind = JobKind> = {
  [Kind in K]: {
    /** The same each time that it is delivered. */
    id: string
    kind: Kind
    /** Of the payload when it was written; `payload` has the present form in any case. */
    version: number
    payload: JobPayload<Kind>
    aggregateId: string
    /** Old news cannot overwrite new: no order of delivery is promised, so compare this or read Postgres again. */
    aggregateVersion: number
    traceparent: string | null
    /** How many times it was delivered, this one included; more than once is usual. */
    receives: number
    publishedAt: Date
  }
}[K]

/**
 * Does what a job asks for. It may run more than once, and twice at a time: effects in Postgres belong into `once`, all others must
 * be harmless to repeat. What it throws is tried again, but for `PoisonError`.
 */
export type Handler<K extends JobKind> = (ctx: Context, job: Job<K>) => Promise<void>

/** A job that can never be done: it goes to the dead-letter queue at once, with the message as its reason. */
export class PoisonError extends Error {}

/**
 * Does an effect in Postgres once, however often the job is delivered: a row with the job's id commits with it. Of two
 * deliveries at a time the second waits for the first.
 * @param effect must do all it writes by the transaction that it is given
 * @returns what the effect gives, or undefined when it was done before
 */
export function once<T>(
  ctx: Pick<Context, 'db' | 'purgeLog' | 'log'>,
  { id, kind }: Pick<Job, 'id' | 'kind'>,
  effect: PurgingTransaction<T>,
): Promise<T | undefined> {
  return transactAndPurge(ctx, async (trx, purge) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('processed_jobs')
      .values({ id, kind })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 0n ? undefined : effect(trx, purge)
  })
}
