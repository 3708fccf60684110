import type { Transaction } from 'kysely'
import { cacheTags } from '../../shared/cache-tags.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import type { Aggregate } from '../outbox.ts'
import { transactAndPurge } from '../purge-log.ts'
import { endSessions } from './sessions.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>
type Suspension = { id: string; reason: string }

/**
 * Suspends an account: its posts are hidden and its sessions end in the same transaction. That it is suspended already is
 * as good, and changes nothing.
 * @throws account_not_found; forbidden for one's own account and for operators
 */
export async function suspendAccount(ctx: Stores, actor: Actor, { id, reason }: Suspension): Promise<void> {
  if (!isId(id)) throw new AppError('account_not_found')
  if (id === actor.id) throw new AppError('forbidden', { detail: 'Nobody can suspend their own account' })
  await transactAndPurge(ctx, async (trx, purge) => {
    const account = await trx
      .updateTable('accounts')
      .set(update => ({ suspended_at: ctx.now(), suspension_reason: reason, version: update('version', '+', 1) }))
      .where('id', '=', id)
      .where('suspended_at', 'is', null)
      .where('role', '!=', 'operator')
      .returning(['id', 'version'])
      .executeTakeFirst()
    if (!account) return explainRefusal(trx, id)
    await trx.updateTable('posts').set({ seller_hidden: true }).where('account_id', '=', id).execute()
    purge(account, { tags: [cacheTags.seller(id), cacheTags.lists(ctx.region)] })
    await endSessions(trx, purge, id, ctx.now())
    await writeAudit(trx, actor, 'account.suspend', id, reason)
    await tellHolder(trx, 'account-suspended', account)
  })
}

/** Lifts a suspension: posts are shown again unless the account was deleted. Lifting none changes nothing. @throws account_not_found */
export async function reinstateAccount(ctx: Stores, actor: Actor, id: string): Promise<void> {
  if (!isId(id)) throw new AppError('account_not_found')
  await transactAndPurge(ctx, async (trx, purge) => {
    const account = await trx
      .updateTable('accounts')
      .set(update => ({ suspended_at: null, suspension_reason: null, version: update('version', '+', 1) }))
      .where('id', '=', id)
      .where('suspended_at', 'is not', null)
      .returning(['id', 'version', 'deleted_at'])
      .executeTakeFirst()
    if (!account) return explainRefusal(trx, id)
    await trx
      .updateTable('posts')
      .set({ seller_hidden: account.deleted_at !== null })
      .where('account_id', '=', id)
      .execute()
    purge(account, { tags: [cacheTags.seller(id), cacheTags.lists(ctx.region)] })
    await writeAudit(trx, actor, 'account.reinstate', id, null)
    await tellHolder(trx, 'account-reinstated', account)
  })
}

/** Nothing was changed: because it is so already, or because it must not be. */
async function explainRefusal(trx: Transaction<Database>, id: string): Promise<void> {
  const account = await trx.selectFrom('accounts').select('role').where('id', '=', id).executeTakeFirst()
  if (!account) throw new AppError('account_not_found')
  if (account.role === 'operator') throw new AppError('forbidden', { detail: 'An operator cannot be suspended' })
}

function tellHolder(
  trx: Transaction<Database>,
  mail: 'account-suspended' | 'account-reinstated',
  about: Aggregate,
): Promise<void> {
  return requestMail(trx, { mail, accountId: about.id, key: `${mail} ${about.id} ${about.version}`, about })
}

async function writeAudit(
  trx: Transaction<Database>,
  actor: Actor,
  action: string,
  subject: string,
  reason: string | null,
): Promise<void> {
  await trx.insertInto('audit').values({ actor_id: actor.id, action, subject_id: subject, reason }).execute()
}
