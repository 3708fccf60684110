import { AppError } from '../../shared/errors.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { deleteImagesOfPosts } from '../media/removing.ts'
import { transactAndPurge } from '../purge-log.ts'
import { getPostToChange, outcomeFor } from './changing.ts'
import { tagsOfPost } from './stale.ts'

/**
 * Deletes a post with all its words and photos. What the public once saw leaves a tombstone, so that its address answers 410;
 * a draft leaves nothing.
 * @throws post_not_found, post_gone, forbidden, conflict
 */
export async function deletePost(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
): Promise<void> {
  const at = ctx.now()
  const change = { id, verb: 'delete', by: 'seller' } as const
  await transactAndPurge(ctx, async (trx, purge) => {
    const post = await getPostToChange(trx, actor, change, at)
    outcomeFor(post, change, at)
    purge({ id, version: post.version + 1 }, { tags: tagsOfPost(ctx.region, post) })
    await deleteImagesOfPosts(trx, [id], at)
    const { numDeletedRows } = await trx
      .deleteFrom('posts')
      .where('id', '=', id)
      .where('version', '=', post.version)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new AppError('conflict')
    if (post.published_at) await trx.insertInto('post_tombstones').values({ id, deleted_at: at }).execute()
  })
}
