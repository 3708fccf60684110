import { type Credentials, normaliseEmail, type SessionGrant } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { hashPassword, needsRehash, verifyNothing, verifyPassword } from './passwords.ts'
import { canRestore, restoreAccount } from './restoring.ts'
import { type AccountRow, createSession } from './sessions.ts'

/**
 * Signs in. Unknown and unverified accounts and wrong passwords are one and the same answer after the same work; only the
 * right password learns that an account is suspended, and why. It also takes back a deletion of the last 14 days, and the
 * answer says so; after that a deleted account is as good as unknown, erased or not.
 * @throws invalid_credentials, account_suspended
 */
export async function signIn(ctx: Context, input: Credentials, visitor: Visitor): Promise<SessionGrant> {
  const account = await ctx.db
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normaliseEmail(input.email))
    .executeTakeFirst()
  const right = account
    ? await verifyPassword(account.password_hash, input.password)
    : await verifyNothing(input.password)
  const gone = account?.deleted_at && !canRestore(account, ctx.now())
  if (!account || !right || !account.verified_at || gone) throw new AppError('invalid_credentials')
  if (account.suspended_at) {
    throw new AppError('account_suspended', { detail: `This account is suspended: ${account.suspension_reason}` })
  }
  if (!account.deleted_at) return createSession(ctx, await strengthen(ctx, account, input.password), visitor)
  const restored = await restoreAccount(ctx, account)
  if (!restored) throw new AppError('conflict')
  return { ...(await createSession(ctx, restored, visitor)), restored: true }
}

/** Hashes the password again when the parameters have risen since, unless it was changed meanwhile. */
async function strengthen({ db }: Pick<Context, 'db'>, account: AccountRow, password: string): Promise<AccountRow> {
  if (!needsRehash(account.password_hash)) return account
  const stronger = await db
    .updateTable('accounts')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', account.id)
    .where('password_hash', '=', account.password_hash)
    .returningAll()
    .executeTakeFirst()
  return stronger ?? account
}
