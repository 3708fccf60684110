import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Indexing } from '../search/indexing/indexes.ts'
import { isIndexed } from '../search/indexing/truth.ts'

/** Milliseconds between two looks: by so much a delay may be told too long. */
const lookEvery = 40
/** A change that is not found for so long, in milliseconds, counts as this. */
const longest = 60_000

/**
 * Changes prices of posts at a steady rate, whatever else is slow, and asks the engine all the while which of the changes
 * it finds. A relay and a worker must run.
 * @returns milliseconds from each commit until a search found it, in ascending order
 */
export async function measureFreshness(
  { db, openSearch, alias }: Pick<Indexing, 'db' | 'openSearch' | 'alias'>,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number[]> {
  const posts = await db
    .selectFrom('posts')
    .select('id')
    .where(isIndexed)
    .limit(rate * seconds)
    .execute()
  if (posts.length < rate * seconds) throw new Error(`Cannot measure with ${posts.length} posts: each is changed once`)
  const pending = new Map<string, { price: number; since: number }>()
  const delays: number[] = []
  let writing = true
  const looking = look()
  const writes: Promise<void>[] = []
  const base = Date.now() // prices that no post has
  const began = performance.now()
  for (const [i, { id }] of posts.entries()) {
    await sleep(Math.max(0, began + (i * 1_000) / rate - performance.now()))
    writes.push(write(id, base + i))
  }
  await Promise.all(writes)
  writing = false
  await looking
  return delays.sort((a, b) => a - b)

  async function write(id: string, price: number): Promise<void> {
    await sql`UPDATE posts SET price_amount = ${price}, price_currency = 'USD' WHERE id = ${id}`.execute(db)
    pending.set(id, { price, since: performance.now() })
  }

  async function look(): Promise<void> {
    while (writing || pending.size > 0) {
      const ids = [...pending.keys()].slice(0, 1_000)
      const body = { query: { ids: { values: ids } }, size: 1_000, _source: ['price'] }
      const found = ids.length === 0 ? [] : (await openSearch.search(alias, body)).hits.hits
      const now = performance.now()
      for (const { _id, _source } of found) {
        const change = pending.get(_id)
        if (change === undefined || _source?.price !== change.price) continue
        pending.delete(_id)
        delays.push(now - change.since)
      }
      for (const [id, { since }] of pending) {
        if (now - since < longest) continue
        pending.delete(id)
        delays.push(longest)
      }
      await sleep(lookEvery)
    }
  }
}
