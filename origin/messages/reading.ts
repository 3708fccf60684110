import { AppError } from '../../shared/errors.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { tellBuyer } from './mirrors.ts'
import { getThreadToChange, roleIn } from './threads.ts'

/**
 * Marks a thread read up to the message that was seen; what came meanwhile stays unread, and a mark never goes back.
 * @throws thread_not_found, conflict
 */
export async function markThreadRead(
  ctx: Pick<Context, 'db' | 'region'>,
  actor: Actor,
  id: string,
  upTo: number,
): Promise<void> {
  await ctx.db.transaction().execute(async trx => {
    const thread = await getThreadToChange(trx, actor, id)
    const role = roleIn(thread, actor.id)
    const before = role === 'seller' ? thread.seller_read_to : thread.buyer_read_to
    const to = Math.min(upTo, thread.last_number)
    if (to <= before) return
    const left = await trx
      .selectFrom('messages')
      .select(eb => eb.fn.countAll().as('count'))
      .where('thread_id', '=', id)
      .where('number', '>', to)
      .where('sender_id', '!=', actor.id)
      .executeTakeFirstOrThrow()
    const unread = Number(left.count)
    const marks =
      role === 'seller'
        ? { seller_read_to: to, seller_unread: unread }
        : { buyer_read_to: to, buyer_unread: unread, version: thread.version + 1 }
    const changed = await trx
      .updateTable('threads')
      .set(marks)
      .where('id', '=', id)
      .where('version', '=', thread.version)
      .returningAll()
      .executeTakeFirst()
    if (!changed) throw new AppError('conflict')
    if (role === 'buyer' && unread !== thread.buyer_unread) await tellBuyer(ctx, trx, changed)
  })
}

/** Counts the messages that an account of this region has not read: about its own posts, and about others' anywhere. */
export async function countUnread({ db }: Pick<Context, 'db'>, actor: Actor): Promise<number> {
  const counts = await db
    .selectFrom('threads')
    .select(eb => eb.fn.sum('seller_unread').as('unread'))
    .where('seller_id', '=', actor.id)
    .where('seller_unread', '>', 0)
    .unionAll(
      db
        .selectFrom('thread_mirrors')
        .select(eb => eb.fn.sum('unread').as('unread'))
        .where('buyer_id', '=', actor.id)
        .where('deleted_at', 'is', null),
    )
    .execute()
  return counts.reduce((sum, { unread }) => sum + Number(unread ?? 0), 0)
}
