import type { Selectable } from 'kysely'
import type { MailKind } from '../../shared/jobs.ts'
import { paths } from '../../shared/paths.ts'
import { deviceText, inCountryText, placeText, priceText } from '../../shared/wording.ts'
import { issueToken } from '../accounts/account-tokens.ts'
import { keptAfterDeletion } from '../accounts/deletion.ts'
import type { AccountRow } from '../accounts/sessions.ts'
import type { Context } from '../context.ts'
import type { MailsTable, PostsTable } from '../db/schema.ts'
import { readRemovalReasons } from '../messages/removing.ts'
import { priceOf } from '../posts/views.ts'
import { ownStatusOf } from '../posts/visibility.ts'
import type { signLink } from './links.ts'
import * as about from './templates/account.ts'
import { dayText, type Letter, type PostFacts, type Reader } from './templates/letter.ts'
import * as posts from './templates/posts.ts'

export type MailRow = Selectable<MailsTable>
export type Composing = Pick<Context, 'db' | 'now' | 'region' | 'config' | 'keys' | 'directory'>

/** What a letter is made of. `data` is what whoever asked for the mail gave with it. */
export type Occasion = {
  ctx: Composing
  account: AccountRow
  reader: Reader
  mail: Pick<MailRow, 'data' | 'created_at'>
  /** A page of ours with a signed token. */
  link: (entitlement: Parameters<typeof signLink>[2]) => string
}

/** A letter, to the account's own address unless another is named. */
type Written = { letter: Letter; to?: string } | undefined

/**
 * Writes each kind of mail by what Postgres says now; undefined when there is nothing to say any more. A token is made
 * here and not before, so that no row and no queue holds one.
 */
export const letters: Readonly<Record<MailKind, (occasion: Occasion) => Promise<Written> | Written>> = {
  async verify({ ctx, account, reader }) {
    if (account.verified_at || account.suspended_at || account.deleted_at) return undefined
    const token = await issueToken(ctx, account.id, 'verify')
    return { letter: about.verifyLetter(reader, `${reader.siteUrl}${paths.verify()}?token=${token}`) }
  },
  'already-registered': ({ account, reader }) => ({
    letter: account.deleted_at
      ? about.stillDeletedLetter(reader, erasedAt(account.deleted_at))
      : about.alreadyRegisteredLetter(reader),
  }),
  welcome: ({ reader }) => ({ letter: about.welcomeLetter(reader) }),
  async reset({ ctx, account, reader }) {
    if (account.deleted_at) return undefined
    const token = await issueToken(ctx, account.id, 'reset')
    return { letter: about.resetLetter(reader, `${reader.siteUrl}${paths.reset()}?token=${token}`) }
  },
  'password-changed': ({ reader, mail }) => ({ letter: about.passwordChangedLetter(reader, mail.created_at) }),
  'confirm-address': writeAddressQuestion,
  'address-changed': writeAddressChanged,
  async 'new-sign-in'({ ctx, account, reader, mail }) {
    const session = await ctx.db
      .selectFrom('sessions')
      .selectAll()
      .where('id', '=', mail.data.sessionId ?? '')
      .where('account_id', '=', account.id)
      .executeTakeFirst()
    if (!session?.country) return undefined
    const country = inCountryText(session.country)
    const device = session.user_agent ? deviceText(session.user_agent) : null
    return { letter: about.newSignInLetter(reader, { at: session.created_at, country, device }) }
  },
  'account-suspended': ({ account, reader }) =>
    account.suspended_at ? { letter: about.suspendedLetter(reader, account.suspension_reason ?? '') } : undefined,
  'account-reinstated': ({ account, reader }) =>
    account.suspended_at || account.deleted_at ? undefined : { letter: about.reinstatedLetter(reader) },
  'account-deleted': ({ account, reader }) =>
    account.deleted_at ? { letter: about.deletedLetter(reader, erasedAt(account.deleted_at)) } : undefined,
  async 'export-ready'({ ctx, account, reader, mail, link }) {
    if (account.suspended_at || account.deleted_at) return undefined
    const archive = await ctx.db
      .selectFrom('exports')
      .selectAll()
      .where('id', '=', mail.data.exportId ?? '')
      .where('account_id', '=', account.id)
      .executeTakeFirst()
    if (!archive?.expires_at || archive.expires_at <= ctx.now()) return undefined
    const until = archive.expires_at.getTime()
    const url = link({ act: 'download', account: account.id, export: archive.id, until })
    return { letter: about.exportReadyLetter(reader, { url, until: archive.expires_at }) }
  },
  async 'post-published'(occasion) {
    const post = await findPost(occasion)
    if (!post?.expires_at || !isPublic(post, occasion)) return undefined
    return { letter: posts.publishedLetter(occasion.reader, factsOf(post, occasion), post.expires_at) }
  },
  async 'post-expires-soon'(occasion) {
    const post = await findPost(occasion)
    if (!post?.expires_at || !isPublic(post, occasion) || !isSameEnd(post, occasion)) return undefined
    const renewUrl = occasion.link(untilItsEnd('renew', post, post.expires_at))
    return {
      letter: posts.expiresSoonLetter(occasion.reader, factsOf(post, occasion), { until: post.expires_at, renewUrl }),
    }
  },
  async 'post-expired'(occasion) {
    const post = await findPost(occasion)
    const ended = post && !post.seller_hidden && ownStatusOf(post, occasion.ctx.now()) === 'expired'
    if (!ended || !post.expires_at || !isSameEnd(post, occasion)) return undefined
    const renewUrl = occasion.link(untilItsEnd('renew', post, post.expires_at))
    const sellUrl = occasion.link(untilItsEnd('sell', post, post.expires_at))
    const facts = { ...factsOf(post, occasion), url: occasion.reader.siteUrl + paths.myPosts() }
    const note = `Ended on ${dayText(post.expires_at, occasion.reader)}`
    return { letter: posts.expiredLetter(occasion.reader, { ...facts, note }, { renewUrl, sellUrl }) }
  },
  async 'post-removed'(occasion) {
    const post = await findPost(occasion)
    if (post?.status !== 'removed') return undefined
    return { letter: posts.removedLetter(occasion.reader, factsOf(post, occasion), post.removal_reason ?? '') }
  },
  'message-removed': writeMessageRemoved,
  async 'report-decided'({ ctx, account, reader, mail }) {
    const report = await ctx.db
      .selectFrom('reports')
      .select(['subject', 'outcome'])
      .where('id', '=', mail.data.reportId ?? '')
      .where('reporter_id', '=', account.id)
      .executeTakeFirst()
    const subject = report?.subject ?? subjectIn(mail.data.subject)
    const outcome = report?.outcome ?? mail.data.outcome
    if (!subject || !outcome) return undefined
    return { letter: posts.reportDecidedLetter(reader, { subject, acted: outcome !== 'dismiss' }) }
  },
  'new-message': writeNewMessage,
}

/** To the new address and to the old one; a new one that is taken learns that, and nobody else does. */
async function writeAddressQuestion({ ctx, account, reader, mail, link }: Occasion): Promise<Written> {
  const change = await findChange(ctx, account, mail)
  if (!change || change.moved_at || change.expires_at <= ctx.now()) return undefined
  const entitlement = { account: account.id, change: change.id }
  if (mail.data.side === 'old') {
    if (change.old_approved_at || account.email !== change.old_email) return undefined
    const url = link({ act: 'approve-address', ...entitlement })
    return { letter: about.approveAddressLetter(reader, change.new_email, url), to: change.old_email }
  }
  if (change.new_confirmed_at) return undefined
  const taken = await isTaken(ctx, change.new_email)
  const stranger = { ...reader, greeting: 'Hello,' }
  const letter = taken
    ? about.addressTakenLetter(stranger)
    : about.confirmAddressLetter(stranger, link({ act: 'confirm-address', ...entitlement }))
  return { letter, to: change.new_email }
}

async function writeAddressChanged({ ctx, account, reader, mail }: Occasion): Promise<Written> {
  const change = await findChange(ctx, account, mail)
  if (!change?.moved_at) return undefined
  const toOld = mail.data.side === 'old'
  const letter = about.addressChangedLetter(reader, { at: change.moved_at, newAddress: change.new_email, toOld })
  return { letter, to: toOld ? change.old_email : change.new_email }
}

/** The text goes along where the thread is kept in this region; across regions a mail carries no more than a title. */
async function writeNewMessage({ ctx, account, reader, mail }: Occasion): Promise<Written> {
  const { threadId = '', messageId = '', postTitle } = mail.data
  const threadUrl = reader.siteUrl + paths.thread(threadId)
  if (!threadId.startsWith(ctx.region)) {
    if (!postTitle || (await isDeleted(ctx, threadId))) return undefined
    return { letter: posts.newMessageLetter(reader, { from: null, text: null, title: postTitle, threadUrl }) }
  }
  const message = await ctx.db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .leftJoin('accounts', 'accounts.id', 'threads.seller_id')
    .where('messages.id', '=', messageId)
    .where('messages.removed_at', 'is', null)
    .where('messages.sender_id', '!=', account.id)
    .where(where => where.or([where('threads.buyer_id', '=', account.id), where('threads.seller_id', '=', account.id)]))
    .select(['messages.text', 'messages.number', 'messages.sender_id', 'threads.post_title', 'threads.buyer_name'])
    .select([
      'threads.buyer_id',
      'threads.seller_read_to',
      'threads.buyer_read_to',
      'accounts.display_name as seller_name',
    ])
    .executeTakeFirst()
  if (!message) return undefined
  const toSeller = message.sender_id === message.buyer_id
  if (message.number <= (toSeller ? message.seller_read_to : message.buyer_read_to)) return undefined
  const from = toSeller ? message.buyer_name : (message.seller_name ?? 'The seller')
  return { letter: posts.newMessageLetter(reader, { from, text: message.text, title: message.post_title, threadUrl }) }
}

/** As with new messages, what a moderator wrote stays in the region of the thread; there its author reads it. */
async function writeMessageRemoved({ ctx, account, reader, mail }: Occasion): Promise<Written> {
  const { threadId = '', messageId = '', postTitle } = mail.data
  const threadUrl = reader.siteUrl + paths.thread(threadId)
  if (!threadId.startsWith(ctx.region)) {
    if (!postTitle || (await isDeleted(ctx, threadId))) return undefined
    return { letter: posts.removedMessageLetter(reader, { title: postTitle, threadUrl, reason: null }) }
  }
  const message = await ctx.db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread_id')
    .select('threads.post_title')
    .where('messages.id', '=', messageId)
    .where('messages.sender_id', '=', account.id)
    .where('messages.removed_at', 'is not', null)
    .executeTakeFirst()
  if (!message) return undefined
  const reason = (await readRemovalReasons(ctx.db, [messageId])).get(messageId) ?? null
  return { letter: posts.removedMessageLetter(reader, { title: message.post_title, threadUrl, reason }) }
}

/** A thread of another region, as this one was told. */
async function isDeleted({ db }: Composing, threadId: string): Promise<boolean> {
  const mirror = await db
    .selectFrom('thread_mirrors')
    .select('deleted_at')
    .where('thread_id', '=', threadId)
    .executeTakeFirst()
  return mirror !== undefined && mirror.deleted_at !== null
}

function findChange({ db }: Composing, account: AccountRow, mail: Occasion['mail']) {
  return db
    .selectFrom('address_changes')
    .selectAll()
    .where('id', '=', mail.data.changeId ?? '')
    .where('account_id', '=', account.id)
    .executeTakeFirst()
}

/** An account that nobody has confirmed holds no address: whoever reads its mail decides. */
async function isTaken({ db, directory, region }: Composing, email: string): Promise<boolean> {
  const own = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', email)
    .where(where => where.or([where('verified_at', 'is not', null), where('suspended_at', 'is not', null)]))
    .executeTakeFirst()
  if (own) return true
  const holder = await directory.find(email)
  return holder !== undefined && holder !== region
}

function findPost({ ctx, account, mail }: Occasion): Promise<PostRow | undefined> {
  return ctx.db
    .selectFrom('posts')
    .selectAll()
    .where('id', '=', mail.data.postId ?? '')
    .where('account_id', '=', account.id)
    .executeTakeFirst()
}

type PostRow = Selectable<PostsTable>

function isPublic(post: PostRow, { ctx }: Occasion): boolean {
  const status = ownStatusOf(post, ctx.now())
  return !post.seller_hidden && (status === 'active' || status === 'reserved')
}

/** A renewal gives a post another end: what was to be said of the one before is old news. */
function isSameEnd(post: PostRow, { mail }: Occasion): boolean {
  return !mail.data.expiresAt || post.expires_at?.toISOString() === mail.data.expiresAt
}

function untilItsEnd(act: 'renew' | 'sell', post: PostRow, end: Date) {
  return { act, account: post.account_id, post: post.id, until: end.getTime() }
}

function factsOf(post: PostRow, { reader }: Occasion): PostFacts {
  const price = priceText({ price: priceOf(post), priceKind: post.price_kind }, reader.locale)
  const url = reader.siteUrl + paths.post(post.id, post.title)
  return { title: post.title, price, place: placeText(post), url, note: null }
}

function erasedAt(deletedAt: Date): Date {
  return new Date(deletedAt.getTime() + keptAfterDeletion)
}

function subjectIn(text: string | undefined): 'post' | 'message' | 'account' | undefined {
  return text === 'post' || text === 'message' || text === 'account' ? text : undefined
}
