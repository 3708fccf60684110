import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import type { Context } from '../origin/context.ts'
import { connect } from '../origin/db/connect.ts'
import { createLog } from '../origin/log.ts'
import { deriveRegionKeys } from '../origin/region-keys.ts'
import setup, { createDatabase } from '../origin/testing/postgres.ts'
import { createId } from '../shared/ids.ts'

export type Origin = Pick<Context, 'db' | 'now' | 'keys' | 'log' | 'purgeLog'> & { region: 'na' }

/** Runs a benchmark on a migrated database of an embedded Postgres of its own, by one connection unless it wants more, and removes both. */
export async function withDatabase(work: (origin: Origin) => Promise<void>, { pool = 1 } = {}): Promise<void> {
  let url = ''
  const provide = (_: string, value: string) => {
    url = value
  }
  const stop = await setup({ provide } as unknown as TestProject)
  try {
    const db = await connect({
      url: await createDatabase(url),
      driver: 'pg',
      wsProxy: undefined,
      pool,
      onError() {},
    })
    const now = new Date()
    const keys = deriveRegionKeys('the region key of the benches, long enough')
    try {
      await sql`SET statement_timeout = 0`.execute(db)
      await work({
        db,
        region: 'na',
        now: () => now,
        keys,
        log: createLog('silent'),
        purgeLog: { append: async () => {} },
      })
    } finally {
      await db.destroy()
    }
  } finally {
    await stop()
  }
}

/** Makes an account that posts can belong to. @returns its id */
export async function insertSeller({ db, now }: Pick<Origin, 'db' | 'now'>): Promise<string> {
  const id = createId('na')
  const account = { id, email: `${id}@example.com`, display_name: 'Bench', password_hash: '', role: 'member' } as const
  const settings = { country: 'US', locale: 'en-US', time_zone: 'UTC', currency: 'USD', suspension_reason: null }
  await db
    .insertInto('accounts')
    .values({ ...account, ...settings, created_at: now() })
    .execute()
  return id
}
