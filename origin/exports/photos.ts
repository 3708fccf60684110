import type { Context } from '../context.ts'
import { variantKey } from '../media/keys.ts'
import type { ZipFile } from './zip.ts'

/** Photos that are asked for in one statement. */
const page = 200

/** What an account has told of its photos, and what became of them. `file` names one in the archive. */
export async function readPhotos({ db }: Pick<Context, 'db'>, accountId: string) {
  const rows = await db
    .selectFrom('images')
    .select(['id', 'post_id', 'state', 'problem', 'file_name', 'content_type', 'bytes', 'alt', 'width', 'height'])
    .select('created_at')
    .where('account_id', '=', accountId)
    .orderBy('post_id')
    .orderBy('position')
    .execute()
  return rows.map(row => ({ ...row, file: row.state === 'ready' ? nameOf(row.id) : null }))
}

/** Gives an account's photos one after the other, each in the largest size that we have; one that goes meanwhile is left out. */
export async function* photoFiles(
  { db, objects }: Pick<Context, 'db' | 'objects'>,
  accountId: string,
): AsyncGenerator<ZipFile> {
  for (let last = ''; ; ) {
    const rows = await db
      .selectFrom('images')
      .select(['id', 'folder', 'variants'])
      .where('account_id', '=', accountId)
      .where('state', '=', 'ready')
      .where('id', '>', last)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const { id, folder, variants } of rows) {
      const largest = variants?.at(-1)
      const object = largest && (await objects.get(variantKey(folder, largest.step, 'jpg')))
      if (object) yield { name: nameOf(id), content: await new Response(object.body).bytes() }
    }
    if (rows.length < page) return
    last = rows.at(-1)?.id ?? ''
  }
}

/** No name of a person's making: an id is safe on every system, and tells apart. */
function nameOf(imageId: string): string {
  return `photos/${imageId}.jpg`
}
