import { sql, type Transaction } from 'kysely'
import { expect } from 'vitest'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'

/**
 * Lets a verb lose a race for sure: holds the rows that `change` writes until the verb waits for them, then commits.
 * @param work the verb; it must have read the rows by the time it waits
 * @returns how the verb ended
 */
export async function loseRace(
  { db }: Pick<Context, 'db'>,
  work: () => Promise<unknown>,
  change: (trx: Transaction<Database>) => Promise<unknown>,
): Promise<PromiseSettledResult<unknown>> {
  let ended: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([])
  await db.transaction().execute(async trx => {
    await change(trx)
    ended = Promise.allSettled([work()])
    await expect.poll(() => countWaiting(db), { timeout: 10_000, interval: 20 }).toBeGreaterThan(0)
  })
  const [outcome] = await ended
  return outcome as PromiseSettledResult<unknown>
}

async function countWaiting(db: Context['db']): Promise<number> {
  const waiting = sql<{ n: number }>`
    SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return (await waiting.execute(db)).rows[0]?.n ?? 0
}
