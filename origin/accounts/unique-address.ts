import type { Insertable, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { internalHeaders } from '../../shared/headers.ts'
import type { Region } from '../../shared/regions.ts'
import type { Context } from '../context.ts'
import type { AccountsTable, Database } from '../db/schema.ts'
import type { Aggregate } from '../outbox.ts'
import type { AccountRow } from './sessions.ts'

/**
 * Enters a new account into Postgres and the directory (architecture, decision 10): reserve, insert, confirm. A crash
 * before the insert leaves a lease that runs out, one after it a row that `confirmLeftovers` enters.
 * @returns false when this region has the address already
 * @throws misdirected_request when another region holds the address
 */
export async function insertAccount(
  ctx: Pick<Context, 'db' | 'directory'>,
  account: Insertable<AccountsTable>,
  also: (trx: Transaction<Database>, inserted: Aggregate) => Promise<void>,
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
        .returning(['id', 'version'])
        .executeTakeFirst()
      if (row) await also(trx, row)
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

/** Takes an address out of the directory that has no account here any more, unless it has one again by now. */
export function leaveDirectory(ctx: Pick<Context, 'db' | 'directory'>, email: string): Promise<void> {
  return vacating(ctx, [email], async () => {})
}

/**
 * Does what takes accounts away, and takes their addresses out of the directory with them: the entries become leases first,
 * so that a crash in between lets nobody's address stay taken. Those that have an account afterwards are entered again.
 */
export async function vacating(
  ctx: Pick<Context, 'db' | 'directory'>,
  emails: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  const leases: [email: string, nonce: string][] = []
  for (const email of emails) {
    const nonce = await ctx.directory.vacate(email)
    if (nonce !== undefined) leases.push([email, nonce])
  }
  try {
    await work()
  } finally {
    for (const [email, nonce] of leases) await settle(ctx, email, nonce)
  }
}

async function settle(
  { db, directory }: Pick<Context, 'db' | 'directory'>,
  email: string,
  nonce: string,
): Promise<void> {
  const account = db.updateTable('accounts').where('email', '=', email)
  // What Redis does not hear now, the check of the directory makes good.
  const stays = await account.set({ in_directory: false }).returning('id').executeTakeFirst()
  if (!stays) return directory.release(email, nonce).catch(() => {}) // the lease ends by itself
  await directory.confirm([email])
  await account.set({ in_directory: true }).execute()
}

/** An account that another region holds in the directory must not become a second one for its address. */
export async function requireEntered({ directory }: Pick<Context, 'directory'>, account: AccountRow): Promise<void> {
  if (account.in_directory) return
  if ((await directory.confirm([account.email])).size > 0) throw new AppError('invalid_or_used_token')
}

/** Says which region must answer instead; the edge asks there, once. */
export function misdirected(region: Region): AppError {
  return new AppError('misdirected_request', { headers: { [internalHeaders.retryRegion]: region } })
}
