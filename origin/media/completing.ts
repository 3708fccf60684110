import type { Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { type ImageProblem, maxUploadBytes, type OwnImage } from '../../shared/media.ts'
import { tooLarge } from '../../shared/upload-limit.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'
import { failImage } from './failing.ts'
import { getOwnImage, type ImageRow } from './images.ts'
import { originalKey } from './keys.ts'
import { sniffedBytes, sniffType } from './sniffing.ts'
import { requirePhotoType } from './types.ts'
import { viewOwnImage } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'objects'>

/**
 * Takes up a photo's file that was sent to the bucket: looks at its size and its first bytes, and asks for its variants. May be
 * called again in every state and then tells the state; only a file that cannot be taken is refused, once.
 * @throws upload_incomplete while nothing is there; unsupported_image or body_too_large, upon which the photo has failed and
 *   its file goes; image_not_found, forbidden
 */
export async function completeImage(ctx: Stores, actor: Actor, id: string): Promise<OwnImage> {
  const row = await getOwnImage(ctx.db, actor, id, ctx.now())
  if (row.state !== 'uploading') return viewOwnImage(row)
  const file = await ctx.objects.glimpse(originalKey(id), sniffedBytes)
  if (!file) throw new AppError('upload_incomplete')
  if (file.bytes > maxUploadBytes) return refuse(ctx, row, 'too_large', tooLarge())
  try {
    const contentType = requirePhotoType(sniffType(file.start), row.file_name)
    const taken = await takeUp(ctx, row, { bytes: file.bytes, contentType })
    return viewOwnImage(taken ?? (await getOwnImage(ctx.db, actor, id, ctx.now())))
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unsupported_image')) throw error
    return refuse(ctx, row, 'unsupported', error)
  }
}

/**
 * Writes down what a photo's file is and asks for its variants.
 * @returns undefined when another call was first, or the photo is gone
 */
export function takeUp(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { id }: Pick<ImageRow, 'id'>,
  facts: { bytes: number; contentType: string; alt?: string },
): Promise<ImageRow | undefined> {
  const at = now()
  const { bytes, contentType: content_type, alt } = facts
  return db.transaction().execute(async trx => {
    const taken = await trx
      .updateTable('images')
      .set({ state: 'processing', bytes, content_type, completed_at: at, asked_at: at, ...(alt && { alt }) })
      .where('id', '=', id)
      .where('state', '=', 'uploading')
      .returningAll()
      .executeTakeFirst()
    if (taken) await askForVariants(trx, id)
    return taken
  })
}

/** Asks the workers for a photo's variants; more than once is harmless. */
export async function askForVariants(trx: Transaction<Database>, id: string): Promise<void> {
  await recordEvent(trx, { kind: 'image.uploaded', about: { id, version: 1 }, payload: { imageId: id } })
}

/** Another call may have been first: then this one says the same. */
async function refuse({ db, now }: Stores, row: ImageRow, problem: ImageProblem, error: AppError): Promise<never> {
  await db.transaction().execute(trx => failImage(trx, row, problem, now()))
  throw error
}
