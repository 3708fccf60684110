import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { ImageAccess } from '../../shared/media.ts'
import { type Actor, canModerate } from '../actor.ts'
import type { Context } from '../context.ts'
import { publicFace, publicUntil } from '../posts/visibility.ts'

/**
 * Tells whether somebody may see a photo that is ready, for how long everybody may, and where its variants lie: sellers see all of
 * their own, moderators all but those of drafts, others what is public.
 * @throws image_not_found
 */
export async function readImage(
  { db, now }: Pick<Context, 'db' | 'now'>,
  actor: Actor | null,
  id: string,
): Promise<ImageAccess> {
  const at = now()
  const row = isId(id)
    ? await db
        .selectFrom('images')
        .innerJoin('posts', 'posts.id', 'images.post_id')
        .select(['images.post_id', 'images.account_id', 'images.folder', 'images.variants'])
        .select(['posts.status', 'posts.expires_at', 'posts.sold_at', 'posts.seller_hidden', 'posts.published_at'])
        .where('images.id', '=', id)
        .where('images.state', '=', 'ready')
        .executeTakeFirst()
    : undefined
  if (!row) throw new AppError('image_not_found')
  const face = publicFace(row, at)
  const maySee = face === 'shown' || row.account_id === actor?.id || (face === 'gone' && actor && canModerate(actor))
  if (!maySee) throw new AppError('image_not_found')
  return {
    id,
    postId: row.post_id,
    sellerId: row.account_id,
    public: face === 'shown',
    until: face === 'shown' ? (publicUntil(row)?.toISOString() ?? null) : null,
    folder: row.folder,
    variants: row.variants ?? [],
  }
}
