import type { Context } from '../context.ts'
import { exportPosts } from '../posts/export.ts'
import { readPhotos } from './photos.ts'

type Stores = Pick<Context, 'db' | 'region'>
type File = { name: string; content: string }

/**
 * Gathers what this region knows of an account, as files of JSON with a README: everything but what protects others or
 * the account itself (password and token hashes, who reported it).
 * @returns undefined when there is no such account
 */
export async function gatherContents(ctx: Stores, accountId: string, at: Date): Promise<File[] | undefined> {
  const account = await readAccount(ctx, accountId)
  if (!account) return undefined
  const parts = {
    account,
    sessions: await readSessions(ctx, accountId),
    posts: await readPosts(ctx, accountId),
    photos: await readPhotos(ctx, accountId),
    threads: await readThreads(ctx, accountId),
    mails: await readMails(ctx, accountId),
    reports: await readReports(ctx, accountId),
    blocked: await readBlocks(ctx, accountId),
  }
  const files = Object.entries(parts).map(([name, part]) => ({ name: `${name}.json`, content: print(part) }))
  return [{ name: 'README.txt', content: readme(ctx, account.email, at) }, ...files]
}

async function readAccount({ db }: Stores, id: string) {
  const account = await db
    .selectFrom('accounts')
    .select(['id', 'email', 'display_name', 'role', 'country', 'locale', 'time_zone', 'currency', 'muted_mails'])
    .select(['created_at', 'verified_at', 'suspended_at', 'suspension_reason', 'mail_trouble', 'mail_trouble_at'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!account) return undefined
  const countries = await db
    .selectFrom('account_countries')
    .select(['country', 'first_seen_at'])
    .where('account_id', '=', id)
    .orderBy('first_seen_at')
    .execute()
  const changes = await db
    .selectFrom('address_changes')
    .select(['old_email', 'new_email', 'requested_at', 'moved_at'])
    .where('account_id', '=', id)
    .execute()
  return { ...account, signedInFrom: countries, changesOfAddress: changes }
}

function readSessions({ db }: Stores, id: string) {
  return db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'country', 'created_at', 'last_used_at', 'expires_at', 'ended_at'])
    .where('account_id', '=', id)
    .orderBy('created_at')
    .execute()
}

async function readPosts(ctx: Stores, id: string): Promise<unknown[]> {
  const posts: unknown[] = []
  for await (const line of exportPosts(ctx, id)) posts.push(JSON.parse(line))
  return posts
}

/** Threads that are kept here with all that was said; of those with sellers elsewhere only what this region is told. */
async function readThreads({ db }: Stores, id: string) {
  const threads = await db
    .selectFrom('threads')
    .select(['id', 'post_id', 'post_title', 'seller_id', 'created_at'])
    .where(thread => thread.or([thread('seller_id', '=', id), thread('buyer_id', '=', id)]))
    .orderBy('created_at')
    .execute()
  const ids = threads.map(thread => thread.id)
  const messages =
    ids.length === 0
      ? []
      : await db
          .selectFrom('messages')
          .select(['thread_id', 'sender_id', 'text', 'created_at', 'removed_at'])
          .where('thread_id', 'in', ids)
          .orderBy('thread_id')
          .orderBy('number')
          .execute()
  const byThread = Map.groupBy(messages, message => message.thread_id)
  const elsewhere = await db
    .selectFrom('thread_mirrors')
    .select(['thread_id', 'post_id', 'post_title', 'last_activity_at'])
    .where('buyer_id', '=', id)
    .where('deleted_at', 'is', null)
    .$if(ids.length > 0, query => query.where('thread_id', 'not in', ids))
    .execute()
  return {
    here: threads.map(({ seller_id, ...thread }) => ({
      ...thread,
      you: seller_id === id ? 'seller' : 'buyer',
      messages: (byThread.get(thread.id) ?? []).map(({ sender_id, text, created_at, removed_at }) => {
        return { from: sender_id === id ? 'you' : 'the other side', created_at, text: removed_at ? null : text }
      }),
    })),
    inOtherRegions: elsewhere,
  }
}

function readMails({ db }: Stores, id: string) {
  return db
    .selectFrom('mails')
    .select(['kind', 'state', 'created_at', 'sent_at'])
    .where('account_id', '=', id)
    .orderBy('created_at')
    .execute()
}

function readReports({ db }: Stores, id: string) {
  return db
    .selectFrom('reports')
    .select(['subject', 'subject_id', 'reason', 'text', 'created_at', 'outcome', 'decided_at'])
    .where('reporter_id', '=', id)
    .orderBy('created_at')
    .execute()
}

function readBlocks({ db }: Stores, id: string) {
  return db.selectFrom('blocks').select(['blocked_id', 'created_at']).where('blocker_id', '=', id).execute()
}

function print(part: unknown): string {
  return `${JSON.stringify(part, null, 2)}\n`
}

function readme({ region }: Stores, email: string, at: Date): string {
  return `What ClassifyHub knows of ${email}, as of ${at.toISOString()} (region ${region}).

account.json   your account, the countries you signed in from, changes of your address
sessions.json  where and when you were signed in
posts.json     your posts in every state; put one on a line each and our import reads them
photos.json    what you told of your photos; they themselves are in the folder photos, in the largest size that we keep
threads.json   your conversations; those with sellers of other regions are kept there, so you find them here by
               title only, and their messages at the site under Messages
mails.json     which mails we sent you, and when; their text is in your inbox
reports.json   what you reported
blocked.json   whom you blocked

Times are in UTC (ISO 8601), prices in the smallest unit of their currency. Not in here: the photos as you sent them, which we delete once they
are made smaller, your password and the keys of
your sessions, of which we keep nothing but hashes, and what others reported.
`
}
