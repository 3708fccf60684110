import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { insertCrowd } from '../../testing/crowd.ts'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { deliver, expectSame, takeEvents, useOpenSearch } from '../../testing/indexing.ts'
import { forgetTombstones } from './forgetting.ts'
import { type Indexing, readIndexes, writeAliasOf } from './indexes.ts'
import { reconcileIndex } from './reconciling.ts'
import { ensureIndex } from './reindexing.ts'
import { isIndexed, readTruths } from './truth.ts'

/** Of each kind of fault. */
const each = 10

let origin: TestOrigin
let ctx: Indexing
let index: string
let ids: string[]
beforeAll(async () => {
  origin = await createTestOrigin()
  ctx = useOpenSearch(origin)
  const { id } = await origin.createAccount()
  await insertCrowd(ctx.db, 'na', id, 400, new Date())
  await ensureIndex(ctx)
  index = (await readIndexes(ctx.db))[0]?.name ?? ''
  ids = await publicIds()
  await expectSame(origin, ctx, index)
})

const publicIds = async () =>
  (await ctx.db.selectFrom('posts').select('id').where(isIndexed).orderBy('id').execute()).map(({ id }) => id)
const some = () => ids.splice(0, each)
const update = (posts: string[], set: ReturnType<typeof sql>) =>
  sql`UPDATE posts SET ${set} WHERE id IN (${sql.join(posts)})`.execute(ctx.db)
const write = async (writes: { id: string; version: number; document?: object }[]) => {
  const results = await ctx.openSearch.bulk(
    writeAliasOf(index),
    writes.map(one => ({ ...one, orEqual: true })),
    { alias: true },
  )
  expect(results.filter(({ result }) => result !== 'written')).toEqual([])
}
const documentsOf = async (posts: string[]) => [...(await readTruths(ctx.db, posts)).values()]
/** What is changed by this is never told to the index. */
const untold = async (work: () => Promise<unknown>) => {
  await work()
  await takeEvents(origin)
}

/** Each plants ten faults, in the ways in which they come about; the pass is to name them so. */
const faults = {
  async missing() {
    const truths = await documentsOf(some())
    await write(truths.map(({ id, version }) => ({ id, version })))
  },
  stale: () => untold(() => update(some(), sql`title = 'Changed', price_amount = 1, price_currency = 'USD'`)),
  async unlike() {
    const truths = await documentsOf(some())
    await write(truths.map(({ id, version, document }) => ({ id, version, document: { ...document, title: 'Other' } })))
    const hidden = await documentsOf(some())
    await write(hidden.map(({ id, version }) => ({ id, version, document: { gone: true } })))
  },
  async ahead() {
    const truths = await documentsOf(some())
    await write(truths.map(({ id, version, document }) => ({ id, version: version + 1_000, document })))
    const sold = some()
    await untold(() => update(sold, sql`status = 'sold', sold_at = now()`))
    await write(sold.map(id => ({ id, version: 5_000, document: { gone: true } })))
  },
  async leftover() {
    await untold(() => update(some(), sql`status = 'withdrawn'`))
    await untold(() => ctx.db.deleteFrom('posts').where('id', 'in', some()).execute())
    const [sold, deleted] = [some().slice(0, 5), some().slice(0, 5)]
    const truths = await documentsOf([...sold, ...deleted])
    await untold(() => update(sold, sql`status = 'sold', sold_at = now()`))
    await untold(() => ctx.db.deleteFrom('posts').where('id', 'in', deleted).execute())
    await write(truths.map(({ id, document }) => ({ id, version: 9_000, document })))
  },
  async unknown() {
    const truths = await documentsOf(ids.slice(0, each))
    await write(
      truths.map(({ id, document }) => ({ id: `${id}x`, version: 3, document: { ...document, id: `${id}x` } })),
    )
  },
}

describe('reconcileIndex', () => {
  it('mends a hundred planted faults in one pass, names them, and finds none in the next', async () => {
    for (const plant of Object.values(faults)) await plant()
    await ctx.openSearch.refresh(index)
    await expect(expectSame(origin, ctx, index)).rejects.toThrow()
    const told: string[] = []
    const { drift } = await reconcileIndex(ctx, index, id => told.push(id))
    expect(drift).toEqual({ missing: 10, stale: 10, unlike: 20, ahead: 20, leftover: 30, unknown: 10 })
    expect(new Set(told).size).toBe(100)
    expect((await reconcileIndex(ctx, index)).drift).toEqual({})
    await expectSame(origin, ctx, index)
  })

  it('leaves Postgres and index so that later changes are taken, of what was ahead too', async () => {
    const [id = ''] = ids
    const [truth] = await documentsOf([id])
    await write([{ id, version: 70_000, document: truth?.document ?? {} }])
    await reconcileIndex(ctx, index)
    const [raised] = await documentsOf([id])
    expect(raised?.version).toBe(70_001)
    await update([id], sql`title = 'Later'`)
    const [later] = await documentsOf([id])
    await write([{ id, version: later?.version ?? 0, document: later?.document ?? {} }])
    await expectSame(origin, ctx, index)
  })
})

describe('forgetTombstones', () => {
  it('deletes what stands for posts that Postgres has forgotten, and keeps what may come back', async () => {
    const [hidden = '', deleted = '', forgotten = ''] = await publicIds()
    await update([hidden], sql`status = 'withdrawn'`)
    await ctx.db.deleteFrom('posts').where('id', 'in', [deleted, forgotten]).execute()
    for (const event of await takeEvents(origin)) await deliver(origin, event)
    await ctx.db.deleteFrom('search_tombstones').where('post_id', '=', forgotten).execute()
    await ctx.openSearch.refresh(index)
    const before = await ctx.openSearch.get(index, [hidden, deleted, forgotten])
    expect(before.map(({ document }) => document)).toEqual(Array(3).fill({ gone: true }))
    expect(await forgetTombstones(ctx)).toBeGreaterThan(0)
    expect((await ctx.openSearch.get(index, [hidden, deleted, forgotten])).map(({ id }) => id)).toEqual([
      hidden,
      deleted,
    ])
    await ctx.openSearch.refresh(index)
    expect(await forgetTombstones(ctx)).toBe(0)
    await expectSame(origin, ctx, index)
  })
})
