import type { Transaction } from 'kysely'
import type { Database } from '../db/schema.ts'

/** Ends an account's changes of address that wait for an answer: their links do nothing any more. */
export async function endAddressChanges(trx: Transaction<Database>, accountId: string, now: Date): Promise<void> {
  await trx
    .updateTable('address_changes')
    .set({ expires_at: now })
    .where('account_id', '=', accountId)
    .where('moved_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
}
