import { type Locale, normaliseEmail, type Role } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import { createId } from '../../shared/ids.ts'
import { regionOfCountry } from '../../shared/regions.ts'
import type { Context } from '../context.ts'
import { transactAndPurge } from '../purge-log.ts'
import { defaultSettings } from './defaults.ts'
import { hashPassword } from './passwords.ts'
import { type AccountRow, endSessions } from './sessions.ts'
import { insertAccount } from './unique-address.ts'

export type VerifiedAccountInput = {
  email: string
  displayName: string
  role?: Role
  /** Must belong to this region; its default country otherwise. */
  country?: string
  locale?: Locale
  timeZone?: string
  currency?: string
  createdAt?: Date
} & ({ password: string } | { passwordHash: string })

type Accounts = Pick<Context, 'db' | 'directory' | 'region' | 'now'>

/**
 * Makes an account whose address counts as verified: for operators, demo data and imports, never for a request.
 * @throws conflict when the address is taken, here or in another region
 */
export async function createVerifiedAccount(ctx: Accounts, input: VerifiedAccountInput): Promise<AccountRow> {
  const { account, created } = await findOrCreateVerifiedAccount(ctx, input)
  if (!created)
    throw new AppError('conflict', { detail: `Cannot create ${input.email}: this address has an account already` })
  return account
}

/** As `createVerifiedAccount`, but an account that this region has is given as it is. */
export async function findOrCreateVerifiedAccount(
  ctx: Accounts,
  input: VerifiedAccountInput,
): Promise<{ account: AccountRow; created: boolean }> {
  const email = normaliseEmail(input.email)
  const known = await findAccountByEmail(ctx, email)
  if (known) return { account: known, created: false }
  if (input.country && regionOfCountry(input.country) !== ctx.region) {
    throw new AppError('conflict', {
      detail: `Cannot create ${email} in ${ctx.region}: ${input.country} belongs to another region`,
    })
  }
  await ctx.directory.requireComplete()
  const settings = defaultSettings(ctx.region, input.country, { country: null, timeZone: null })
  const now = ctx.now()
  const createdAt = input.createdAt ?? now
  const account = {
    id: createId(ctx.region, createdAt.getTime()),
    email,
    display_name: input.displayName,
    password_hash: 'passwordHash' in input ? input.passwordHash : await hashPassword(input.password),
    role: input.role ?? 'member',
    country: settings.country,
    locale: input.locale ?? settings.locale,
    time_zone: input.timeZone ?? settings.timeZone,
    currency: input.currency ?? settings.currency,
    created_at: createdAt,
    verified_at: createdAt,
  }
  const created = await insertAccount(ctx, account, async () => {}).catch(explainHolder)
  const row = await findAccountByEmail(ctx, email)
  if (!row) throw new Error(`Cannot find the account ${account.id} that was just made`)
  return { account: row, created }

  function explainHolder(error: unknown): never {
    if (!(error instanceof AppError) || error.code !== 'misdirected_request') throw error
    const [holder] = Object.values(error.headers)
    throw new AppError('conflict', {
      detail: `Cannot create ${email} in ${ctx.region}: region ${holder} has this address`,
      cause: error,
    })
  }
}

/** Gives this region's account of an address, or undefined. */
export async function findAccountByEmail({ db }: Pick<Context, 'db'>, email: string): Promise<AccountRow | undefined> {
  return db.selectFrom('accounts').selectAll().where('email', '=', normaliseEmail(email)).executeTakeFirst()
}

/** Changes the role of an account; its sessions end, because their tokens name the old one. @throws account_not_found */
export async function changeRole(
  ctx: Pick<Context, 'db' | 'now' | 'purgeLog' | 'log'>,
  email: string,
  role: Role,
): Promise<AccountRow> {
  return transactAndPurge(ctx, async (trx, purge) => {
    const account = await trx
      .updateTable('accounts')
      .set(update => ({ role, version: update('version', '+', 1) }))
      .where('email', '=', normaliseEmail(email))
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!account)
      throw new AppError('account_not_found', {
        detail: `Cannot change the role of ${email}: there is no such account`,
      })
    await endSessions(trx, purge, account.id, ctx.now())
    return account
  })
}
