import type { Insertable } from 'kysely'
import { normaliseEmail, type Registration } from '../../shared/account.ts'
import { homeRegionOf } from '../../shared/home-region.ts'
import { createId } from '../../shared/ids.ts'
import type { Region } from '../../shared/regions.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import type { AccountsTable } from '../db/schema.ts'
import { voidTokens } from './account-tokens.ts'
import { defaultSettings } from './defaults.ts'
import { requireGoodPassword } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { insertAccount, leaveDirectory, misdirected } from './unique-address.ts'
import { askToVerify, tellHolder } from './verification.ts'

/** A registration as it would be written down, and the region that it should live in. */
type Wish = {
  email: string
  home: Region
  columns: Pick<
    Insertable<AccountsTable>,
    'display_name' | 'password_hash' | 'country' | 'locale' | 'time_zone' | 'currency'
  >
}

/**
 * Registers an address, and answers the same whether it is known or not: a mail says the rest. The same work is done in
 * each case, one password hash above all.
 * @throws misdirected_request (421) with the region that must answer instead; service_unavailable without a directory
 */
export async function register(ctx: Context, input: Registration, visitor: Visitor): Promise<void> {
  const email = normaliseEmail(input.email)
  await requireGoodPassword(input.password, { email, displayName: input.displayName })
  await ctx.directory.requireComplete()
  const wish: Wish = {
    email,
    home: homeRegionOf(input.country, visitor, region => region === ctx.region || region in ctx.config.peers),
    columns: {
      display_name: input.displayName,
      password_hash: await hashPassword(input.password),
      ...settingsOf(ctx.region, input.country, visitor),
    },
  }
  if (!(await registerAgain(ctx, wish))) {
    await requireHere(ctx, wish)
    const now = ctx.now()
    const account = {
      id: createId(ctx.region, now.getTime()),
      email,
      role: 'member',
      created_at: now,
      ...wish.columns,
    } as const
    const inserted = await insertAccount(ctx, account, askToVerify)
    // Somebody registered the address in this region a moment ago: what that one did, this one does again.
    if (!inserted) await registerAgain(ctx, wish)
  }
}

/**
 * An address that this region has already. While it is unverified the latest registration counts, its country included,
 * and mails sent before are void: else whoever registers somebody's address first would have chosen for them.
 * @returns false when there is no such account here, or none any more
 */
async function registerAgain(ctx: Context, { email, home, columns }: Wish): Promise<boolean> {
  return ctx.db.transaction().execute(async trx => {
    const account = await trx
      .selectFrom('accounts')
      .selectAll()
      .where('email', '=', email)
      .forUpdate()
      .executeTakeFirst()
    if (!account) return false
    if (!account.verified_at && !account.suspended_at && !account.deleted_at) {
      if (home !== ctx.region) {
        await trx.deleteFrom('accounts').where('id', '=', account.id).execute()
        return false
      }
      const asked = await trx
        .updateTable('accounts')
        .set(update => ({ ...columns, version: update('version', '+', 1) }))
        .where('id', '=', account.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      await voidTokens(ctx, trx, account.id, ['verify', 'reset'])
      await tellHolder(trx, asked, ctx.now())
    } else await tellHolder(trx, account, ctx.now())
    return true
  })
}

/** An address that nobody has belongs where its country does; the edge asks again there, once. */
async function requireHere(ctx: Context, { email, home }: Wish): Promise<void> {
  const holder = await ctx.directory.find(email)
  if (holder === undefined || holder === ctx.region) {
    if (home === ctx.region) return
    if (holder) await leaveDirectory(ctx, email)
    throw misdirected(home)
  }
  throw misdirected(holder)
}

function settingsOf(region: Region, country: string | undefined, visitor: Visitor) {
  const { timeZone, ...settings } = defaultSettings(region, country, visitor)
  return { ...settings, time_zone: timeZone }
}
