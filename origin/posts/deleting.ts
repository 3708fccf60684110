import { AppError } from '../../shared/errors.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { getPostToChange, outcomeFor } from './changing.ts'

/**
 * Deletes a post with all its words. What the public once saw leaves a tombstone, so that its address answers 410;
 * a draft leaves nothing.
 * @throws post_not_found, post_gone, forbidden, conflict
 */
export async function deletePost({ db, now }: Pick<Context, 'db' | 'now'>, actor: Actor, id: string): Promise<void> {
  const at = now()
  const change = { id, verb: 'delete', by: 'seller' } as const
  await db.transaction().execute(async trx => {
    const post = await getPostToChange(trx, actor, change, at)
    outcomeFor(post, change, at)
    const { numDeletedRows } = await trx
      .deleteFrom('posts')
      .where('id', '=', id)
      .where('version', '=', post.version)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new AppError('conflict')
    if (post.published_at) await trx.insertInto('post_tombstones').values({ id, deleted_at: at }).execute()
  })
}
