import type { ExpressionBuilder, Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database, ThreadsTable } from '../db/schema.ts'
import { forgetMailsAbout } from '../mail/forgetting.ts'
import { forgetThreadsWith, tellBuyerOfDeletion } from './mirrors.ts'

type Stores = Pick<Context, 'region' | 'now'>
type Thread = Selectable<ThreadsTable>

/**
 * Deletes threads of an account of whatever region, up to `most` of them, with all that both sides said, and tells the
 * home regions of other buyers: its own is erasing it.
 * @returns what was deleted; fewer than `most` when none is left
 */
export async function deleteThreadsOf(
  ctx: Stores,
  trx: Transaction<Database>,
  accountId: string,
  most: number,
): Promise<Thread[]> {
  const theirs = trx
    .selectFrom('threads')
    .select('id')
    .where(thread => thread.or([thread('seller_id', '=', accountId), thread('buyer_id', '=', accountId)]))
    .limit(most)
  const rows = await trx.deleteFrom('threads').where('id', 'in', theirs).returningAll().execute()
  await tellOfDeletion(ctx, trx, rows, accountId)
  return rows
}

/**
 * Deletes what is left of an account of whatever region here once its threads are deleted: who blocked whom, and what is
 * kept of threads in other regions, its own as a buyer and others' with it as the seller.
 */
export async function eraseFromMessages(ctx: Stores, trx: Transaction<Database>, accountId: string): Promise<void> {
  await trx.deleteFrom('thread_mirrors').where('buyer_id', '=', accountId).execute()
  await forgetThreadsWith(ctx, trx, accountId)
  await trx
    .deleteFrom('blocks')
    .where(block => block.or([block('blocker_id', '=', accountId), block('blocked_id', '=', accountId)]))
    .execute()
}

/**
 * Deletes threads that have had their time, up to `most`: the post is gone, nobody has written since `before`, and no
 * moderator has yet to look at a message in them that was reported since then.
 * @returns how many it was; fewer than `most` when none is left
 */
export async function deleteForgottenThreads(
  { db, ...ctx }: Stores & Pick<Context, 'db'>,
  before: Date,
  most = 100,
): Promise<number> {
  return db.transaction().execute(async trx => {
    const forgotten = trx
      .selectFrom('threads')
      .leftJoin('posts', 'posts.id', 'threads.post_id')
      .select('threads.id')
      .where('posts.id', 'is', null)
      .where(thread => isSilent(thread, before))
      .limit(most)
    const rows = await trx.deleteFrom('threads').where('id', 'in', forgotten).returningAll().execute()
    await tellOfDeletion(ctx, trx, rows)
    return rows.length
  })
}

/** Deletes what was said about posts that are being deleted, by the same measure as `deleteForgottenThreads`. */
export async function deleteSilentThreadsOf(
  ctx: Stores,
  trx: Transaction<Database>,
  postIds: readonly string[],
  before: Date,
): Promise<void> {
  const rows = await trx
    .deleteFrom('threads')
    .where('post_id', 'in', postIds)
    .where(thread => isSilent(thread, before))
    .returningAll()
    .execute()
  await tellOfDeletion(ctx, trx, rows)
}

/** A report that nobody decides keeps a conversation for as long as the conversation would keep itself, and no longer. */
function isSilent(thread: ExpressionBuilder<Database, 'threads'>, before: Date) {
  const judged = thread
    .selectFrom('reports')
    .innerJoin('messages', 'messages.id', 'reports.subject_id')
    .select('reports.id')
    .whereRef('messages.thread_id', '=', 'threads.id')
    .where('reports.decided_at', 'is', null)
    .where('reports.created_at', '>=', before)
  return thread.and([thread('threads.last_activity_at', '<', before), thread.not(thread.exists(judged))])
}

async function tellOfDeletion(
  ctx: Stores,
  trx: Transaction<Database>,
  deleted: readonly Thread[],
  erased?: string,
): Promise<void> {
  for (const thread of deleted) {
    await forgetMailsAbout(trx, { threadIds: [thread.id], accountIds: [thread.seller_id] })
    if (thread.buyer_id !== erased) await tellBuyerOfDeletion(ctx, trx, thread)
  }
}
