import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reinstateAccount, suspendAccount } from '../../accounts/suspensions.ts'
import { eraseInParts } from '../../life-cycle/erased-rows.ts'
import { carryTraces } from '../../outbox.ts'
import { importPosts } from '../../posts/import.ts'
import { removePost, restorePost } from '../../posts/removing.ts'
import type { TestAccount } from '../../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { createTestPost } from '../../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount
let moderator: TestAccount
beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
  carryTraces(origin.ctx.db)
})
afterEach(() => origin.ctx.db.deleteFrom('search_indexes').execute())

const addIndex = () =>
  origin.ctx.db.insertInto('search_indexes').values({ name: 'one', state: 'live', created_at: new Date() }).execute()

async function versionOf(id: string): Promise<number> {
  const post = origin.ctx.db.selectFrom('posts').select('search_version').where('id', '=', id)
  return Number((await post.executeTakeFirstOrThrow()).search_version)
}

/** Ids and versions that a piece of work records for the index. */
async function eventsOf(work: () => Promise<unknown>): Promise<{ id: string; version: number }[]> {
  const { db } = origin.ctx
  await db.deleteFrom('outbox').where('kind', '=', 'post.changed').execute()
  await work()
  const rows = await db.selectFrom('outbox').selectAll().where('kind', '=', 'post.changed').orderBy('id').execute()
  for (const row of rows) expect(row.payload).toEqual({ postId: row.aggregate_id })
  return rows.map(({ aggregate_id: id, aggregate_version: version }) => ({ id, version }))
}

const update = (id: string, column: string, value: unknown) =>
  sql`UPDATE posts SET ${sql.ref(column)} = ${value} WHERE id = ${id}`.execute(origin.ctx.db)

describe('search_version', () => {
  it.each([
    ['title', 'Another'],
    ['description', 'Another'],
    ['category', 'kids-bikes'],
    ['top_category', 'sports'],
    ['category_words', 'Other words'],
    ['price_amount', 5],
    ['price_currency', 'CAD'],
    ['price_kind', 'negotiable'],
    ['condition', null],
    ['attributes', '{"brand": "Trek"}'],
    ['country', 'CA'],
    ['subdivision', null],
    ['city', 'Boston'],
    ['public_lat', 1],
    ['public_lon', 1],
    ['status', 'withdrawn'],
    ['seller_hidden', true],
    ['created_at', '2026-01-01'],
    ['published_at', '2026-01-01'],
    ['bumped_at', '2999-01-01'],
    ['expires_at', '2026-01-01'],
    ['account_id', () => moderator.id],
  ])('is raised once by another %s', async (column, value) => {
    const { id } = await createTestPost(origin, seller)
    const before = await versionOf(id)
    const given = typeof value === 'function' ? value() : value
    await update(id, column, given)
    expect(await versionOf(id)).toBe(before + 1)
    await update(id, column, given)
    expect(await versionOf(id)).toBe(before + 1)
  })

  it('is left alone by what neither is indexed nor decides who sees it', async () => {
    const { id } = await createTestPost(origin, seller)
    const before = await versionOf(id)
    const columns = { lat: 1, lon: 1, reminded_for: new Date(), told_expired_for: new Date(), version: 99 }
    for (const [column, value] of Object.entries(columns)) await update(id, column, value)
    expect(await versionOf(id)).toBe(before)
  })

  it('can be raised by hand, and never lowered', async () => {
    const { id } = await createTestPost(origin, seller)
    await update(id, 'search_version', 50)
    expect(await versionOf(id)).toBe(50)
    await update(id, 'search_version', 3)
    expect(await versionOf(id)).toBe(51)
  })

  it('does not go back when a deleted id comes again', async () => {
    const { id } = await createTestPost(origin, seller)
    await update(id, 'search_version', 7)
    const again = () =>
      sql`INSERT INTO posts (${sql.raw(kept)}) SELECT ${sql.raw(kept)} FROM kept_posts`.execute(origin.ctx.db)
    const kept =
      'id, account_id, title, description, category, top_category, price_kind, attributes, country, city, lat, lon, public_lat, public_lon, status, created_at, updated_at'
    await sql`CREATE TABLE kept_posts AS SELECT * FROM posts WHERE id = ${id}`.execute(origin.ctx.db)
    await sql`UPDATE kept_posts SET status = 'draft'`.execute(origin.ctx.db)
    await origin.request('DELETE', `/posts/${id}`, { token: seller.token })
    const tombstone = origin.ctx.db.selectFrom('search_tombstones').select('version').where('post_id', '=', id)
    expect((await tombstone.executeTakeFirstOrThrow()).version).toBe('8')
    await again()
    expect(await versionOf(id)).toBe(9)
    await origin.ctx.db.deleteFrom('posts').where('id', '=', id).execute()
    expect((await tombstone.executeTakeFirstOrThrow()).version).toBe('10')
  })
})

describe('events for the index', () => {
  it('are not recorded where there is no index', async () => {
    const events = await eventsOf(async () => {
      const { id } = await createTestPost(origin, seller)
      await origin.request('DELETE', `/posts/${id}`, { token: seller.token })
    })
    expect(events).toEqual([])
  })

  it('tell of each change of a public post with its version, and of nothing that never was public', async () => {
    await addIndex()
    const { id } = await createTestPost(origin, seller, 'draft')
    expect(await eventsOf(() => update(id, 'title', 'Draft still'))).toEqual([])
    const version = await versionOf(id)
    const call = (method: string, path: string) =>
      origin.request(method, `/posts/${id}${path}`, { token: seller.token })
    expect(await eventsOf(() => call('PUT', '/publication'))).toEqual([{ id, version: version + 1 }])
    expect(await eventsOf(() => call('PUT', '/reservation'))).toEqual([{ id, version: version + 2 }])
    expect(await eventsOf(() => call('DELETE', '/publication'))).toEqual([{ id, version: version + 3 }])
    expect(await eventsOf(() => update(id, 'title', 'Withdrawn'))).toEqual([])
    expect(await eventsOf(() => call('PUT', '/publication'))).toEqual([{ id, version: version + 5 }])
    expect(await eventsOf(() => call('DELETE', ''))).toEqual([{ id, version: version + 6 }])
  })

  it('tell of every public post of a seller who is suspended and reinstated, and of what a moderator does', async () => {
    const other = await origin.createAccount()
    const posts = [await createTestPost(origin, other), await createTestPost(origin, other, 'reserved')]
    const sold = await createTestPost(origin, other, 'sold')
    await createTestPost(origin, other, 'draft')
    await addIndex()
    const ids = posts.map(({ id }) => id).sort()
    const suspension = { id: other.id, reason: 'A test' }
    const hidden = await eventsOf(() => suspendAccount(origin.ctx, moderator.actor, suspension))
    expect(hidden.map(({ id }) => id).sort()).toEqual(ids)
    const shown = await eventsOf(() => reinstateAccount(origin.ctx, moderator.actor, other.id))
    expect(shown.map(({ id }) => id).sort()).toEqual(ids)
    const [id = ''] = ids
    const version = await versionOf(id)
    expect(await eventsOf(() => removePost(origin.ctx, moderator.actor, id, 'A test'))).toEqual([
      { id, version: version + 1 },
    ])
    expect(await eventsOf(() => restorePost(origin.ctx, moderator.actor, id))).toEqual([{ id, version: version + 2 }])
    const erased = await eventsOf(() => eraseInParts(origin.ctx, other.id))
    expect(erased.map(({ id }) => id).sort()).toEqual([...ids, sold.id].sort())
    const kept = origin.ctx.db.selectFrom('search_tombstones').where('post_id', 'in', ids).selectAll()
    expect(await kept.execute()).toEqual([])
  })

  it('tell of an import: what is new, what is written over, and no line that brings nothing', async () => {
    await addIndex()
    const other = await origin.createAccount()
    const ad = { category: 'furniture', description: 'Seats six.', price: 120, attributes: {} }
    const line = (id: string, title: string) => JSON.stringify({ ...ad, id, title })
    const load = (...lines: string[]) =>
      importPosts(
        origin.ctx,
        other.id,
        (async function* () {
          yield new TextEncoder().encode(lines.join('\n'))
        })(),
      )
    const first = await eventsOf(() => load(line('a', 'One thing'), line('b', 'Another thing')))
    expect(first).toMatchObject([{ version: 1 }, { version: 1 }])
    const second = await eventsOf(() => load(line('a', 'One thing'), line('b', 'A better thing'), line('c', 'A third')))
    expect(second.map(({ version }) => version).sort()).toEqual([1, 2])
  })

  it('carry the trace of the request, by one transaction alone', async () => {
    await addIndex()
    const { id } = await createTestPost(origin, seller, 'draft')
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const traces = async () => {
      const rows = origin.ctx.db.selectFrom('outbox').select('traceparent').where('kind', '=', 'post.changed')
      return (await rows.where('aggregate_id', '=', id).orderBy('id').execute()).map(row => row.traceparent)
    }
    await origin.request('PUT', `/posts/${id}/publication`, { token: seller.token, headers: { traceparent } })
    expect(await traces()).toEqual([traceparent])
    await Promise.all(Array.from({ length: 20 }, (_, i) => update(id, 'title', `Title ${i}`)))
    expect((await traces()).slice(1)).toEqual(Array(20).fill(null))
  })
})
