import { maxUploadBytes } from '../../shared/media.ts'
import type { Context } from '../context.ts'
import type { Handler } from '../job.ts'
import { transactAndPurge } from '../purge-log.ts'
import { attempt, mostAttempts } from './attempts.ts'
import { createDecoders, type Decoders } from './decoding.ts'
import { failImage } from './failing.ts'
import type { ImageRow } from './images.ts'
import { folderOf, originalKey, variantKey } from './keys.ts'
import { recordLikenesses } from './likeness.ts'
import { type EncodedPhoto, PhotoProblem } from './photo.ts'
import { isPhotoType, sniffType } from './sniffing.ts'
import { purgePostOf } from './stale.ts'

const typeOf = { webp: 'image/webp', jpg: 'image/jpeg' } as const

/** One set for the whole process, however many jobs there are at a time. */
const decoders = createDecoders()

/**
 * Makes the variants of a photo whose file is there and lets it be shown; or says why it cannot be. Either way the file itself
 * is removed in the end. Done twice, it writes the same bytes to the same keys, and the first that ends decides.
 */
export const processImage: Handler<'image.uploaded'> = (ctx, { payload }) =>
  processPhoto(ctx, payload.imageId, decoders.decode)

/** As above, by decoders that are given. */
export async function processPhoto(ctx: Context, imageId: string, decode: Decoders['decode']): Promise<void> {
  await attempt(ctx, imageId, row => makeVariants(ctx, row, decode))
  const state = await findState(ctx, imageId)
  if (state === undefined || state === 'failed') await removeAll(ctx, imageId)
  if (state !== 'ready') return
  await ctx.objects.remove([originalKey(imageId)])
  await recordLikenesses(ctx, imageId)
}

async function makeVariants(ctx: Context, row: ImageRow, decode: Decoders['decode']): Promise<void> {
  try {
    if (row.attempts > mostAttempts) throw new PhotoProblem('unreadable', 'It ended the process each time')
    const photo = await decode(await readOriginal(ctx, row.id))
    await writeVariants(ctx, row.folder, photo)
    if (!(await settleReady(ctx, row, photo))) ctx.log.info({ imageId: row.id }, 'a photo was settled meanwhile')
  } catch (err) {
    if (!(err instanceof PhotoProblem)) throw err
    ctx.log.info({ imageId: row.id, problem: err.problem, reason: err.message }, 'a photo came to nothing')
    await ctx.db.transaction().execute(trx => failImage(trx, row, err.problem, ctx.now()))
  }
}

async function readOriginal({ objects }: Context, id: string): Promise<Uint8Array> {
  const object = await objects.get(originalKey(id))
  if (!object) throw new PhotoProblem('lost', 'Its file is not there')
  if (object.bytes > maxUploadBytes) {
    await object.body.cancel()
    throw new PhotoProblem('too_large', `It has ${object.bytes} bytes`)
  }
  const bytes = new Uint8Array(await new Response(object.body).arrayBuffer())
  const type = sniffType(bytes)
  if (!isPhotoType(type)) throw new PhotoProblem('unsupported', `It is ${type ?? 'of no known type'}`)
  return bytes
}

async function writeVariants({ objects }: Context, folder: string, { files }: EncodedPhoto): Promise<void> {
  await Promise.all(
    files.map(({ step, format, bytes }) =>
      objects.put(variantKey(folder, step, format), bytes, {
        contentType: typeOf[format],
        cacheControl: 'public, max-age=31536000, immutable',
      }),
    ),
  )
}

/** False when the photo was settled or deleted meanwhile. */
function settleReady(ctx: Context, { id, post_id }: ImageRow, photo: EncodedPhoto): Promise<boolean> {
  return transactAndPurge(ctx, async (trx, purge) => {
    const { numUpdatedRows } = await trx
      .updateTable('images')
      .set({
        state: 'ready',
        settled_at: ctx.now(),
        held_until: null,
        variants: JSON.stringify(photo.variants),
        width: photo.width,
        height: photo.height,
        color: photo.color,
        thumbhash: Buffer.from(photo.thumbhash),
        perceptual_hash: photo.hash === null ? null : signed(photo.hash),
      })
      .where('id', '=', id)
      .where('state', '=', 'processing')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await purgePostOf(trx, ctx, post_id, purge)
    return true
  })
}

async function findState({ db }: Context, id: string): Promise<ImageRow['state'] | undefined> {
  const row = await db.selectFrom('images').select('state').where('id', '=', id).executeTakeFirst()
  return row?.state
}

/** What a photo that came to nothing may have left: whoever ended it may have been quicker than the variants were. */
async function removeAll({ objects }: Context, id: string): Promise<void> {
  await objects.remove([originalKey(id), ...(await objects.list(`${folderOf(id)}/`))])
}

/** Postgres knows no unsigned numbers. */
function signed(hash: bigint): string {
  return BigInt.asIntN(64, hash).toString()
}
