import { vacating } from '../accounts/unique-address.ts'
import type { Context } from '../context.ts'

/** How long an account waits for its address to be verified, in milliseconds. */
const keptUnverified = 14 * 86_400_000

/**
 * Deletes accounts whose address nobody has verified in 14 days, and lets the address go; one that was sent a link which
 * still works may yet be. @returns how many were looked at
 */
export async function clearUnverifiedAccounts(ctx: Context, batch: number): Promise<number> {
  const now = ctx.now()
  const before = new Date(now.getTime() - keptUnverified)
  const accounts = await ctx.db
    .selectFrom('accounts')
    .select(['id', 'email'])
    .where('verified_at', 'is', null)
    .where('created_at', '<=', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('account_tokens')
            .select('account_tokens.account_id')
            .whereRef('account_tokens.account_id', '=', 'accounts.id')
            .where('used_at', 'is', null)
            .where('expires_at', '>', now),
        ),
      ),
    )
    .orderBy('created_at')
    .limit(batch)
    .execute()
  for (const { id, email } of accounts) {
    // Whoever verifies it at this moment, or asks for another mail, keeps it.
    const remove = ctx.db
      .deleteFrom('accounts')
      .where('id', '=', id)
      .where('verified_at', 'is', null)
      .where('created_at', '<=', before)
    await vacating(ctx, [email], () => remove.execute())
  }
  return accounts.length
}
