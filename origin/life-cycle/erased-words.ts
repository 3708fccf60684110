import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'

/** How many of each kind are looked for: a place that keeps what it should not does so with any of them. */
const most = 4
/** Shorter ones, in bytes, say too little to be known again. */
const shortest = 10
const longest = 60

/**
 * Collects words by which the leftovers of an account of whatever region would be known: its name, and what it wrote in
 * posts and messages here. They are read before the erasure and live only as long as it takes; a try after a crash finds
 * fewer.
 */
export async function collectWords(db: Kysely<Database>, accountId: string): Promise<string[]> {
  const [accounts, buyers, posts, mirrors, messages] = await Promise.all([
    db.selectFrom('accounts').select('display_name').where('id', '=', accountId).execute(),
    db.selectFrom('threads').select('buyer_name').distinct().where('buyer_id', '=', accountId).limit(most).execute(),
    db
      .selectFrom('posts')
      .select(['title', 'description'])
      .where('account_id', '=', accountId)
      .orderBy('created_at', 'desc')
      .limit(most)
      .execute(),
    db.selectFrom('thread_mirrors').select('post_title').where('seller_id', '=', accountId).limit(most).execute(),
    db
      .selectFrom('messages')
      .select('text')
      .where('sender_id', '=', accountId)
      .orderBy('created_at', 'desc')
      .limit(most)
      .execute(),
  ])
  const texts = [
    ...accounts.map(row => row.display_name),
    ...buyers.map(row => row.buyer_name),
    ...posts.flatMap(row => [row.title, row.description]),
    ...mirrors.map(row => row.post_title),
    ...messages.map(row => row.text),
  ]
  return [...new Set(texts.flatMap(text => distinctivePart(text) ?? []))]
}

/**
 * Cuts a piece out of a text that reads the same wherever it is kept: without what JSON escapes, and not longer than what
 * an excerpt would show. Undefined for a text that says too little.
 */
export function distinctivePart(text: string): string | undefined {
  const pieces = text.split(/["\\\p{Cc}]+/u).map(piece => piece.trim())
  const [piece = ''] = pieces.sort((a, b) => b.length - a.length)
  if (Buffer.byteLength(piece) < shortest) return undefined
  return [...piece].slice(0, longest).join('')
}
