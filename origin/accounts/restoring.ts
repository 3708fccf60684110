import { cacheTags } from '../../shared/cache-tags.ts'
import type { Context } from '../context.ts'
import { transactAndPurge } from '../purge-log.ts'
import { keptAfterDeletion } from './deletion.ts'
import type { AccountRow } from './sessions.ts'

/** Tells whether a deleted account can still be had back; by the clock alone, whatever job runs or does not. */
export function canRestore({ deleted_at }: Pick<AccountRow, 'deleted_at'>, now: Date): boolean {
  return deleted_at !== null && now.getTime() < deleted_at.getTime() + keptAfterDeletion
}

/**
 * Takes the deletion of an account back, for whoever has just shown its password: its posts are shown again.
 * @returns the account as it is now; undefined when it was restored, erased or suspended meanwhile
 */
export function restoreAccount(ctx: Context, { id, deleted_at }: AccountRow): Promise<AccountRow | undefined> {
  return transactAndPurge(ctx, async (trx, purge) => {
    const account = await trx
      .updateTable('accounts')
      .set(update => ({ deleted_at: null, version: update('version', '+', 1) }))
      .where('id', '=', id)
      .where('deleted_at', '=', deleted_at)
      .where('suspended_at', 'is', null)
      .where('erasing_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!account) return undefined
    await trx.updateTable('posts').set({ seller_hidden: false }).where('account_id', '=', id).execute()
    purge(account, { tags: [cacheTags.seller(id), cacheTags.lists(ctx.region)] })
    return account
  })
}
