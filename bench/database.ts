import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import { connect } from '../origin/db/connect.ts'
import setup, { createDatabase } from '../origin/testing/postgres.ts'

type Origin = { db: Awaited<ReturnType<typeof connect>>; region: 'na'; now: () => Date }

/** Runs a benchmark on a migrated database of an embedded Postgres of its own, by one connection, and removes both. */
export async function withDatabase(work: (origin: Origin) => Promise<void>): Promise<void> {
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
      pool: 1,
      onError() {},
    })
    const now = new Date()
    try {
      await sql`SET statement_timeout = 0`.execute(db)
      await work({ db, region: 'na', now: () => now })
    } finally {
      await db.destroy()
    }
  } finally {
    await stop()
  }
}

/** Makes an account that posts can belong to. @returns its id */
export async function insertSeller({ db, now }: Origin): Promise<string> {
  const id = 'na_01k00000000000000000000000'
  const account = { id, email: 'bench@example.com', display_name: 'Bench', password_hash: '', role: 'member' } as const
  const settings = { country: 'US', locale: 'en-US', time_zone: 'UTC', currency: 'USD', suspension_reason: null }
  await db
    .insertInto('accounts')
    .values({ ...account, ...settings, created_at: now() })
    .execute()
  return id
}
