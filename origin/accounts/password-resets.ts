import type { Transaction } from 'kysely'
import { normaliseEmail } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import type { Aggregate } from '../outbox.ts'
import { transactAndPurge } from '../purge-log.ts'
import { requireToken, spendToken, voidTokens } from './account-tokens.ts'
import { endAddressChanges } from './open-address-changes.ts'
import { requireGoodPassword } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { endSessions } from './sessions.ts'
import { requireEntered } from './unique-address.ts'

/** Asks for a mail to set a new password; answers the same for an address that nobody has. */
export async function requestPasswordReset(ctx: Context, input: { email: string }): Promise<void> {
  const account = await ctx.db
    .selectFrom('accounts')
    .select(['id', 'version'])
    .where('email', '=', normaliseEmail(input.email))
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!account) return
  const key = `reset ${crypto.randomUUID()}`
  const mail = { mail: 'reset', accountId: account.id, key, about: account } as const
  await ctx.db.transaction().execute(trx => requestMail(trx, mail))
}

/**
 * Sets a new password with the token of the mail and ends every session. Whoever has the token has read the mail, so an
 * address that was not verified is now.
 * @throws invalid_or_used_token, invalid_input for a password that is too common (the token stays good)
 */
export async function completePasswordReset(ctx: Context, input: { token: string; password: string }): Promise<void> {
  await requireToken(ctx, input.token, 'reset')
  await requireGoodPassword(input.password)
  const passwordHash = await hashPassword(input.password)
  await transactAndPurge(ctx, async (trx, purge) => {
    const id = await spendToken(ctx, trx, input.token, 'reset')
    const account = await trx
      .updateTable('accounts')
      .set(update => ({
        password_hash: passwordHash,
        verified_at: update.fn.coalesce('verified_at', update.val(ctx.now())),
        version: update('version', '+', 1),
      }))
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!account) throw new AppError('invalid_or_used_token')
    await requireGoodPassword(input.password, { email: account.email, displayName: account.display_name })
    await requireEntered(ctx, account)
    await endSessions(trx, purge, id, ctx.now())
    await voidTokens(ctx, trx, id, ['verify', 'reset'])
    // Whoever asked for another address knew the old password.
    await endAddressChanges(trx, id, ctx.now())
    await tellOfNewPassword(trx, account)
  })
}

/** Tells the holder of an account that its password is another one from now on, whoever changed it. */
export function tellOfNewPassword(trx: Transaction<Database>, account: Aggregate): Promise<void> {
  const key = `password-changed ${account.id} ${account.version}`
  return requestMail(trx, { mail: 'password-changed', accountId: account.id, key, about: account })
}
