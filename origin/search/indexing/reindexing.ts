import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { indexDefinition } from '../opensearch/mapping.ts'
import { indexPatternOf } from '../opensearch/names.ts'
import { checkIndex, countPosts, type Numbers } from './checking.ts'
import { type Indexing, makeLive, newIndexName, readIndexes, settleIndexes, writeAliasOf } from './indexes.ts'
import { whileLocked } from './lock.ts'
import { reconcileIndex } from './reconciling.ts'
import { walkPosts } from './truth.ts'
import { writeTo } from './writing.ts'

const batchSize = 1_000
/** Passes over what has changed meanwhile, at most: the worker writes to the new index too, so one finds hardly anything. */
const mostPasses = 5

export type Reindexed = Numbers & { index: string; previous: string | undefined }

type Options = {
  /** Is told in a line what is being done. */
  tell?: (line: string) => void
  /** Ends the work before its next step. */
  signal?: AbortSignal
  replicas?: number
}

/**
 * Builds a new index beside the one that is searched and puts it in its place: changes go to it from the beginning, all
 * posts are copied, what has changed meanwhile is caught up with, counts and a sample are checked, and the alias moves in one step. The old
 * index stays for `rollBack`, an older one is deleted. Where anything fails before the alias moves, the new index
 * goes and all is as before.
 * @throws BusyError when somebody else works on the indexes
 */
export function reindex(ctx: Indexing, options: Options = {}): Promise<Reindexed> {
  return whileLocked(ctx, stillOurs => rebuild(ctx, options, stillOurs))
}

/**
 * Sees to it that there is an index: where there is none that is searched and written to, one is built.
 * @returns whether one was built
 */
export async function ensureIndex(ctx: Indexing): Promise<boolean> {
  if (await settleIndexes(ctx)) return false
  return whileLocked(ctx, async stillOurs => {
    if (await settleIndexes(ctx)) return false
    const { index, documents } = await rebuild(ctx, {}, stillOurs)
    ctx.log.info({ index, documents }, 'the search index was built')
    return true
  })
}

async function rebuild(ctx: Indexing, options: Options, stillOurs: () => Promise<void>): Promise<Reindexed> {
  const { tell = () => {}, signal, replicas } = options
  const { db, openSearch } = ctx
  await settleIndexes(ctx)
  for (const name of await clearUp(ctx)) tell(`deleted ${name}, which nobody uses`)
  const index = newIndexName(ctx)
  try {
    const { settings, mappings } = indexDefinition(replicas === undefined ? {} : { replicas })
    // Nobody searches it yet, and to make each batch findable costs more than to write it.
    const unseen = { ...settings, index: { ...settings.index, refresh_interval: '-1' } }
    await openSearch.createIndex(index, { settings: unseen, mappings })
    await openSearch.updateAliases([{ add: { index, alias: writeAliasOf(index) } }])
    await db.insertInto('search_indexes').values({ name: index, state: 'building', created_at: ctx.now() }).execute()
    tell(`created ${index}; changes go to it`)
    await olderWritesEnd(ctx)
    await fill(ctx, index, tell, signal)
    await catchUp(ctx, index, tell, signal)
    await openSearch.changeSettings(index, { index: { refresh_interval: settings.index.refresh_interval } })
    const numbers = await checkIndex(ctx, index)
    tell(
      `checked ${numbers.documents} documents for ${numbers.posts} public posts, ${numbers.sample} of them word by word`,
    )
    signal?.throwIfAborted()
    await stillOurs()
    const previous = (await settleIndexes(ctx))?.name
    const dropped = await makeLive(ctx, index)
    tell(`searches go to ${index}`)
    if (dropped) await openSearch.deleteIndex(dropped)
    return { ...numbers, index, previous }
  } catch (error) {
    await abandon(ctx, index)
    throw error
  }
}

/** Deletes what an earlier run has left, and forgets indexes that are not there. @returns the names of the deleted */
async function clearUp({ db, openSearch, alias }: Indexing): Promise<string[]> {
  await db.deleteFrom('search_indexes').where('state', '=', 'building').execute()
  const there = await openSearch.listIndexes(indexPatternOf(alias))
  const searched = await openSearch.indexesOf(alias)
  const known = (await readIndexes(db)).map(({ name }) => name)
  const lost = known.filter(name => !there.includes(name))
  if (lost.length > 0) await db.deleteFrom('search_indexes').where('name', 'in', lost).execute()
  const unused = there.filter(name => !known.includes(name) && !searched.includes(name))
  for (const name of unused) await openSearch.deleteIndex(name)
  return unused
}

/**
 * Waits until all transactions that may have changed a post before the new index was written down have ended: they have
 * recorded no event, and what they changed cannot be read yet.
 */
async function olderWritesEnd({ db }: Indexing): Promise<void> {
  const { rows } = await sql<{ next: string }>`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next`.execute(db)
  const next = rows[0]?.next ?? '0'
  for (;;) {
    const state = await sql<{ ended: boolean }>`
      SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ${next}::xid8 AS ended`.execute(db)
    if (state.rows[0]?.ended) return
    await sleep(20)
  }
}

async function fill(
  ctx: Indexing,
  index: string,
  tell: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const all = await countPosts(ctx)
  let copied = 0
  let told = 0
  for await (const truths of walkPosts(ctx.db, batchSize)) {
    signal?.throwIfAborted()
    const [fault] = await writeTo(ctx, index, truths)
    if (fault) throw new Error(`Cannot index post "${fault[0]}" in ${index}: ${fault[1]}`)
    copied += truths.length
    if (copied - told < 10_000 && copied < all) continue
    told = copied
    tell(`copied ${copied} of ${all} posts`)
  }
}

async function catchUp(
  ctx: Indexing,
  index: string,
  tell: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let before = Number.POSITIVE_INFINITY
  for (let pass = 1; pass <= mostPasses; pass++) {
    signal?.throwIfAborted()
    const { drift } = await reconcileIndex(ctx, index)
    const late = Object.values(drift).reduce((sum, count) => sum + count, 0)
    tell(`caught up with ${late} posts that have changed meanwhile`)
    // Under writes there is always something on its way; where a pass finds no fewer than the last one, that is all it finds.
    if (late === 0 || late > before / 2) return
    before = late
  }
}

/** Not where the alias has moved already: then the index is the one that is searched. */
async function abandon(ctx: Indexing, index: string): Promise<void> {
  try {
    if ((await settleIndexes(ctx))?.name === index) return
    await ctx.db.deleteFrom('search_indexes').where('name', '=', index).execute()
    await ctx.openSearch.deleteIndex(index)
  } catch (err) {
    ctx.log.warn({ err, index }, 'an index that was not finished is left; the next reindex deletes it')
  }
}
