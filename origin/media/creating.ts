import { createId } from '../../shared/ids.ts'
import { type ImageInput, type ImageUpload, maxUploadBytes, uploadLifetime } from '../../shared/media.ts'
import { tooLarge } from '../../shared/upload-limit.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { type ImageRow, lockPostToEdit } from './images.ts'
import { folderOf, originalKey } from './keys.ts'
import { requireRoomForUpload, requireRoomInPost } from './limits.ts'
import { requirePhotoType } from './types.ts'
import { viewOwnImage } from './views.ts'

/** A photo that is about to come, and what its file is called and said to be. */
export type Announced = Pick<ImageInput, 'fileName' | 'bytes' | 'alt'> & { id: string; contentType: string }

/**
 * Announces a photo of a post: it waits for its file, which whoever holds the answer may send to the bucket within ten minutes.
 * @throws unsupported_image, body_too_large, too_many_images, rate_limited; post_not_found, post_gone, forbidden,
 *   illegal_transition
 */
export async function createImage(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'objects'>,
  actor: Actor,
  postId: string,
  input: ImageInput,
): Promise<ImageUpload> {
  const contentType = requirePhotoType(input.contentType, input.fileName)
  if (input.bytes > maxUploadBytes) throw tooLarge()
  const now = ctx.now()
  const id = createId(ctx.region, now.getTime())
  const terms = { contentType, maxBytes: maxUploadBytes, seconds: uploadLifetime / 1000 }
  const upload = await ctx.objects.presignPost(originalKey(id), terms)
  const row = await announceImage(ctx, actor, postId, { ...input, id, contentType })
  return {
    image: viewOwnImage(row),
    upload: { ...upload, expiresAt: new Date(now.getTime() + uploadLifetime).toISOString() },
  }
}

/** Writes down a photo whose file is to come, as the last of its post, and counts it for its seller's day. */
export function announceImage(
  { db, now }: Pick<Context, 'db' | 'now'>,
  actor: Actor,
  postId: string,
  { id, fileName, contentType, bytes, alt }: Announced,
): Promise<ImageRow> {
  const at = now()
  return db.transaction().execute(async trx => {
    await lockPostToEdit(trx, actor, postId, at)
    const position = await requireRoomInPost(trx, postId)
    await requireRoomForUpload(trx, actor.id, at)
    await trx.insertInto('image_uploads').values({ image_id: id, account_id: actor.id, created_at: at }).execute()
    return trx
      .insertInto('images')
      .values({
        id,
        post_id: postId,
        account_id: actor.id,
        position,
        state: 'uploading',
        problem: null,
        file_name: fileName,
        content_type: contentType,
        bytes,
        alt,
        folder: folderOf(id),
        variants: null,
        width: null,
        height: null,
        color: null,
        thumbhash: null,
        created_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}
