import { AppError } from '../../shared/errors.ts'
import type { MailLink } from '../../shared/mail.ts'
import { agreeToAddress } from '../accounts/address-changes.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { canRenew } from '../posts/renewal.ts'
import { renewPost } from '../posts/renewing.ts'
import { sellPost } from '../posts/selling.ts'
import { ownStatusOf } from '../posts/visibility.ts'
import { type Entitlement, readLink } from './links.ts'
import { unsubscribe } from './preferences.ts'

type ActOn<A extends Entitlement['act']> = Extract<Entitlement, { act: A }>

/**
 * Says what a link of a mail would do. Changes nothing: programs that look at links before people do may ask.
 * @throws invalid_or_used_token for a text that is no link of ours
 */
export function previewMailLink(ctx: Context, token: string): Promise<MailLink> {
  return describe(ctx, readLink(ctx.region, ctx.keys['mail-link'], token))
}

/**
 * Does what a link of a mail entitles to, and says how it stands then. Whoever has the mail needs no session; what it
 * entitles to is little, and each works once, by a state that its use ends.
 * @throws invalid_or_used_token
 */
export async function useMailLink(ctx: Context, token: string): Promise<MailLink> {
  const entitlement = readLink(ctx.region, ctx.keys['mail-link'], token)
  const before = await describe(ctx, entitlement)
  if (before.state === 'over') throw new AppError('invalid_or_used_token')
  if (before.state === 'done' || entitlement.act === 'download') return before
  await act(ctx, entitlement)
  return { ...before, state: 'done' }
}

async function act(ctx: Context, entitlement: Exclude<Entitlement, ActOn<'download'>>): Promise<void> {
  switch (entitlement.act) {
    case 'renew':
      await renewPost(ctx, await actorFor(ctx, entitlement.account), entitlement.post).catch(ignoreRepetition)
      return
    case 'sell':
      await sellPost(ctx, await actorFor(ctx, entitlement.account), entitlement.post)
      return
    case 'unsubscribe':
      return unsubscribe(ctx, entitlement.account, entitlement.topic)
    default: {
      const { account: accountId, change: changeId } = entitlement
      const side = entitlement.act === 'confirm-address' ? 'new' : 'old'
      return agreeToAddress(ctx, { accountId, changeId, side })
    }
  }
}

async function describe(ctx: Context, entitlement: Entitlement): Promise<MailLink> {
  const link = { action: entitlement.act, title: null, postId: null, topic: null, exportId: null, until: null }
  switch (entitlement.act) {
    case 'renew':
    case 'sell':
      return { ...link, ...(await standingOfPost(ctx, entitlement)) }
    case 'unsubscribe':
      return { ...link, topic: entitlement.topic, state: await standingOfTopic(ctx, entitlement) }
    case 'download':
      return { ...link, ...(await standingOfExport(ctx, entitlement)) }
    default:
      return { ...link, state: await standingOfChange(ctx, entitlement) }
  }
}

async function standingOfPost(
  { db, now }: Context,
  { act, account, post: id, until }: ActOn<'renew' | 'sell'>,
): Promise<Pick<MailLink, 'state' | 'title' | 'postId'>> {
  const post = await db
    .selectFrom('posts')
    .innerJoin('accounts', 'accounts.id', 'posts.account_id')
    .selectAll('posts')
    .where('posts.id', '=', id)
    .where('posts.account_id', '=', account)
    .where('accounts.suspended_at', 'is', null)
    .where('accounts.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!post) return { state: 'over', title: null, postId: null }
  const status = ownStatusOf(post, now())
  const end = post.expires_at?.getTime() ?? 0
  const facts = { title: post.title, postId: post.id }
  if (status === (act === 'sell' ? 'sold' : 'active') && (act === 'sell' || end > until))
    return { state: 'done', ...facts }
  const same = end === until && (status === 'active' || status === 'reserved' || status === 'expired')
  return { state: same && (act === 'sell' || canRenew(post, now())) ? 'open' : 'over', ...facts }
}

async function standingOfTopic({ db }: Context, { account, topic }: ActOn<'unsubscribe'>): Promise<MailLink['state']> {
  const row = await db.selectFrom('accounts').select('muted_mails').where('id', '=', account).executeTakeFirst()
  return !row || (topic && row.muted_mails.includes(topic)) ? 'done' : 'open'
}

/** Ends when the mail said so, with the copy, and with the account; a copy that is made anew is not there meanwhile. */
async function standingOfExport(
  { db, now }: Context,
  { account, export: id, until }: ActOn<'download'>,
): Promise<Pick<MailLink, 'state' | 'exportId' | 'until'>> {
  const at = now()
  const copy = await db
    .selectFrom('exports')
    .innerJoin('accounts', 'accounts.id', 'exports.account_id')
    .select('exports.id')
    .where('exports.id', '=', id)
    .where('exports.account_id', '=', account)
    .where('exports.expires_at', '>', at)
    .where('accounts.suspended_at', 'is', null)
    .where('accounts.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!copy || until <= at.getTime()) return { state: 'over', exportId: null, until: null }
  return { state: 'open', exportId: id, until: new Date(until).toISOString() }
}

async function standingOfChange(
  { db, now }: Context,
  { act, account, change: id }: ActOn<'confirm-address' | 'approve-address'>,
): Promise<MailLink['state']> {
  const change = await db
    .selectFrom('address_changes')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', account)
    .executeTakeFirst()
  if (change?.moved_at) return 'done'
  if (!change || change.expires_at <= now()) return 'over'
  const both = change.new_confirmed_at && change.old_approved_at
  const agreed = act === 'confirm-address' ? change.new_confirmed_at : change.old_approved_at
  // Both have agreed and it is not made: something was in the way, and the button tries again.
  return agreed && !both ? 'done' : 'open'
}

async function actorFor({ db, region }: Context, accountId: string): Promise<Actor> {
  const row = await db.selectFrom('accounts').select('display_name').where('id', '=', accountId).executeTakeFirst()
  if (!row) throw new AppError('invalid_or_used_token')
  return { id: accountId, sessionId: '', region, name: row.display_name, role: 'member' }
}

/** Two presses at a time: the second finds the post renewed. */
function ignoreRepetition(error: unknown): void {
  if (!(error instanceof AppError) || (error.code !== 'renewed_recently' && error.code !== 'conflict')) throw error
}
