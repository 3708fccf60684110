import type { Updateable } from 'kysely'
import type { Account, AccountPatch } from '../../shared/account.ts'
import { cacheTags } from '../../shared/cache-tags.ts'
import { AppError } from '../../shared/errors.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { AccountsTable } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import { transactAndPurge } from '../purge-log.ts'
import { voidTokens } from './account-tokens.ts'
import { endAddressChanges } from './open-address-changes.ts'
import { tellOfNewPassword } from './password-resets.ts'
import { requireGoodPassword } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { type AccountRow, endSessions } from './sessions.ts'
import { accountView } from './views.ts'

/** Gives an actor's own account. @throws account_not_found when it was deleted a moment ago */
export async function getAccount(ctx: Pick<Context, 'db' | 'region'>, actor: Actor): Promise<Account> {
  return accountView(await getOwnRow(ctx, actor), ctx.region)
}

/** Changes what an account's holder may change; what is not named stays. */
export async function editAccount(
  ctx: Pick<Context, 'db' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  patch: AccountPatch,
): Promise<Account> {
  const changes: Updateable<AccountsTable> = {
    ...(patch.displayName !== undefined && { display_name: patch.displayName }),
    ...(patch.locale !== undefined && { locale: patch.locale }),
    ...(patch.timeZone !== undefined && { time_zone: patch.timeZone }),
    ...(patch.currency !== undefined && { currency: patch.currency }),
  }
  if (Object.keys(changes).length === 0) return getAccount(ctx, actor)
  const row = await transactAndPurge(ctx, async (trx, purge) => {
    const row = await trx
      .updateTable('accounts')
      .set(update => ({ ...changes, version: update('version', '+', 1) }))
      .where('id', '=', actor.id)
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (row && patch.displayName !== undefined) purge(row, { tags: [cacheTags.seller(actor.id)] })
    return row
  })
  if (!row) throw new AppError('account_not_found')
  return accountView(row, ctx.region)
}

/** Changes the password of whoever knows the present one; their other sessions end. @throws invalid_input, conflict */
export async function changePassword(
  ctx: Context,
  actor: Actor,
  input: { currentPassword: string; password: string },
): Promise<void> {
  const account = await getOwnRow(ctx, actor)
  await requireGoodPassword(input.password, { email: account.email, displayName: account.display_name })
  await requirePassword(account, input.currentPassword, 'currentPassword')
  const passwordHash = await hashPassword(input.password)
  await transactAndPurge(ctx, async (trx, purge) => {
    const changed = await trx
      .updateTable('accounts')
      .set(update => ({ password_hash: passwordHash, version: update('version', '+', 1) }))
      .where('id', '=', actor.id)
      .where('password_hash', '=', account.password_hash)
      .where('deleted_at', 'is', null)
      .returning(['id', 'version'])
      .executeTakeFirst()
    if (!changed) throw new AppError('conflict')
    await endSessions(trx, purge, actor.id, ctx.now(), { except: actor.sessionId })
    await voidTokens(ctx, trx, actor.id, ['reset'])
    // Whoever asked for another address knew the old password.
    await endAddressChanges(trx, actor.id, ctx.now())
    await tellOfNewPassword(trx, changed)
  })
}

/** Deletes the account of whoever knows its password: posts are hidden and sessions end at once. @throws invalid_input, conflict */
export async function deleteAccount(ctx: Context, actor: Actor, input: { password: string }): Promise<void> {
  const account = await getOwnRow(ctx, actor)
  await requirePassword(account, input.password, 'password')
  await transactAndPurge(ctx, async (trx, purge) => {
    const deleted = await trx
      .updateTable('accounts')
      .set(update => ({ deleted_at: ctx.now(), version: update('version', '+', 1) }))
      .where('id', '=', actor.id)
      .where('password_hash', '=', account.password_hash)
      .where('deleted_at', 'is', null)
      .returning(['id', 'version'])
      .executeTakeFirst()
    if (!deleted) throw new AppError('conflict')
    await trx.updateTable('posts').set({ seller_hidden: true }).where('account_id', '=', actor.id).execute()
    purge(deleted, { tags: [cacheTags.seller(actor.id), cacheTags.lists(ctx.region)] })
    await endSessions(trx, purge, actor.id, ctx.now())
    await voidTokens(ctx, trx, actor.id, ['verify', 'reset'])
    const key = `account-deleted ${actor.id} ${ctx.now().toISOString()}`
    await requestMail(trx, { mail: 'account-deleted', accountId: actor.id, key, about: deleted })
  })
}

/** Fetches the actor's own row. @throws account_not_found when it was deleted a moment ago */
export async function getOwnRow({ db }: Pick<Context, 'db'>, actor: Actor): Promise<AccountRow> {
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', actor.id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new AppError('account_not_found')
  return row
}

/** The session is in order, so a wrong password is a faulty field and no 401. */
export async function requirePassword(account: AccountRow, password: string, field: string): Promise<void> {
  if (await verifyPassword(account.password_hash, password)) return
  throw new AppError('invalid_input', { errors: [{ field, message: 'is not your password' }] })
}
