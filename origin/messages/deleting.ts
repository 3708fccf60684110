import { type Selectable, sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database, ThreadsTable } from '../db/schema.ts'
import { tellBuyer } from './mirrors.ts'

/** Deletes the threads of posts with all that was said in them, and tells the buyers' home regions. */
export async function deleteThreadsOfPosts(
  ctx: Pick<Context, 'region'>,
  trx: Transaction<Database>,
  postIds: readonly string[],
): Promise<void> {
  if (postIds.length === 0) return
  const rows = await trx
    .deleteFrom('threads')
    .where('post_id', 'in', [...postIds])
    .returningAll()
    .execute()
  await tellBuyers(ctx, trx, rows)
}

/**
 * Deletes every trace of an account of whatever region in this region's messages: its threads, its blocks, what is kept of
 * its threads elsewhere, reports about it, and its name under reports of its own.
 */
export async function eraseFromMessages(
  ctx: Pick<Context, 'region'>,
  trx: Transaction<Database>,
  accountId: string,
): Promise<void> {
  const rows = await trx
    .deleteFrom('threads')
    .where(where => where.or([where('seller_id', '=', accountId), where('buyer_id', '=', accountId)]))
    .returningAll()
    .execute()
  const ofOthers = rows.filter(({ buyer_id }) => buyer_id !== accountId)
  await tellBuyers(ctx, trx, ofOthers)
  await trx.deleteFrom('thread_mirrors').where('buyer_id', '=', accountId).execute()
  await trx
    .deleteFrom('blocks')
    .where(where => where.or([where('blocker_id', '=', accountId), where('blocked_id', '=', accountId)]))
    .execute()
  await trx.deleteFrom('reports').where('about_id', '=', accountId).execute()
  await trx
    .updateTable('reports')
    .set({ reporter_id: null, reporter_key: sql`'erased ' || id`, text: '' })
    .where('reporter_id', '=', accountId)
    .execute()
}

/**
 * Deletes threads that nobody has written in since `before` and whose post is gone: a few at a time, so that no lock is
 * held for long.
 * @returns how many it deleted; fewer than `most` when none is left
 */
export async function deleteForgottenThreads(
  { db, ...ctx }: Pick<Context, 'db' | 'region'>,
  before: Date,
  most = 100,
): Promise<number> {
  return db.transaction().execute(async trx => {
    const forgotten = trx
      .selectFrom('threads')
      .leftJoin('posts', 'posts.id', 'threads.post_id')
      .select('threads.id')
      .where('posts.id', 'is', null)
      .where('threads.last_activity_at', '<', before)
      .limit(most)
    const rows = await trx.deleteFrom('threads').where('id', 'in', forgotten).returningAll().execute()
    await tellBuyers(ctx, trx, rows)
    return rows.length
  })
}

async function tellBuyers(
  ctx: Pick<Context, 'region'>,
  trx: Transaction<Database>,
  deleted: readonly Selectable<ThreadsTable>[],
): Promise<void> {
  for (const row of deleted) await tellBuyer(ctx, trx, { ...row, version: row.version + 1 }, true)
}
