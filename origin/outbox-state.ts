import { sql } from 'kysely'
import { jobKinds } from '../shared/jobs.ts'
import type { Context } from './context.ts'

type Stores = Pick<Context, 'db'>

const kinds = Object.keys(jobKinds)

type OutboxState = {
  /** Rows that the relay has still to publish, the oldest of them, and the last error that it met with one. */
  waiting: number
  oldest: Date | undefined
  lastError: string | undefined
  /** Rows that are meant for later and whose time has not come. */
  later: number
}

/** Tells how far the relay has come. A row that is meant for later waits from when its time has come. */
export async function readOutbox({ db, now }: Pick<Context, 'db' | 'now'>): Promise<OutboxState> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null; last_error: string | null; later: number }>`
    SELECT count(*) FILTER (WHERE NOT is_later)::int AS waiting, count(*) FILTER (WHERE is_later)::int AS later,
      min(CASE WHEN attempts = 0 THEN coalesce(claimed_until, created_at) ELSE created_at END)
        FILTER (WHERE NOT is_later) AS oldest,
      (array_agg(last_error ORDER BY id DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS last_error
    FROM outbox, LATERAL (SELECT attempts = 0 AND claimed_until IS NOT NULL AND claimed_until > ${now()} AS is_later)
    WHERE done_at IS NULL AND kind IN (${sql.join(kinds)})`.execute(db)
  const [row] = rows
  return {
    waiting: row?.waiting ?? 0,
    oldest: row?.oldest ?? undefined,
    lastError: row?.last_error ?? undefined,
    later: row?.later ?? 0,
  }
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
