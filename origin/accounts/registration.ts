import type { Insertable, Transaction } from 'kysely'
import { normaliseEmail, type Registration, type SessionGrant } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import { internalHeaders } from '../../shared/headers.ts'
import { homeRegionOf } from '../../shared/home-region.ts'
import { createId } from '../../shared/ids.ts'
import type { Region } from '../../shared/regions.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import type { AccountsTable, Database } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'
import { spendToken, voidTokens } from './account-tokens.ts'
import { defaultSettings } from './defaults.ts'
import { requireGoodPassword } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { type AccountRow, grantSession, openSession } from './sessions.ts'

type Asked = { visitor: Visitor; traceparent: string | null }

/**
 * Registers an address, and answers the same whether it is known or not: a mail says the rest. The same work is done in
 * each case, one password hash above all.
 * @throws misdirected_request (421) with the region that must answer instead; service_unavailable without a directory
 */
export async function register(ctx: Context, input: Registration, asked: Asked): Promise<void> {
  const email = normaliseEmail(input.email)
  await requireGoodPassword(input.password, { email, displayName: input.displayName })
  await ctx.directory.requireComplete()
  const passwordHash = await hashPassword(input.password)
  const renewed = await registerAgain(ctx, email, { ...input, passwordHash }, asked)
  if (!renewed) {
    await requireHere(ctx, email, input.country, asked.visitor)
    const { country, locale, timeZone, currency } = defaultSettings(ctx.region, input.country, asked.visitor)
    const now = ctx.now()
    const account = {
      id: createId(ctx.region, now.getTime()),
      email,
      display_name: input.displayName,
      password_hash: passwordHash,
      role: 'member',
      country,
      locale,
      time_zone: timeZone,
      currency,
      created_at: now,
    } as const
    const inserted = await insertAccount(ctx, account, trx => askToVerify(trx, account.id, 1, asked.traceparent))
    // Somebody registered the address in this region a moment ago: what that one did, this one does again.
    if (!inserted) await registerAgain(ctx, email, { ...input, passwordHash }, asked)
  }
  ctx.outbox.poke()
}

/**
 * Enters a new account into Postgres and the directory (architecture, decision 10): reserve, insert, confirm. A crash
 * before the insert leaves a lease that runs out, one after it a row that `confirmLeftovers` enters.
 * @returns false when this region has the address already
 * @throws misdirected_request when another region holds the address
 */
export async function insertAccount(
  ctx: Pick<Context, 'db' | 'directory'>,
  account: Insertable<AccountsTable>,
  also: (trx: Transaction<Database>) => Promise<void>,
): Promise<boolean> {
  const { db, directory } = ctx
  const reservation = await directory.reserve(account.email)
  const region = account.id.slice(0, 2)
  if (!reservation.taken && reservation.holder !== region) throw misdirected(reservation.holder)
  let inserted: boolean
  try {
    inserted = await db.transaction().execute(async trx => {
      const row = await trx
        .insertInto('accounts')
        .values(account)
        .onConflict(conflict => conflict.column('email').doNothing())
        .returning('id')
        .executeTakeFirst()
      if (row) await also(trx)
      return row !== undefined
    })
  } catch (error) {
    if (reservation.taken) await directory.release(account.email, reservation.nonce).catch(() => {})
    throw error
  }
  const holder = (await directory.confirm([account.email])).get(account.email)
  if (holder && inserted) await db.deleteFrom('accounts').where('id', '=', account.id).execute()
  if (holder) throw misdirected(holder)
  await db
    .updateTable('accounts')
    .set({ in_directory: true })
    .where('email', '=', account.email)
    .where('in_directory', '=', false)
    .execute()
  return inserted
}

/** Sends the mail again for an address that waits for its verification; answers the same for every other one. */
export async function resendVerification(
  ctx: Context,
  input: { email: string },
  { traceparent }: Asked,
): Promise<void> {
  const account = await ctx.db
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normaliseEmail(input.email))
    .executeTakeFirst()
  if (!account) return
  await ctx.db.transaction().execute(trx => tellHolder(trx, account, traceparent))
  ctx.outbox.poke()
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
    return { account, session: await openSession(ctx, trx, id, visitor) }
  })
  return grantSession(ctx, account, session)
}

/** An account that another region holds in the directory must not become a second one for its address. */
export async function requireEntered({ directory }: Pick<Context, 'directory'>, account: AccountRow): Promise<void> {
  if (account.in_directory) return
  if ((await directory.confirm([account.email])).size > 0) throw new AppError('invalid_or_used_token')
}

/**
 * An address that this region has already. While it is unverified the latest registration counts and mails sent before are
 * void: else whoever registers somebody's address first would have chosen the password for them.
 * @returns false when there is no such account here
 */
async function registerAgain(
  ctx: Context,
  email: string,
  input: Registration & { passwordHash: string },
  { traceparent }: Asked,
): Promise<boolean> {
  return ctx.db.transaction().execute(async trx => {
    const account = await trx
      .selectFrom('accounts')
      .selectAll()
      .where('email', '=', email)
      .forUpdate()
      .executeTakeFirst()
    if (!account) return false
    if (!account.verified_at && !account.deleted_at) {
      await trx
        .updateTable('accounts')
        .set(update => ({
          display_name: input.displayName,
          password_hash: input.passwordHash,
          version: update('version', '+', 1),
        }))
        .where('id', '=', account.id)
        .execute()
      await voidTokens(ctx, trx, account.id, ['verify', 'reset'])
    }
    await tellHolder(trx, account, traceparent)
    return true
  })
}

async function tellHolder(trx: Transaction<Database>, account: AccountRow, traceparent: string | null): Promise<void> {
  if (!account.verified_at) return askToVerify(trx, account.id, account.version, traceparent)
  await recordEvent(trx, {
    kind: 'mail.already-registered',
    aggregateId: account.id,
    aggregateVersion: account.version,
    traceparent,
  })
}

function askToVerify(
  trx: Transaction<Database>,
  id: string,
  version: number,
  traceparent: string | null,
): Promise<void> {
  return recordEvent(trx, { kind: 'mail.verify', aggregateId: id, aggregateVersion: version, traceparent })
}

/** An address that nobody has belongs where its country does; the edge asks again there, once. */
async function requireHere(ctx: Context, email: string, country: string | undefined, visitor: Visitor): Promise<void> {
  const region = (await ctx.directory.find(email)) ?? homeRegionOf(country, visitor)
  if (region !== ctx.region) throw misdirected(region)
}

function misdirected(region: Region): AppError {
  return new AppError('misdirected_request', { headers: { [internalHeaders.retryRegion]: region } })
}
