import type { Selectable, Transaction } from 'kysely'
import type { JobPayload } from '../../shared/jobs.ts'
import { uploadLifetime } from '../../shared/media.ts'
import type { Context } from '../context.ts'
import type { Database, ImagesTable } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'
import { folderOf, originalKey } from './keys.ts'

/** What of the bucket belongs to some photos. */
export type Bytes = JobPayload<'image.removed'>
type Removed = Pick<Selectable<ImagesTable>, 'id' | 'folder' | 'state' | 'created_at'>

/** Photos whose bytes one job removes, so that it takes seconds. */
const mostInOne = 100
/** How long an upload that began in time, or a worker that has a photo, may go on, in milliseconds. */
const longestWork = 5 * 60_000
/** Requests to the bucket at a time. */
const atOnce = 8

/**
 * Deletes all photos of posts and records the removal of their bytes: whoever deletes a post calls this first, in the same
 * transaction. It locks the posts, so that no photo is added meanwhile.
 * @returns the bytes that a job will remove
 */
export async function deleteImagesOfPosts(
  trx: Transaction<Database>,
  ids: readonly string[],
  now: Date,
): Promise<Bytes> {
  if (ids.length === 0) return { folders: [], keys: [] }
  await trx.selectFrom('posts').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
  const images = await trx
    .deleteFrom('images')
    .where('post_id', 'in', ids)
    .returning(['id', 'folder', 'state', 'created_at'])
    .execute()
  return recordRemoval(trx, images, now)
}

/**
 * Records that bytes are to be removed: those of photos whose rows are deleted in this transaction. Where an upload or a
 * worker may still be at it, the same is asked for once more when neither can be.
 * @returns the bytes
 */
export async function recordRemoval(trx: Transaction<Database>, images: readonly Removed[], now: Date): Promise<Bytes> {
  await recordParts(trx, images)
  const late = images.filter(image => image.state === 'processing' || settledAfter(image) > now)
  const notBefore = new Date(Math.max(now.getTime() + longestWork, ...late.map(image => settledAfter(image).getTime())))
  await recordParts(trx, late, notBefore)
  return bytesOf(images)
}

/** Removes bytes from the bucket; repeats harmlessly, since no id is used twice. */
export async function removeBytes(ctx: Pick<Context, 'objects'>, { folders, keys }: Bytes): Promise<void> {
  const inFolders = await findBytes(ctx, { folders, keys: [] })
  await ctx.objects.remove([...keys, ...inFolders])
}

/** Gives the keys that are in the bucket of some bytes. */
export async function findBytes({ objects }: Pick<Context, 'objects'>, { folders, keys }: Bytes): Promise<string[]> {
  const prefixes = [...folders.map(folder => `${folder}/`), ...keys]
  const found: string[] = []
  const work = async () => {
    for (let prefix = prefixes.pop(); prefix; prefix = prefixes.pop()) found.push(...(await objects.list(prefix)))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, prefixes.length) }, work))
  return found
}

async function recordParts(trx: Transaction<Database>, images: readonly Removed[], notBefore?: Date): Promise<void> {
  for (let from = 0; from < images.length; from += mostInOne) {
    const payload = bytesOf(images.slice(from, from + mostInOne))
    // Photos have no versions: that its file came is one's first step, that it went its last.
    const event = { kind: 'image.removed', about: { id: images[from]?.id ?? '', version: 2 }, payload } as const
    await recordEvent(trx, { ...event, ...(notBefore && { notBefore }) })
  }
}

/** Demo photos share their folders, so only what lies under a photo's own name is its own. */
function bytesOf(images: readonly Removed[]): Bytes {
  return {
    folders: images.filter(({ id, folder }) => folder === folderOf(id)).map(({ folder }) => folder),
    keys: images.map(({ id }) => originalKey(id)),
  }
}

/** From then on nobody can send a file for it any more. */
function settledAfter({ created_at }: Removed): Date {
  return new Date(created_at.getTime() + uploadLifetime + longestWork)
}
