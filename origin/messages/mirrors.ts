import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { regionOfId } from '../../shared/ids.ts'
import type { JobPayload } from '../../shared/jobs.ts'
import type { Context } from '../context.ts'
import type { Database, ThreadsTable } from '../db/schema.ts'
import { forgetMailsAbout } from '../mail/forgetting.ts'
import { recordEvent } from '../outbox.ts'

type News = JobPayload<'thread.changed'>
type Thread = Selectable<ThreadsTable>

/**
 * Tells the buyer's home region what became of a thread, in the transaction that changed it: at once where that is this
 * region, else by a job. `/messages` lists and counts a buyer's threads from these rows alone, wherever they are kept.
 */
export async function tellBuyer(
  ctx: Pick<Context, 'region'>,
  trx: Transaction<Database>,
  thread: Thread,
): Promise<void> {
  await tell(ctx, trx, {
    threadId: thread.id,
    buyerId: thread.buyer_id,
    sellerId: thread.seller_id,
    postId: thread.post_id,
    postTitle: thread.post_title,
    lastActivityAt: thread.last_activity_at.toISOString(),
    unread: thread.buyer_unread,
    version: thread.version,
    deleted: false,
  })
}

/** Tells the buyer's home region that a thread is deleted: its id and nothing of what it was about. */
export async function tellBuyerOfDeletion(
  ctx: Pick<Context, 'region' | 'now'>,
  trx: Transaction<Database>,
  { id, buyer_id, version }: Pick<Thread, 'id' | 'buyer_id' | 'version'>,
): Promise<void> {
  await tell(ctx, trx, {
    threadId: id,
    buyerId: buyer_id,
    sellerId: null,
    postId: '',
    postTitle: '',
    lastActivityAt: ctx.now().toISOString(),
    unread: 0,
    version: version + 1,
    deleted: true,
  })
}

/**
 * Keeps what a thread's region tells about it. Old news cannot overwrite new, however late it comes; a deleted thread
 * leaves a tombstone, so that it does not come back, and no title in a mail; of an account that is gone nothing is kept.
 */
export async function keepThreadNews(db: Kysely<Database>, news: News): Promise<void> {
  const { threadId, buyerId, deleted } = news
  if (deleted) await forgetMailsAbout(db, { threadIds: [threadId], accountIds: [buyerId] })
  const deletedAt = deleted ? news.lastActivityAt : null
  const [seller, post, title] = deleted ? [null, '', ''] : [news.sellerId, news.postId, news.postTitle]
  await sql`
    INSERT INTO thread_mirrors
      (thread_id, buyer_id, seller_id, post_id, post_title, last_activity_at, unread, version, deleted_at)
    SELECT ${threadId}, id, ${seller}, ${post}, ${title}, ${news.lastActivityAt}::timestamptz,
      ${deleted ? 0 : news.unread}::integer, ${news.version}::integer, ${deletedAt}::timestamptz
    FROM accounts WHERE id = ${buyerId}
    ON CONFLICT (thread_id) DO UPDATE SET seller_id = excluded.seller_id, post_id = excluded.post_id,
      post_title = excluded.post_title, last_activity_at = excluded.last_activity_at, unread = excluded.unread,
      version = excluded.version, deleted_at = excluded.deleted_at
    WHERE thread_mirrors.version < excluded.version`.execute(db)
}

/**
 * Makes tombstones of what is kept here about threads with a seller who is erased, without waiting for the word of the
 * region that keeps them: it comes later, and finds nothing left to do.
 */
export async function forgetThreadsWith(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  sellerId: string,
): Promise<void> {
  const rows = await trx
    .updateTable('thread_mirrors')
    .set({ seller_id: null, post_id: '', post_title: '', unread: 0, deleted_at: now() })
    .where('seller_id', '=', sellerId)
    .returning(['thread_id', 'buyer_id'])
    .execute()
  const [threadIds, accountIds] = [rows.map(row => row.thread_id), rows.map(row => row.buyer_id)]
  await forgetMailsAbout(trx, { threadIds, accountIds })
}

async function tell({ region }: Pick<Context, 'region'>, trx: Transaction<Database>, news: News): Promise<void> {
  const home = regionOfId(news.buyerId)
  if (home === undefined || home === region) return keepThreadNews(trx, news)
  await recordEvent(trx, {
    kind: 'thread.changed',
    about: { id: news.threadId, version: news.version },
    payload: news,
    region: home,
  })
}
