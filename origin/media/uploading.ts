import type * as z from 'zod'
import { AppError } from '../../shared/errors.ts'
import { idleLimit } from '../../shared/headers.ts'
import { createId } from '../../shared/ids.ts'
import { ImageInput, maxUploadBytes, type OwnImage } from '../../shared/media.ts'
import { maxFormBytes, tooLarge } from '../../shared/upload-limit.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { getPostToChange, outcomeFor } from '../posts/changing.ts'
import { takeUp } from './completing.ts'
import { announceImage } from './creating.ts'
import { type FormFile, readForm } from './form.ts'
import type { ImageRow } from './images.ts'
import { originalKey } from './keys.ts'
import { recordRemoval } from './removing.ts'
import { sniffedBytes, sniffType } from './sniffing.ts'
import { requirePhotoType } from './types.ts'
import { viewOwnImage } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'objects'>
/** A form on its way. */
export type ArrivingForm = {
  contentType: string
  body: ReadableStream<Uint8Array> | null
  /** In bytes, where it is known beforehand. */
  length: number | undefined
}

const { alt: Alt, fileName: FileName } = ImageInput.shape

/**
 * Takes a photo that comes as a form, for lack of a script at the other end: it goes on to the bucket as it comes, under the same
 * limits as one that is sent there directly, and is cut off as soon as it is known that it cannot be taken. What comes to
 * nothing leaves nothing behind.
 * @throws unsupported_image, body_too_large, upload_incomplete, invalid_input, bad_request, and what `createImage` throws
 */
export async function uploadImage(
  ctx: Stores,
  actor: Actor,
  postId: string,
  { contentType, body, length }: ArrivingForm,
  idle = idleLimit,
): Promise<OwnImage> {
  await requireEditable(ctx, actor, postId)
  if (!body) throw noFile()
  if (length !== undefined && length > maxFormBytes) throw tooLarge()
  let announced: ImageRow | undefined
  const announce = async (fileName: string, type: string) => {
    const id = createId(ctx.region, ctx.now().getTime())
    announced = await announceImage(ctx, actor, postId, { id, fileName, contentType: type, bytes: 0, alt: '' })
    return announced
  }
  try {
    const { taken, fields } = await readForm(body, contentType, { maxBytes: maxFormBytes, idle }, file =>
      receive(ctx, file, announce),
    )
    if (!taken || !announced) throw noFile()
    const row = await takeUp(ctx, announced, { ...taken, alt: parse('alt', Alt, fields.get('alt') ?? '') })
    if (!row) throw new AppError('image_not_found')
    return viewOwnImage(row)
  } catch (error) {
    if (announced) await forget(ctx, announced)
    throw error
  }
}

/** The same is asked again with the post locked, when there is something to write down; until then nothing needs to be read. */
async function requireEditable({ db, now }: Stores, actor: Actor, id: string): Promise<void> {
  const change = { id, verb: 'edit', by: 'seller' } as const
  outcomeFor(await getPostToChange(db, actor, change, now()), change, now())
}

/** Passes a file on to the bucket; one that is no photo by its first bytes does not get so far. */
async function receive(
  { objects }: Stores,
  { name, bytes }: FormFile,
  announce: (fileName: string, contentType: string) => Promise<ImageRow>,
): Promise<{ bytes: number; contentType: string }> {
  // A name is only ever shown: its end says enough.
  const fileName = parse('file', FileName, [...name].slice(-255).join(''))
  const chunks = bytes[Symbol.asyncIterator]()
  const start = await readStart(chunks)
  const contentType = requirePhotoType(sniffType(start), fileName)
  const { id } = await announce(fileName, contentType)
  let size = 0
  async function* whole() {
    for (let chunk: Uint8Array | undefined = start; chunk; chunk = (await chunks.next()).value) {
      size += chunk.byteLength
      yield chunk
    }
  }
  await objects.upload(originalKey(id), whole(), { contentType, maxBytes: maxUploadBytes }).catch(error => {
    throw error instanceof AppError && error.code === 'body_too_large' ? tooLarge() : error
  })
  return { bytes: size, contentType }
}

async function readStart(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array()
  while (start.byteLength < sniffedBytes) {
    const { value } = await chunks.next()
    if (!value) break
    start = Buffer.concat([start, value])
  }
  return start
}

async function forget({ db, now }: Stores, { id }: ImageRow): Promise<void> {
  const forgetting = db.transaction().execute(async trx => {
    const row = trx.deleteFrom('images').where('id', '=', id).where('state', '=', 'uploading').returningAll()
    await recordRemoval(trx, await row.execute(), now())
  })
  await forgetting.catch(() => {}) // it is swept within the hour
}

function noFile(): AppError {
  return new AppError('invalid_input', { errors: [{ field: 'file', message: 'must be chosen' }] })
}

function parse<S extends z.ZodType>(field: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ message }) => ({ field, message }))
  throw new AppError('invalid_input', { errors })
}
