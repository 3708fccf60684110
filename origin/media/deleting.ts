import { AppError } from '../../shared/errors.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { tagsOfPost } from '../posts/stale.ts'
import { transactAndPurge } from '../purge-log.ts'
import { getOwnImage, lockOwnPost } from './images.ts'
import { recordRemoval } from './removing.ts'

/**
 * Deletes a photo in whatever state it and its post are; every byte of it follows by a job.
 * @throws image_not_found, also when somebody was first; forbidden
 */
export async function deleteImage(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
): Promise<void> {
  const at = ctx.now()
  await transactAndPurge(ctx, async (trx, purge) => {
    const { post_id } = await getOwnImage(trx, actor, id, at)
    const post = await lockOwnPost(trx, actor, post_id, at)
    const deleted = await trx.deleteFrom('images').where('id', '=', id).returningAll().executeTakeFirst()
    if (!deleted) throw new AppError('image_not_found')
    await recordRemoval(trx, [deleted], at)
    if (deleted.state === 'ready') purge(post, { tags: tagsOfPost(ctx.region, post) })
  })
}
