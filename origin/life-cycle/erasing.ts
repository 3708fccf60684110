import { type Selectable, sql } from 'kysely'
import { regions } from '../../shared/regions.ts'
import { keptAfterDeletion } from '../accounts/deletion.ts'
import { vacating } from '../accounts/unique-address.ts'
import type { Context } from '../context.ts'
import type { AccountsTable } from '../db/schema.ts'
import { exportFolder } from '../exports/making.ts'
import { type Handler, once } from '../job.ts'
import { recordEvent } from '../outbox.ts'
import { eraseInParts, eraseRest, mentions } from './erased-rows.ts'
import { collectWords } from './erased-words.ts'
import { checkErased, type Erased } from './erasure-check.ts'

/** Who the audit table names for what is done by the clock. */
const clockwork = 'scheduler'

/**
 * Tells the other regions of accounts whose 14 days are over: threads with sellers there, and reports, are kept there. The
 * account itself stays until they have been told, so that no crash forgets anybody. @returns how many it was
 */
export async function announceErasures(ctx: Context, batch: number): Promise<number> {
  const now = ctx.now()
  const others = regions.filter(region => region !== ctx.region && ctx.config.peers[region])
  return ctx.db.transaction().execute(async trx => {
    const accounts = await trx
      .selectFrom('accounts')
      .select(['id', 'version'])
      .where('deleted_at', '<=', new Date(now.getTime() - keptAfterDeletion))
      .where('erasing_at', 'is', null)
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { id, version } of accounts) {
      await trx.updateTable('accounts').set({ erasing_at: now }).where('id', '=', id).execute()
      for (const region of others) {
        const event = { kind: 'account.erased', about: { id, version }, payload: { accountId: id } } as const
        await recordEvent(trx, { ...event, region })
      }
    }
    return accounts.length
  })
}

/**
 * Erases accounts of which every other region was told, and checks that nothing is left of them. One that cannot be erased
 * is logged and does not hold up the others. @returns how many were erased
 */
export async function eraseAccounts(ctx: Context, batch: number): Promise<number> {
  const accounts = await ctx.db
    .selectFrom('accounts')
    .select(['id', 'email'])
    .where('erasing_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox')
            .select('outbox.id')
            .where(mentions(sql.ref('accounts.id')))
            .where('done_at', 'is', null),
        ),
      ),
    )
    .orderBy('erasing_at')
    .limit(batch)
    .execute()
  const erased: Erased[] = []
  for (const account of accounts) {
    try {
      erased.push(await eraseAccount(ctx, account))
    } catch (err) {
      ctx.log.error({ err, accountId: account.id }, 'an account cannot be erased')
    }
  }
  if (erased.length > 0) await reportLeftovers(ctx, erased)
  return erased.length
}

/** What a region does when an account of another one is erased: its threads, blocks and reports here have to go. */
export const eraseTraces: Handler<'account.erased'> = async (ctx, job) => {
  const { accountId } = job.payload
  const words = await collectWords(ctx.db, accountId)
  await eraseInParts(ctx, accountId)
  await once(ctx, job, trx => eraseRest(ctx, trx, accountId))
  await reportLeftovers(ctx, [{ id: accountId, words }])
}

type Erasable = Pick<Selectable<AccountsTable>, 'id' | 'email'>

/**
 * The account's row goes last: as long as it is there, a crash is made good by doing it all again.
 * @returns by what to look for leftovers
 */
async function eraseAccount(ctx: Context, { id, email }: Erasable): Promise<Erased> {
  const words = await collectWords(ctx.db, id)
  await ctx.objects.remove(await ctx.objects.list(exportFolder(id)))
  const photos = await eraseInParts(ctx, id)
  const changes = await ctx.db
    .selectFrom('address_changes')
    .select(['old_email', 'new_email'])
    .where('account_id', '=', id)
    .execute()
  const addresses = new Set([email, ...changes.flatMap(({ old_email, new_email }) => [old_email, new_email])])
  await vacating(ctx, [...addresses], () =>
    ctx.db.transaction().execute(async trx => {
      await eraseRest(ctx, trx, id)
      const { numDeletedRows } = await trx.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows === 0n) return // another process was as far
      const entry = { at: ctx.now(), actor_id: clockwork, action: 'account.erase', subject_id: id, reason: null }
      await trx.insertInto('audit').values(entry).execute()
    }),
  )
  return { id, addresses: [...addresses], words, photos }
}

async function reportLeftovers(ctx: Context, erased: readonly Erased[]): Promise<void> {
  const leftovers = await checkErased(ctx, erased)
  for (const { accountId, where } of leftovers) {
    ctx.log.error({ accountId, where }, 'something is left of an erased account')
    const reason = `left in ${where.join(', ')}`
    const entry = { at: ctx.now(), actor_id: clockwork, action: 'account.leftover', subject_id: accountId, reason }
    await ctx.db.insertInto('audit').values(entry).execute()
  }
}
