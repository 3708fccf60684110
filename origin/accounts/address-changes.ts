import type { Selectable, Transaction } from 'kysely'
import { type AddressState, normaliseEmail } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import { createId } from '../../shared/ids.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { AddressChangesTable, Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import type { Aggregate } from '../outbox.ts'
import { voidTokens } from './account-tokens.ts'
import { getOwnRow, requirePassword } from './accounts.ts'
import { endAddressChanges } from './open-address-changes.ts'
import { leaveDirectory } from './unique-address.ts'

type ChangeRow = Selectable<AddressChangesTable>
export type Side = 'old' | 'new'

const day = 86_400_000
/** How long both addresses have to agree, in milliseconds. */
const timeToAgree = day
/** Changes that may be asked for in a day: each sends a mail to an address that somebody typed. */
const mostADay = 5

/** Gives an account's address, whether mail reaches it, and the one that it is to be changed to. @throws account_not_found */
export async function readAddress(ctx: Pick<Context, 'db' | 'now'>, actor: Actor): Promise<AddressState> {
  const account = await getOwnRow(ctx, actor)
  const change = await findOpenChange(ctx, actor.id)
  return {
    email: account.email,
    trouble: account.mail_trouble,
    change: change
      ? {
          email: change.new_email,
          confirmed: change.new_confirmed_at !== null,
          approved: change.old_approved_at !== null,
          expiresAt: change.expires_at.toISOString(),
        }
      : null,
  }
}

/**
 * Asks both addresses whether an account may move from one to the other. The answer and the work are the same whether
 * the new one has an account or not: the mail to it says so, and only its holder reads that. An old address that does
 * not take our mail cannot be asked; the password stands for it.
 * @throws invalid_input for a wrong password or the present address, rate_limited
 */
export async function requestAddressChange(
  ctx: Context,
  actor: Actor,
  input: { email: string; password: string },
): Promise<void> {
  const account = await getOwnRow(ctx, actor)
  await requirePassword(account, input.password, 'password')
  const email = normaliseEmail(input.email)
  if (email === account.email) {
    throw new AppError('invalid_input', { errors: [{ field: 'email', message: 'is your address already' }] })
  }
  const now = ctx.now()
  const deaf = account.mail_trouble === 'bounced'
  await ctx.db.transaction().execute(async trx => {
    const locked = await trx
      .selectFrom('accounts')
      .select(['id', 'version'])
      .where('id', '=', actor.id)
      .forUpdate()
      .executeTakeFirst()
    if (!locked) throw new AppError('account_not_found')
    await requireSomeLeft(trx, actor.id, now)
    await endAddressChanges(trx, actor.id, now)
    const id = createId(ctx.region, now.getTime())
    const change = {
      id,
      account_id: actor.id,
      old_email: account.email,
      new_email: email,
      requested_at: now,
      expires_at: new Date(now.getTime() + timeToAgree),
      old_approved_at: deaf ? now : null,
    }
    await trx.insertInto('address_changes').values(change).execute()
    for (const side of deaf ? (['new'] as const) : (['new', 'old'] as const)) {
      await askAddress(trx, 'confirm-address', locked, id, side)
    }
  })
}

/**
 * Notes that one of the two addresses agrees, and makes the change when both have. Agreeing again is harmless, and makes
 * up for a change that could not be made the first time.
 * @throws invalid_or_used_token when it is too late or the new address has an account by now; service_unavailable
 */
export async function agreeToAddress(
  ctx: Context,
  { accountId, changeId, side }: { accountId: string; changeId: string; side: Side },
): Promise<void> {
  const column = side === 'new' ? 'new_confirmed_at' : 'old_approved_at'
  const change = await ctx.db
    .updateTable('address_changes')
    .set(update => ({ [column]: update.fn.coalesce(column, update.val(ctx.now())) }))
    .where('id', '=', changeId)
    .where('account_id', '=', accountId)
    .where('moved_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .returningAll()
    .executeTakeFirst()
  if (!change) throw new AppError('invalid_or_used_token')
  if (change.new_confirmed_at && change.old_approved_at) await moveAddress(ctx, change)
}

/** Brings the directory up to date after moves that were cut short. @returns how many it was */
export async function settleAddressMoves(
  ctx: Pick<Context, 'db' | 'directory' | 'now'>,
  batch: number,
): Promise<number> {
  const moves = await ctx.db
    .selectFrom('address_changes')
    .selectAll()
    .where('moved_at', 'is not', null)
    .where('settled_at', 'is', null)
    .limit(batch)
    .execute()
  for (const move of moves) await settle(ctx, move)
  return moves.length
}

/**
 * Reserve the new address, change the row, confirm the new one, release the old one (architecture, decision 10). A crash
 * before the row changes leaves a lease that runs out; after it `settleAddressMoves` does the rest, and until then the old
 * address points to a region that knows that it is free.
 */
async function moveAddress(ctx: Context, change: ChangeRow): Promise<void> {
  const reservation = await ctx.directory.reserve(change.new_email)
  if (!reservation.taken && reservation.holder !== ctx.region) throw new AppError('invalid_or_used_token')
  try {
    await ctx.db.transaction().execute(trx => changeRow(ctx, trx, change))
  } catch (error) {
    if (reservation.taken) await ctx.directory.release(change.new_email, reservation.nonce).catch(() => {})
    throw isTaken(error) ? new AppError('invalid_or_used_token') : error
  }
  await settle(ctx, change).catch(err => ctx.log.warn({ err, changeId: change.id }, 'the directory will follow later'))
}

async function changeRow(ctx: Context, trx: Transaction<Database>, change: ChangeRow): Promise<void> {
  const now = ctx.now()
  // Whoever registered it and never confirmed it did not hold it; whoever agreed to this does.
  await trx
    .deleteFrom('accounts')
    .where('email', '=', change.new_email)
    .where('verified_at', 'is', null)
    .where('suspended_at', 'is', null)
    .execute()
  const account = await trx
    .updateTable('accounts')
    .set(update => ({
      email: change.new_email,
      in_directory: false,
      mail_trouble: null,
      mail_trouble_at: null,
      version: update('version', '+', 1),
    }))
    .where('id', '=', change.account_id)
    .where('email', '=', change.old_email)
    .where('suspended_at', 'is', null)
    .where('deleted_at', 'is', null)
    .returning(['id', 'version'])
    .executeTakeFirst()
  const moved = await trx
    .updateTable('address_changes')
    .set({ moved_at: now })
    .where('id', '=', change.id)
    .where('moved_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst()
  if (!account || !moved) throw new AppError('invalid_or_used_token')
  // Links in the old address's inbox must not open the account any more.
  await voidTokens(ctx, trx, account.id, ['verify', 'reset'])
  for (const side of ['old', 'new'] as const) await askAddress(trx, 'address-changed', account, change.id, side)
}

async function settle(
  { db, directory, now }: Pick<Context, 'db' | 'directory' | 'now'>,
  change: ChangeRow,
): Promise<void> {
  const { new_email: email, account_id: id } = change
  if (!(await directory.confirm([email])).has(email)) {
    await db
      .updateTable('accounts')
      .set({ in_directory: true })
      .where('id', '=', id)
      .where('email', '=', email)
      .execute()
  }
  await leaveDirectory({ db, directory }, change.old_email)
  await db.updateTable('address_changes').set({ settled_at: now() }).where('id', '=', change.id).execute()
}

function askAddress(
  trx: Transaction<Database>,
  mail: 'confirm-address' | 'address-changed',
  account: Aggregate,
  changeId: string,
  side: Side,
): Promise<void> {
  const key = `${mail} ${changeId} ${side}`
  return requestMail(trx, { mail, accountId: account.id, key, about: account, data: { changeId, side } })
}

async function requireSomeLeft(trx: Transaction<Database>, accountId: string, now: Date): Promise<void> {
  const asked = await trx
    .selectFrom('address_changes')
    .select('requested_at')
    .where('account_id', '=', accountId)
    .where('requested_at', '>', new Date(now.getTime() - day))
    .orderBy('requested_at')
    .execute()
  const [first] = asked
  if (!first || asked.length < mostADay) return
  const seconds = Math.ceil((first.requested_at.getTime() + day - now.getTime()) / 1000)
  throw new AppError('rate_limited', {
    detail: 'You have asked for this several times today: try again tomorrow',
    headers: { 'retry-after': String(seconds) },
  })
}

function findOpenChange({ db, now }: Pick<Context, 'db' | 'now'>, accountId: string): Promise<ChangeRow | undefined> {
  return db
    .selectFrom('address_changes')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('moved_at', 'is', null)
    .where('expires_at', '>', now())
    .orderBy('requested_at', 'desc')
    .executeTakeFirst()
}

/** A unique violation (SQLSTATE 23505): another account has the address. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
