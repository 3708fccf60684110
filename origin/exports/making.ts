import type { Context } from '../context.ts'
import type { Handler } from '../job.ts'
import { requestMail } from '../mail/requesting.ts'
import { gatherContents } from './contents.ts'
import { exportLifetime } from './exports.ts'
import { photoFiles } from './photos.ts'
import { type ZipFile, zip } from './zip.ts'

/** The folder of an account's copies in the bucket. */
export function exportFolder(accountId: string): string {
  return `exports/${accountId}/`
}

/** Where an account's copy lies in the bucket, whether it is there or not. */
export function archiveKey(accountId: string, exportId: string): string {
  return `${exportFolder(accountId)}${exportId}.zip`
}

/**
 * Makes the copy that was asked for, keeps it in the bucket and asks for the mail that says so. Done twice, the second
 * archive takes the place of the first and no second mail is asked for.
 */
export const makeExport: Handler<'export.requested'> = async (ctx, { payload }) => {
  const row = await ctx.db.selectFrom('exports').selectAll().where('id', '=', payload.exportId).executeTakeFirst()
  if (!row || row.ready_at) return
  const now = ctx.now()
  const contents = await gatherContents(ctx, row.account_id, now)
  if (!contents) return
  const key = archiveKey(row.account_id, row.id)
  const files = filesOf(ctx, row.account_id, contents)
  let bytes = 0
  async function* archive() {
    for await (const part of zip(files, now)) {
      bytes += part.length
      yield part
    }
  }
  await ctx.objects.upload(key, archive(), { contentType: 'application/zip', maxBytes: Number.POSITIVE_INFINITY })
  const account = { id: row.account_id, exportId: row.id, key, bytes }
  if (!(await announce(ctx, account))) await ctx.objects.remove([key])
}

async function* filesOf(ctx: Context, accountId: string, texts: readonly ZipFile[]): AsyncGenerator<ZipFile> {
  yield* texts
  yield* photoFiles(ctx, accountId)
}

type Made = { id: string; exportId: string; key: string; bytes: number }

/** False when the row has gone meanwhile, the account with it perhaps: then the archive must not stay either. */
async function announce(ctx: Context, { id, exportId, key, bytes }: Made): Promise<boolean> {
  const readyAt = ctx.now()
  const expiresAt = new Date(readyAt.getTime() + exportLifetime)
  const kept = await ctx.db.transaction().execute(async trx => {
    const changed = await trx
      .updateTable('exports')
      .set({ ready_at: readyAt, expires_at: expiresAt, object_key: key, bytes })
      .where('id', '=', exportId)
      .where('ready_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!changed) {
      return (await trx.selectFrom('exports').select('id').where('id', '=', exportId).executeTakeFirst()) !== undefined
    }
    const data = { exportId, expiresAt: expiresAt.toISOString() }
    // Asked for is its first version, made its second and last.
    const about = { id: exportId, version: 2 }
    await requestMail(trx, { mail: 'export-ready', accountId: id, key: `export-ready:${exportId}`, about, data })
    return true
  })
  return kept
}
