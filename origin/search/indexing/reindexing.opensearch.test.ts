import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { insertCrowd } from '../../testing/crowd.ts'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { deliver, expectSame, takeEvents, useOpenSearch } from '../../testing/indexing.ts'
import { indexPatternOf } from '../opensearch/names.ts'
import { type Indexing, readIndexes } from './indexes.ts'
import { keepIndex } from './keeping.ts'
import { BusyError, whileLocked } from './lock.ts'
import { ensureIndex, reindex } from './reindexing.ts'
import { NoPreviousError, rollBack } from './rolling-back.ts'

let origin: TestOrigin
let ctx: Indexing
beforeEach(async () => {
  origin = await createTestOrigin()
  ctx = useOpenSearch(origin)
})

const states = async () => Object.fromEntries((await readIndexes(ctx.db)).map(({ name, state }) => [state, name]))
const searched = () => ctx.openSearch.indexesOf(ctx.alias)
const there = () => ctx.openSearch.listIndexes(indexPatternOf(ctx.alias))

async function fillWith(count: number): Promise<string> {
  const { id } = await origin.createAccount()
  await insertCrowd(ctx.db, 'na', id, count, new Date())
  return id
}

/** Changes posts of some sellers all the while, and delivers the news of it; a stop waits until all of it has arrived. */
function keepWriting(posts: readonly string[]): { stop: () => Promise<number> } {
  let stopped = false
  let changed = 0
  const statements = [
    sql`title = 'Thing ' || gen_random_uuid()`,
    sql`status = 'sold', sold_at = now()`,
    sql`status = 'active', bumped_at = now(), expires_at = now() + interval '30 days'`,
    sql`seller_hidden = NOT seller_hidden`,
  ]
  const finished = (async () => {
    while (!stopped) {
      const id = posts[Math.floor(Math.random() * posts.length)] ?? ''
      await sql`UPDATE posts SET ${statements[changed++ % statements.length]} WHERE id = ${id}`.execute(ctx.db)
      await sleep(5)
      if (changed % 10 === 0) await Promise.all((await takeEvents(origin)).map(event => deliver(origin, event)))
    }
    if (changed % 7 === 0)
      await ctx.db
        .deleteFrom('posts')
        .where('id', '=', posts[0] ?? '')
        .execute()
    await Promise.all((await takeEvents(origin)).map(event => deliver(origin, event)))
  })()
  return {
    async stop() {
      stopped = true
      await finished
      return changed
    },
  }
}

/** Asks all the while how many of a seller's posts are found. */
function keepSearching(seller: string): { stop: () => Promise<number[]> } {
  const found: number[] = []
  let stopped = false
  const finished = (async () => {
    while (!stopped) {
      const query = { bool: { filter: [{ term: { seller } }, { range: { expires_at: { gt: 0 } } }] } }
      await sleep(10)
      found.push((await ctx.openSearch.search(ctx.alias, { query, track_total_hits: true, size: 0 })).hits.total.value)
    }
  })()
  return {
    async stop() {
      stopped = true
      await finished
      return found
    },
  }
}

describe('reindex', () => {
  it('under writes misses no result, ends equal to Postgres, and can be rolled back', async () => {
    const steady = await fillWith(1_500)
    const { id: busy } = await origin.createAccount()
    const posts = await ctx.db.selectFrom('posts').select('id').orderBy('id').limit(300).execute()
    const ids = posts.map(({ id }) => id)
    await ctx.db.updateTable('posts').set({ account_id: busy }).where('id', 'in', ids).execute()
    await ensureIndex(ctx)
    const [first] = await searched()

    const searching = keepSearching(steady)
    const writing = keepWriting(ids)
    const lines: string[] = []
    const { index, previous, posts: count } = await reindex(ctx, { tell: line => lines.push(line), replicas: 0 })
    const changed = await writing.stop()
    const afterwards = keepWriting(ids)
    await rollBack(ctx)
    expect(await searched()).toEqual([first])
    await rollBack(ctx)
    await afterwards.stop()
    const found = await searching.stop()

    expect(changed).toBeGreaterThan(20)
    expect(found.length).toBeGreaterThan(20)
    expect(new Set(found)).toEqual(new Set([1_200]))
    expect(count).toBeGreaterThan(1_200)
    expect(previous).toBe(first)
    expect(await searched()).toEqual([index])
    expect(await states()).toEqual({ live: index, previous: first })
    for (const name of await there()) await expectSame(origin, ctx, name)
    expect(lines.join('\n')).toMatch(/created .*copied \d+ of \d+ .*caught up with .*checked .*searches go to/s)
  })

  it('keeps one previous index and deletes what is older, and what nobody uses', async () => {
    await fillWith(20)
    await ctx.openSearch.createIndex(`${ctx.alias}-20200101t000000000z`, {})
    const names = []
    for (let i = 0; i < 3; i++) names.push((await reindex(ctx, { replicas: 0 })).index)
    expect(await there()).toEqual(names.slice(1))
    expect(await states()).toEqual({ previous: names[1], live: names[2] })
  })

  it('that fails leaves all as it was', async () => {
    await fillWith(20)
    await ensureIndex(ctx)
    const before = { states: await states(), there: await there(), searched: await searched() }
    const failing: [string, Partial<Indexing['openSearch']>][] = [
      ['no room', { bulk: () => Promise.reject(new Error('no room')) }],
      ['no alias', { updateAliases: () => Promise.reject(new Error('no alias')) }],
      ['documents for', { count: async () => 7 }],
      ['posts differ', { get: async () => [] }],
    ]
    for (const [reason, fault] of failing) {
      const openSearch = { ...ctx.openSearch, ...fault }
      // A document that is not there is mended in every pass, until the sample tells that it does not help.
      await expect(reindex({ ...ctx, openSearch })).rejects.toThrow(reason)
      expect({ states: await states(), there: await there(), searched: await searched() }).toEqual(before)
    }
    const stopping = AbortSignal.abort(new Error('stopped'))
    await expect(reindex(ctx, { signal: stopping })).rejects.toThrow('stopped')
    expect({ states: await states(), there: await there(), searched: await searched() }).toEqual(before)
  })

  it('waits for a transaction that began to write before it could tell the index', async () => {
    await fillWith(20)
    const lines: string[] = []
    const { id } = await ctx.db.selectFrom('posts').select('id').executeTakeFirstOrThrow()
    let building: Promise<unknown> = Promise.resolve()
    await ctx.db.transaction().execute(async trx => {
      await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(trx)
      await trx.updateTable('posts').set({ title: 'Nobody was told' }).where('id', '=', id).execute()
      building = reindex(ctx, { replicas: 0, tell: line => lines.push(line) })
      await expect.poll(async () => (await states()).building, { timeout: 10_000 }).toBeDefined()
      await sleep(1_000) // what would not wait copies the posts in this time
      expect(lines.join()).not.toContain('copied')
    })
    await building
    expect(await takeEvents(origin)).toEqual([])
    await expectSame(origin, ctx, (await searched())[0] ?? '')
  })

  it('is refused while somebody else works on the indexes', async () => {
    await whileLocked(ctx, async () => {
      await expect(reindex(ctx)).rejects.toThrow(BusyError)
      await expect(rollBack(ctx)).rejects.toThrow(BusyError)
      expect(await keepIndex(origin.ctx)).toBe(0)
    })
    expect(await there()).toEqual([])
  })

  it('goes on from where a process died: before the alias moved, and after', async () => {
    await fillWith(20)
    const { index } = await reindex(ctx, { replicas: 0 })
    const left = `${ctx.alias}-20990101t000000000z`
    await ctx.openSearch.createIndex(left, {})
    const row = { name: left, state: 'building' as const, created_at: new Date() }
    await ctx.db.insertInto('search_indexes').values(row).execute()
    const second = await reindex(ctx, { replicas: 0 })
    expect(await there()).toEqual([index, second.index])
    await ctx.db.deleteFrom('search_indexes').where('name', '=', index).execute()
    await ctx.db.updateTable('search_indexes').set({ state: 'building' }).where('name', '=', second.index).execute()
    expect(await ensureIndex(ctx)).toBe(false)
    expect(await states()).toEqual({ live: second.index })
  })
})

describe('ensureIndex', () => {
  it('builds an index at the first start, and again when OpenSearch has lost it', async () => {
    await fillWith(20)
    await keepIndex(origin.ctx)
    const [first = ''] = await searched()
    await expectSame(origin, ctx, first)
    await ctx.openSearch.deleteIndex(first)
    expect(await ensureIndex(ctx)).toBe(true)
    const [second = ''] = await searched()
    expect(second).not.toBe(first)
    await expectSame(origin, ctx, second)
    await expect(rollBack(ctx)).rejects.toThrow(NoPreviousError)
  })
})
