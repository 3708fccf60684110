import type { Kysely, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { Thread, ThreadRole } from '../../shared/message.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { shownImages } from '../media/rows.ts'
import { viewThread } from './views.ts'

export type ThreadRow = Awaited<ReturnType<ReturnType<typeof selectThreads>['executeTakeFirstOrThrow']>>

/**
 * Begins a query for threads of this region with what their pages say of the post and the two sides. The post may be gone,
 * and the buyer may be of another region: then nothing is known here of their account.
 */
export function selectThreads(db: Kysely<Database>) {
  return db
    .selectFrom('threads')
    .leftJoin('posts', 'posts.id', 'threads.post_id')
    .leftJoin('accounts as sellers', 'sellers.id', 'threads.seller_id')
    .leftJoin('accounts as buyers', 'buyers.id', 'threads.buyer_id')
    .leftJoin('messages as lasts', join =>
      join.onRef('lasts.thread_id', '=', 'threads.id').onRef('lasts.number', '=', 'threads.last_number'),
    )
    .leftJoin('blocks as by_seller', join =>
      join
        .onRef('by_seller.blocker_id', '=', 'threads.seller_id')
        .onRef('by_seller.blocked_id', '=', 'threads.buyer_id'),
    )
    .leftJoin('blocks as by_buyer', join =>
      join.onRef('by_buyer.blocker_id', '=', 'threads.buyer_id').onRef('by_buyer.blocked_id', '=', 'threads.seller_id'),
    )
    .selectAll('threads')
    .select([
      'posts.title as title',
      'posts.category as category',
      'posts.price_amount as price_amount',
      'posts.price_currency as price_currency',
      'posts.price_kind as price_kind',
      'posts.status as status',
      'posts.expires_at as expires_at',
      'posts.seller_hidden as seller_hidden',
      'posts.sold_at as sold_at',
      'posts.published_at as published_at',
      'sellers.display_name as seller_name',
      'buyers.suspended_at as buyer_suspended_at',
      'buyers.deleted_at as buyer_deleted_at',
      'lasts.text as last_text',
      'lasts.sender_id as last_sender_id',
      'lasts.removed_at as last_removed_at',
      'by_seller.created_at as blocked_by_seller_at',
      'by_buyer.created_at as blocked_by_buyer_at',
    ])
    .select(shownImages().as('images'))
}

/** Reads a thread as one of its two sides sees it. @throws thread_not_found, also for everybody else */
export async function readThread(ctx: Pick<Context, 'db' | 'now'>, actor: Actor, id: string): Promise<Thread> {
  const thread = await getThread(ctx.db, actor, id)
  return viewThread(thread, roleIn(thread, actor.id), ctx.now())
}

/** Fetches a thread for one of its two sides. @throws thread_not_found for everybody else */
export async function getThread(db: Kysely<Database>, actor: Actor, id: string): Promise<ThreadRow> {
  const thread = isId(id) ? await selectThreads(db).where('threads.id', '=', id).executeTakeFirst() : undefined
  if (!thread || (thread.seller_id !== actor.id && thread.buyer_id !== actor.id)) {
    throw new AppError('thread_not_found')
  }
  return thread
}

/** Locks a thread for a change and fetches it as it then is. @throws thread_not_found for all but its two sides */
export async function getThreadToChange(trx: Transaction<Database>, actor: Actor, id: string): Promise<ThreadRow> {
  // The lock comes first, in a statement of its own: the next one sees what whoever held it has written.
  if (isId(id)) await trx.selectFrom('threads').select('id').where('id', '=', id).forUpdate().execute()
  return getThread(trx, actor, id)
}

/** Tells which of the two sides an account is. */
export function roleIn({ seller_id }: Pick<ThreadRow, 'seller_id'>, accountId: string): ThreadRole {
  return accountId === seller_id ? 'seller' : 'buyer'
}

/** Runs work in the transaction that there is already, or in one of its own. */
export function inTransaction<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Transaction<Database>) : db.transaction().execute(work)
}
