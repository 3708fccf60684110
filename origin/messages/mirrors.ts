import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { regionOfId } from '../../shared/ids.ts'
import type { JobPayload } from '../../shared/jobs.ts'
import type { Context } from '../context.ts'
import type { Database, ThreadsTable } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'

type News = JobPayload<'thread.changed'>

/**
 * Tells the buyer's home region what became of a thread, in the transaction that changed it: at once where that is this
 * region, else by a job. `/messages` lists and counts a buyer's threads from these rows alone, wherever they are kept.
 */
export async function tellBuyer(
  { region }: Pick<Context, 'region'>,
  trx: Transaction<Database>,
  thread: Selectable<ThreadsTable>,
  deleted = false,
): Promise<void> {
  const payload: News = {
    threadId: thread.id,
    buyerId: thread.buyer_id,
    postId: thread.post_id,
    postTitle: thread.post_title,
    lastActivityAt: thread.last_activity_at.toISOString(),
    unread: thread.buyer_unread,
    version: thread.version,
    deleted,
  }
  const home = regionOfId(thread.buyer_id)
  if (home === undefined || home === region) return keepThreadNews(trx, payload)
  await recordEvent(trx, {
    kind: 'thread.changed',
    about: thread,
    payload,
    region: home,
  })
}

/**
 * Keeps what a thread's region tells about it. Old news cannot overwrite new, however late it comes; a deleted thread
 * leaves a tombstone, so that it does not come back; of an account that is gone nothing is kept.
 */
export async function keepThreadNews(db: Kysely<Database>, news: News): Promise<void> {
  const title = news.deleted ? '' : news.postTitle
  const deletedAt = news.deleted ? news.lastActivityAt : null
  await sql`
    INSERT INTO thread_mirrors (thread_id, buyer_id, post_id, post_title, last_activity_at, unread, version, deleted_at)
    SELECT ${news.threadId}, id, ${news.postId}, ${title}, ${news.lastActivityAt}::timestamptz,
      ${news.deleted ? 0 : news.unread}::integer, ${news.version}::integer, ${deletedAt}::timestamptz
    FROM accounts WHERE id = ${news.buyerId}
    ON CONFLICT (thread_id) DO UPDATE SET post_title = excluded.post_title,
      last_activity_at = excluded.last_activity_at, unread = excluded.unread, version = excluded.version,
      deleted_at = excluded.deleted_at
    WHERE thread_mirrors.version < excluded.version`.execute(db)
}
