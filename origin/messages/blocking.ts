import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { getThreadToChange } from './threads.ts'

/**
 * Takes no more messages from the other side of a thread, in this thread or any other that this region keeps. That they
 * are blocked already is as good. @throws thread_not_found
 */
export async function blockOther({ db, now }: Pick<Context, 'db' | 'now'>, actor: Actor, id: string): Promise<void> {
  await db.transaction().execute(async trx => {
    const { seller_id, buyer_id } = await getThreadToChange(trx, actor, id)
    const blocked = actor.id === seller_id ? buyer_id : seller_id
    await trx
      .insertInto('blocks')
      .values({ blocker_id: actor.id, blocked_id: blocked, created_at: now() })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  })
}

/** Takes messages from the other side again; only one's own block can be lifted. @throws thread_not_found */
export async function unblockOther({ db }: Pick<Context, 'db'>, actor: Actor, id: string): Promise<void> {
  await db.transaction().execute(async trx => {
    const { seller_id, buyer_id } = await getThreadToChange(trx, actor, id)
    const blocked = actor.id === seller_id ? buyer_id : seller_id
    await trx.deleteFrom('blocks').where('blocker_id', '=', actor.id).where('blocked_id', '=', blocked).execute()
  })
}
