import type { DataExport, DataExportList } from '../../shared/data-export.ts'
import { AppError } from '../../shared/errors.ts'
import { createId, isId } from '../../shared/ids.ts'
import type { Actor } from '../actor.ts'
import type { StoredObject } from '../adapters/s3.ts'
import type { Context } from '../context.ts'
import { recordEvent } from '../outbox.ts'
import { type ExportRow, viewExport } from './views.ts'

const day = 86_400_000
/** How long a copy can be downloaded, and how long its maker may take, in milliseconds. */
export const exportLifetime = 7 * day

type Stores = Pick<Context, 'db' | 'now'>

/**
 * Asks for a copy of an account's data: a job makes it, a mail says when it is there. Once in 24 hours.
 * @throws exported_recently with `Retry-After`, account_not_found
 */
export async function requestExport(ctx: Pick<Context, 'db' | 'now' | 'region'>, actor: Actor): Promise<DataExport> {
  const now = ctx.now()
  const id = createId(ctx.region, now.getTime())
  const row = await ctx.db.transaction().execute(async trx => {
    // The account's lock makes one of two requests at once the second.
    const account = await trx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', actor.id)
      .where('deleted_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!account) throw new AppError('account_not_found')
    const [last] = await selectExports({ ...ctx, db: trx }, actor.id)
    const from = nextFrom(last, now)
    if (from) throw tooSoon(from, now)
    const row = await trx
      .insertInto('exports')
      .values({ id, account_id: actor.id, requested_at: now, object_key: null, bytes: null })
      .returningAll()
      .executeTakeFirstOrThrow()
    const event = { kind: 'export.requested', about: { id, version: 1 }, payload: { exportId: id } } as const
    await recordEvent(trx, event)
    return row
  })
  return viewExport(row)
}

/** Lists an account's copies that have not expired, the newest first. */
export async function listExports(ctx: Stores, actor: Actor): Promise<DataExportList> {
  const rows = await selectExports(ctx, actor.id)
  return { items: rows.map(viewExport), nextFrom: nextFrom(rows[0], ctx.now())?.toISOString() ?? null }
}

/** Opens the archive of a copy for its owner. @throws export_not_found: another's, unknown, not ready yet or expired */
export async function openExport(
  ctx: Pick<Context, 'db' | 'now' | 'objects'>,
  actor: Actor,
  id: string,
): Promise<StoredObject & { name: string }> {
  const rows = isId(id) ? await selectExports(ctx, actor.id) : []
  const row = rows.find(row => row.id === id)
  const object = row?.object_key ? await ctx.objects.get(row.object_key) : undefined
  if (!row || !object) throw new AppError('export_not_found')
  return { ...object, name: `classifyhub-${row.requested_at.toISOString().slice(0, 10)}.zip` }
}

function selectExports({ db, now }: Stores, accountId: string): Promise<ExportRow[]> {
  return db
    .selectFrom('exports')
    .selectAll()
    .where('account_id', '=', accountId)
    .where(row => row.or([row('expires_at', 'is', null), row('expires_at', '>', now())]))
    .orderBy('requested_at', 'desc')
    .execute()
}

function nextFrom(last: ExportRow | undefined, now: Date): Date | undefined {
  if (!last) return undefined
  const from = new Date(last.requested_at.getTime() + day)
  return from > now ? from : undefined
}

function tooSoon(from: Date, now: Date): AppError {
  const seconds = Math.ceil((from.getTime() - now.getTime()) / 1000)
  const detail = `A copy of your data was asked for in the last 24 hours. Ask for another from ${from.toISOString()}`
  return new AppError('exported_recently', { detail, headers: { 'retry-after': String(seconds) } })
}
