import type * as z from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { ImagePatch, OwnImage } from '../../shared/media.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { tagsOfPost } from '../posts/stale.ts'
import { transactAndPurge } from '../purge-log.ts'
import { getOwnImage, lockPostToEdit } from './images.ts'
import { viewOwnImage } from './views.ts'

/**
 * Changes what a photo is said to show.
 * @throws image_not_found, also when it went meanwhile; forbidden, illegal_transition
 */
export async function editImage(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
  { alt }: z.infer<typeof ImagePatch>,
): Promise<OwnImage> {
  const at = ctx.now()
  const row = await transactAndPurge(ctx, async (trx, purge) => {
    const { post_id } = await getOwnImage(trx, actor, id, at)
    const post = await lockPostToEdit(trx, actor, post_id, at)
    const changed = await trx.updateTable('images').set({ alt }).where('id', '=', id).returningAll().executeTakeFirst()
    if (!changed) throw new AppError('image_not_found')
    if (changed.state === 'ready') purge(post, { tags: tagsOfPost(ctx.region, post) })
    return changed
  })
  return viewOwnImage(row)
}
