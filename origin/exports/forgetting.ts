import type { Context } from '../context.ts'
import { exportLifetime } from './exports.ts'
import { archiveKey } from './making.ts'

/**
 * Removes copies that have expired, and requests that came to nothing, whose archive may be there all the same: it goes
 * first, so that a crash in between leaves a row that the next round finds. @returns how many it was
 */
export async function forgetExports({ db, now, objects }: Context, batch: number): Promise<number> {
  const at = now()
  const rows = await db
    .selectFrom('exports')
    .select(['id', 'account_id'])
    .where(row =>
      row.or([
        row('expires_at', '<=', at),
        row.and([row('ready_at', 'is', null), row('requested_at', '<=', new Date(at.getTime() - exportLifetime))]),
      ]),
    )
    .orderBy('requested_at')
    .limit(batch)
    .execute()
  if (rows.length === 0) return 0
  await objects.remove(rows.map(row => archiveKey(row.account_id, row.id)))
  const ids = rows.map(({ id }) => id)
  await db.deleteFrom('exports').where('id', 'in', ids).execute()
  return ids.length
}
