import { sql } from 'kysely'
import { jobKinds } from '../shared/jobs.ts'
import type { Context } from './context.ts'

type Stores = Pick<Context, 'db'>

const kinds = Object.keys(jobKinds)

/** Tells what the relay has still to publish, since when, and the last error that it met with one of these rows. */
export async function readOutbox({
  db,
}: Stores): Promise<{ waiting: number; oldest: Date | undefined; lastError: string | undefined }> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null; last_error: string | null }>`
    SELECT count(*)::int AS waiting, min(created_at) AS oldest,
      (array_agg(last_error ORDER BY id DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS last_error
    FROM outbox WHERE done_at IS NULL AND kind IN (${sql.join(kinds)})`.execute(db)
  const [row] = rows
  return { waiting: row?.waiting ?? 0, oldest: row?.oldest ?? undefined, lastError: row?.last_error ?? undefined }
}

/**
 * Lets the relay publish again what it has published since a moment, each row under its old id: for when a queue has lost
 * messages. What was done already is not done twice in Postgres.
 * @returns how many rows
 */
export async function replayOutbox({ db }: Stores, since: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({ done_at: null, claimed_until: null, attempts: 0 })
    .where('done_at', '>=', since)
    .where('kind', 'in', kinds)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
