import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'

/**
 * Has the copies of some accounts' data made anew, in the transaction that erases something that is in them. Until the job
 * has done so they cannot be downloaded; the new archive takes the place of the old one, and no second mail is sent.
 */
export async function renewExports(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return
  const rows = await trx
    .updateTable('exports')
    .set({ ready_at: null, expires_at: null, object_key: null, bytes: null })
    .where('account_id', 'in', accountIds)
    .where('expires_at', '>', now())
    .returning('id')
    .execute()
  for (const { id } of rows)
    await recordEvent(trx, { kind: 'export.requested', about: { id, version: 1 }, payload: { exportId: id } })
}
