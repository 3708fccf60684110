import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { driftOf } from './comparing.ts'
import type { Indexing } from './indexes.ts'
import { isIndexed, readTruths } from './truth.ts'

/** Posts that are looked at, each by chance, on either side. */
const sampleSize = 200
/** A change that is on its way looks like a fault; so often both sides are read again, this many milliseconds apart. */
const tries = 10
const pause = 200

export type Numbers = { posts: number; documents: number; sample: number }

/** The documents that a search can find, expiry aside. */
export const findable = { exists: { field: 'id' } }

/**
 * Checks an index before anybody searches it: as many documents as there are public posts, give or take what has changed
 * meanwhile, and a sample of both sides, word by word.
 * @throws {Error} that says what is wrong
 */
export async function checkIndex(ctx: Indexing, index: string): Promise<Numbers> {
  const { posts, documents } = await checkCounts(ctx, index)
  return { posts, documents, sample: await checkSample(ctx, index) }
}

/** Counts the posts that are to be in an index. */
export async function countPosts({ db }: Pick<Indexing, 'db'>): Promise<number> {
  const { count } = await db
    .selectFrom('posts')
    .select(eb => eb.fn.countAll().as('count'))
    .where(isIndexed)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function checkCounts(ctx: Indexing, index: string): Promise<Omit<Numbers, 'sample'>> {
  const since = await lastEvent(ctx)
  for (let left = tries; ; left--) {
    await ctx.openSearch.refresh(index)
    const documents = await ctx.openSearch.count(index, findable)
    const posts = await countPosts(ctx)
    // What was recorded before has been written to it by now, by whoever filled it.
    if (Math.abs(posts - documents) <= (await lastEvent(ctx)) - since) return { posts, documents }
    if (left <= 1) throw new Error(`Cannot use ${index}: it has ${documents} documents for ${posts} public posts`)
    await sleep(pause)
  }
}

/** The number of the latest row of the outbox: the rows after it are at least as many as the changes after it. */
async function lastEvent({ db }: Indexing): Promise<number> {
  const { id } = await db
    .selectFrom('outbox')
    .select(eb => eb.fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  return Number(id ?? 0)
}

async function checkSample(ctx: Indexing, index: string): Promise<number> {
  let ids = [...new Set([...(await somePosts(ctx)), ...(await someDocuments(ctx, index))])]
  const sample = ids.length
  for (let left = tries; ; left--) {
    const documents = new Map((await ctx.openSearch.get(index, ids)).map(stored => [stored.id, stored]))
    const truths = await readTruths(ctx.db, ids)
    ids = ids.filter(id => driftOf(truths.get(id), documents.get(id)))
    if (ids.length === 0) return sample
    if (left <= 1) {
      const [id = ''] = ids
      const drift = driftOf(truths.get(id), documents.get(id))
      throw new Error(`Cannot use ${index}: ${ids.length} of ${sample} posts differ, the first is "${id}" (${drift})`)
    }
    await sleep(pause)
  }
}

async function somePosts({ db }: Indexing): Promise<string[]> {
  const posts = db.selectFrom('posts').select('id').where(isIndexed).orderBy(sql`random()`).limit(sampleSize)
  return (await posts.execute()).map(({ id }) => id)
}

async function someDocuments({ openSearch }: Indexing, index: string): Promise<string[]> {
  const query = { function_score: { query: { match_all: {} }, random_score: {} } }
  const { hits } = await openSearch.search(index, { query, size: sampleSize, _source: false })
  return hits.hits.map(({ _id }) => _id)
}
