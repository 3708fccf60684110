import type { Context } from '../context.ts'
import type { ImageRow } from './images.ts'

/** Bytes younger than this may belong to a row that is about to be written, or to a worker, in milliseconds. */
const day = 86_400_000

/** Which states of a photo need what lies in a folder. */
const folders: Record<string, readonly ImageRow['state'][]> = {
  'media/': ['processing', 'ready'],
  'uploads/': ['uploading', 'processing'],
}

/**
 * Goes on through the folders of photos, up to so many keys in each, and removes bytes older than a day that belong to no photo, or
 * to one that needs them no more. Jobs remove them at once; this finds what a lost job, a dead worker or a late upload left. The
 * end of one round is the beginning of the next, so that each run takes about as long.
 * @returns always less than `batch`: one page a run is enough
 */
export async function removeOrphans(ctx: Context, batch: number): Promise<number> {
  for (const [folder, states] of Object.entries(folders)) await sweepPage(ctx, folder, states, batch)
  return 0
}

async function sweepPage(
  { db, objects, now, log }: Context,
  folder: string,
  states: readonly ImageRow['state'][],
  most: number,
): Promise<void> {
  const from = await db.selectFrom('bucket_sweeps').select('after').where('folder', '=', folder).executeTakeFirst()
  const page = await objects.page(folder, from?.after ?? '', most)
  const before = now().getTime() - day
  const old = page.filter(({ storedAt }) => storedAt.getTime() <= before).map(({ key }) => key)
  const orphans = await findOrphans(db, old, states)
  await objects.remove(orphans)
  if (orphans.length > 0) log.warn({ folder, orphans: orphans.length }, 'bytes of no photo were removed')
  const after = page.length < most ? '' : (page.at(-1)?.key ?? '')
  await db
    .insertInto('bucket_sweeps')
    .values({ folder, after })
    .onConflict(conflict => conflict.column('folder').doUpdateSet({ after }))
    .execute()
}

/** A key names its photo: `media/<id>/640.webp`, `uploads/<id>`. */
async function findOrphans(
  db: Context['db'],
  keys: readonly string[],
  states: readonly ImageRow['state'][],
): Promise<string[]> {
  const idOf = (key: string) => key.split('/')[1] ?? ''
  const ids = [...new Set(keys.map(idOf))]
  if (ids.length === 0) return []
  const rows = await db.selectFrom('images').select('id').where('id', 'in', ids).where('state', 'in', states).execute()
  const needed = new Set(rows.map(({ id }) => id))
  return keys.filter(key => !needed.has(idOf(key)))
}
