import type { Transaction } from 'kysely'
import { normaliseEmail, type SessionGrant } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import type { Aggregate } from '../outbox.ts'
import { spendToken, voidTokens } from './account-tokens.ts'
import { type AccountRow, grantSession, openSession } from './sessions.ts'
import { requireEntered } from './unique-address.ts'

/** Sends the mail again for an address that waits for its verification; answers the same for every other one. */
export async function resendVerification(ctx: Context, input: { email: string }): Promise<void> {
  const account = await ctx.db
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normaliseEmail(input.email))
    .executeTakeFirst()
  if (!account) return
  await ctx.db.transaction().execute(trx => tellHolder(trx, account, ctx.now()))
}

/**
 * Verifies an address with the token of its mail and signs in.
 * @throws invalid_or_used_token
 */
export async function verifyAccount(ctx: Context, input: { token: string }, visitor: Visitor): Promise<SessionGrant> {
  const { account, session } = await ctx.db.transaction().execute(async trx => {
    const id = await spendToken(ctx, trx, input.token, 'verify')
    const account = await trx
      .updateTable('accounts')
      .set(update => ({ verified_at: ctx.now(), version: update('version', '+', 1) }))
      .where('id', '=', id)
      .where('verified_at', 'is', null)
      .where('suspended_at', 'is', null)
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!account) throw new AppError('invalid_or_used_token')
    await requireEntered(ctx, account)
    await voidTokens(ctx, trx, id, ['verify'])
    await requestMail(trx, { mail: 'welcome', accountId: id, key: `welcome ${id}`, about: account })
    return { account, session: await openSession(ctx, trx, account, visitor) }
  })
  return grantSession(ctx, account, session)
}

/**
 * Asks for the mail that an address with an account gets: to verify it, or that there is one already. The former begins
 * the 14 days anew for which an account waits, so that no clean-up overtakes its mail.
 */
export async function tellHolder(trx: Transaction<Database>, account: AccountRow, now: Date): Promise<void> {
  if (!account.verified_at) {
    await trx
      .updateTable('accounts')
      .set({ created_at: now })
      .where('id', '=', account.id)
      .where('verified_at', 'is', null)
      .execute()
    return askToVerify(trx, account)
  }
  await requestMail(trx, {
    mail: 'already-registered',
    accountId: account.id,
    key: `already-registered ${crypto.randomUUID()}`,
    about: account,
  })
}

/** Asks for a verification mail; each asking is one. */
export function askToVerify(trx: Transaction<Database>, account: Aggregate): Promise<void> {
  const key = `verify ${crypto.randomUUID()}`
  return requestMail(trx, { mail: 'verify', accountId: account.id, key, about: account })
}
