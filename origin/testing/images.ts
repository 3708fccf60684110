import { createId } from '../../shared/ids.ts'
import type { ImageState } from '../../shared/media.ts'
import { folderOf, originalKey } from '../media/keys.ts'
import type { TestAccount } from './factories.ts'
import type { TestOrigin } from './harness.ts'

/** How a JPEG begins; enough for all that is decided before it is decoded. */
export const jpegStart: Uint8Array<ArrayBuffer> = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
])

/** So many bytes that begin as a JPEG does. */
export function someJpeg(bytes = 1_000): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(bytes).fill(7)
  file.set(jpegStart.subarray(0, bytes))
  return file
}

/** A form with a photo, as a browser without a script sends it. */
export function someForm(file: Uint8Array<ArrayBuffer> = someJpeg(), name = 'bike.jpg', alt?: string): FormData {
  const form = new FormData()
  if (alt !== undefined) form.set('alt', alt)
  form.set('file', new Blob([file], { type: 'image/jpeg' }), name)
  return form
}

type Options = {
  state?: ImageState
  /** Milliseconds ago. */
  age?: number
  alt?: string
  /** Another folder than its own, as demo photos have. */
  folder?: string
  fileName?: string
}

/** Gives a post one more photo, with the bytes that belong to its state in the bucket. @returns its id */
export async function createTestImage(
  { ctx }: TestOrigin,
  { id: accountId }: Pick<TestAccount, 'id'>,
  postId: string,
  { state = 'ready', age = 0, alt = '', folder, fileName = 'photo.jpg' }: Options = {},
): Promise<string> {
  const at = new Date(ctx.now().getTime() - age)
  const id = createId(ctx.region, at.getTime())
  const ready = state === 'ready'
  const settled = ready || state === 'failed'
  const row = {
    id,
    post_id: postId,
    account_id: accountId,
    position: await ctx.db
      .selectFrom('images')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .where('post_id', '=', postId)
      .executeTakeFirstOrThrow()
      .then(({ n }) => Number(n)),
    state,
    problem: state === 'failed' ? ('unreadable' as const) : null,
    file_name: fileName,
    content_type: 'image/jpeg',
    bytes: 1_000,
    alt,
    folder: folder ?? folderOf(id),
    variants: ready ? JSON.stringify([{ step: 320, width: 320, height: 240 }]) : null,
    width: ready ? 320 : null,
    height: ready ? 240 : null,
    color: ready ? '#123456' : null,
    thumbhash: ready ? Buffer.from([1, 2, 3]) : null,
    created_at: at,
    completed_at: state === 'uploading' ? null : at,
    asked_at: state === 'uploading' ? null : at,
    settled_at: settled ? at : null,
  }
  await ctx.db.insertInto('images').values(row).execute()
  await ctx.db.insertInto('image_uploads').values({ image_id: id, account_id: accountId, created_at: at }).execute()
  if (ready) {
    await ctx.objects.put(`${row.folder}/320.webp`, someJpeg(10), { contentType: 'image/webp' })
    await ctx.objects.put(`${row.folder}/320.jpg`, someJpeg(10), { contentType: 'image/jpeg' })
  } else if (!settled) await ctx.objects.put(originalKey(id), someJpeg(), { contentType: 'image/jpeg' })
  return id
}

/** All of the photos' keys in the bucket. */
export async function keysOf({ ctx }: TestOrigin, ...ids: string[]): Promise<string[]> {
  const keys = [...(await ctx.objects.list('media/')), ...(await ctx.objects.list('uploads/'))]
  return keys.filter(key => ids.some(id => key.includes(id)))
}
