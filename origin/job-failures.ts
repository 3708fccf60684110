import { sql } from 'kysely'
import type { Queue } from '../shared/jobs.ts'
import type { ReceivedMessage } from './adapters/sqs.ts'
import type { Context } from './context.ts'
import { jobIdOf } from './message.ts'

type Stores = Pick<Context, 'db' | 'now'>

/** Writes down why a job failed, so that whoever finds it in a dead-letter queue can read it: the last error and how often. */
export async function noteFailure(
  { db, now }: Stores,
  queue: Queue,
  message: ReceivedMessage,
  error: unknown,
): Promise<void> {
  const at = now()
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  await db
    .insertInto('job_failures')
    .values({ ...rowOf(queue, message), failures: 1, last_error: clean(text), first_failed_at: at, last_failed_at: at })
    .onConflict(conflict =>
      conflict.column('id').doUpdateSet({
        failures: sql`job_failures.failures + 1`,
        last_error: clean(text),
        last_failed_at: at,
      }),
    )
    .execute()
}

/**
 * A job that was taken several times and has neither been done nor failed may be one that ends the process. It is noted before
 * the next attempt, so that its dead letter has a reason.
 */
export async function noteAbandoned({ db, now }: Stores, queue: Queue, message: ReceivedMessage): Promise<void> {
  const at = now()
  const text = `It was taken ${message.receives - 1} times and never ended: the process may have died of it`
  await db
    .insertInto('job_failures')
    .values({ ...rowOf(queue, message), failures: 0, last_error: text, first_failed_at: at, last_failed_at: at })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Forgets the failures of a job that has been done, or that is to be tried afresh. */
export async function forgetFailure({ db }: Pick<Context, 'db'>, id: string): Promise<void> {
  await db.deleteFrom('job_failures').where('id', '=', id).execute()
}

function rowOf(queue: Queue, message: ReceivedMessage) {
  return { id: jobIdOf(message), queue, kind: message.attributes.kind ?? null }
}

/** Postgres takes no NUL in a text. */
function clean(text: string): string {
  return text.replaceAll('\0', ' ').slice(0, 2_000)
}
