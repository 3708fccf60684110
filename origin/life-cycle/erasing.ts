import { type Selectable, sql, type Transaction } from 'kysely'
import { regions } from '../../shared/regions.ts'
import { keptAfterDeletion } from '../accounts/deletion.ts'
import { vacating } from '../accounts/unique-address.ts'
import type { Context } from '../context.ts'
import type { AccountsTable, Database } from '../db/schema.ts'
import { exportFolder } from '../exports/making.ts'
import { type Handler, once } from '../job.ts'
import { deleteImagesOfPosts } from '../media/removing.ts'
import { deleteThreadsOfPosts, eraseFromMessages } from '../messages/deleting.ts'
import { recordEvent } from '../outbox.ts'
import { checkErased } from './erasure-check.ts'

/** Who the audit table names for what is done by the clock. */
const clockwork = 'scheduler'
/** Posts that are deleted in one transaction. */
const fewPosts = 50

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
  const erased: Erasable[] = []
  for (const account of accounts) {
    try {
      await eraseAccount(ctx, account)
      erased.push(account)
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
  await once(ctx, job, trx => eraseRows(ctx, trx, accountId))
  await reportLeftovers(ctx, [{ id: accountId }])
}

type Erasable = Pick<Selectable<AccountsTable>, 'id' | 'email'>

/** The account's row goes last: as long as it is there, a crash is made good by doing it all again. */
async function eraseAccount(ctx: Context, { id, email }: Erasable): Promise<void> {
  await ctx.objects.remove(await ctx.objects.list(exportFolder(id)))
  while ((await erasePosts(ctx, id)) === fewPosts);
  const changes = await ctx.db
    .selectFrom('address_changes')
    .select(['old_email', 'new_email'])
    .where('account_id', '=', id)
    .execute()
  const addresses = new Set([email, ...changes.flatMap(({ old_email, new_email }) => [old_email, new_email])])
  await vacating(ctx, [...addresses], () =>
    ctx.db.transaction().execute(async trx => {
      await eraseRows(ctx, trx, id)
      const { numDeletedRows } = await trx.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows === 0n) return // another process was as far
      const entry = { at: ctx.now(), actor_id: clockwork, action: 'account.erase', subject_id: id, reason: null }
      await trx.insertInto('audit').values(entry).execute()
    }),
  )
}

/** No tombstones: nobody saw these posts for 14 days, and nothing of theirs may stay. */
function erasePosts(ctx: Context, accountId: string): Promise<number> {
  return ctx.db.transaction().execute(async trx => {
    const posts = await trx
      .selectFrom('posts')
      .select('id')
      .where('account_id', '=', accountId)
      .limit(fewPosts)
      .execute()
    const ids = posts.map(post => post.id)
    if (ids.length === 0) return 0
    await deleteThreadsOfPosts(ctx, trx, ids)
    await deleteImagesOfPosts(trx, ids, ctx.now())
    await trx.deleteFrom('posts').where('id', 'in', ids).execute()
    return ids.length
  })
}

/** Everything that names an account of whatever region and does not go with its row. */
async function eraseRows(ctx: Context, trx: Transaction<Database>, id: string): Promise<void> {
  await eraseFromMessages(ctx, trx, id)
  await trx.updateTable('reports').set({ decided_by: null }).where('decided_by', '=', id).execute()
  await trx.deleteFrom('idempotency_keys').where('account_id', '=', id).execute()
  await trx
    .deleteFrom('outbox')
    .where(mentions(sql.lit(id)))
    .where('done_at', 'is not', null)
    .execute()
}

/** Ids are unique in any text, so to look for one as text finds it in every kind of payload. */
function mentions(id: ReturnType<typeof sql.ref> | ReturnType<typeof sql.lit>) {
  return sql<boolean>`(outbox.aggregate_id = ${id} OR strpos(outbox.payload::text, ${id}) > 0)`
}

async function reportLeftovers(ctx: Context, erased: (Pick<Erasable, 'id'> & Partial<Erasable>)[]): Promise<void> {
  const leftovers = await checkErased(ctx, erased)
  for (const { accountId, where } of leftovers) {
    ctx.log.error({ accountId, where }, 'something is left of an erased account')
    const reason = `left in ${where.join(', ')}`
    const entry = { at: ctx.now(), actor_id: clockwork, action: 'account.leftover', subject_id: accountId, reason }
    await ctx.db.insertInto('audit').values(entry).execute()
  }
}
