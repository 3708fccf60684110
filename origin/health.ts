import { sql } from 'kysely'
import type { Context } from './context.ts'

/** Tells whether this process can serve: Postgres answers within a second and the directory is complete. */
export async function checkReadiness(
  ctx: Pick<Context, 'db' | 'directory'>,
): Promise<{ ok: boolean; database: boolean; directory: boolean }> {
  const database = await answers(sql`SELECT 1`.execute(ctx.db))
  const directory = await answers(ctx.directory.requireComplete())
  // Sign-in works without the directory (the regions are asked in turn), so only Postgres decides.
  return { ok: database, database, directory }
}

async function answers(work: Promise<unknown>): Promise<boolean> {
  const timeout = new Promise<boolean>(resolve => setTimeout(resolve, 1_000, false).unref())
  return Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    timeout,
  ])
}
