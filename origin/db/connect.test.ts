import { type Kysely, sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import { PostQuery } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { createPost } from '../posts/creating.ts'
import { listPosts } from '../posts/listing.ts'
import { publishPost } from '../posts/publishing.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { somePost } from '../testing/posts.ts'
import { createWsBridge, type WsBridge } from '../testing/ws-bridge.ts'
import { connect } from './connect.ts'
import type { Database } from './schema.ts'

const patience = { timeout: 10_000, interval: 10 }

/** One contract for both drivers (architecture, decision 9). */
describe.each(['pg', 'neon'] as const)('connect by %s', driver => {
  let origin: TestOrigin
  let bridge: WsBridge
  let db: Kysely<Database>
  let ctx: Context
  const lost: Error[] = []

  beforeAll(async () => {
    origin = await createTestOrigin()
    const { url } = origin.ctx.config.database
    bridge = await createWsBridge(url)
    db = await connect({ url, driver, wsProxy: bridge.address, pool: 4, onError: error => lost.push(error) })
    ctx = { ...origin.ctx, db }
  })
  afterAll(async () => {
    await db.destroy()
    await bridge.stop()
  })

  it('gives times as Date to the millisecond, bigint and numeric as text, bytes as Buffer', async () => {
    const at = new Date('2026-11-20T12:34:56.789Z')
    const row = await one(sql`SELECT ${at}::timestamptz AS at, 9007199254740993::bigint AS big, 1.10::numeric AS exact,
      ${Buffer.from([0, 255])}::bytea AS bytes, 1.5::float8 AS float, true AS yes, NULL AS nothing, ${'é🚲'}::text AS words`)
    expect(row).toEqual({
      at,
      big: '9007199254740993',
      exact: '1.10',
      bytes: Buffer.from([0, 255]),
      float: 1.5,
      yes: true,
      nothing: null,
      words: 'é🚲',
    })
  })

  it('takes JSON as text and gives it as values', async () => {
    const value = { a: [1, 'two', null, { b: '𝕏' }], c: true }
    expect(await one(sql`SELECT ${JSON.stringify(value)}::jsonb AS value`)).toEqual({ value })
  })

  it('takes arrays', async () => {
    expect(await one(sql`SELECT ${['a', 'b,"c']}::text[] AS list`)).toEqual({ list: ['a', 'b,"c'] })
  })

  it('carries a megabyte there and back', async () => {
    const words = 'é'.repeat(500_000)
    expect(await one(sql`SELECT ${words}::text AS words`)).toEqual({ words })
  })

  it('keeps what a transaction wrote, and nothing of one that threw', async () => {
    const [kept, undone] = [createId('na'), createId('na')]
    await db.transaction().execute(trx => insertTombstone(trx, kept))
    const failing = db.transaction().execute(async trx => {
      await insertTombstone(trx, undone)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    const rows = await db.selectFrom('post_tombstones').select('id').where('id', 'in', [kept, undone]).execute()
    expect(rows).toEqual([{ id: kept }])
  })

  it('shows nobody else what a transaction has not committed', async () => {
    const id = createId('na')
    await db.transaction().execute(async trx => {
      await insertTombstone(trx, id)
      expect(await db.selectFrom('post_tombstones').select('id').where('id', '=', id).execute()).toEqual([])
    })
    expect(await db.selectFrom('post_tombstones').select('id').where('id', '=', id).execute()).toHaveLength(1)
  })

  it('does more at once than it has connections', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => one(sql`SELECT ${i}::int AS i`)))
    expect(answers).toEqual(Array.from({ length: 40 }, (_, i) => ({ i })))
  })

  it.each([
    [
      'a row that is there already',
      '23505',
      sql`INSERT INTO post_tombstones SELECT 'x', now() FROM generate_series(1, 2)`,
    ],
    ['a missing reference', '23503', sql`INSERT INTO refresh_tokens (token_hash, session_id) VALUES ('', 'nobody')`],
    ['a broken rule', '23514', sql`UPDATE accounts SET role = 'king'`],
    ['a text that Postgres cannot hold', '22021', sql`SELECT ${'a\u0000b'}::text`],
    ['a syntax error', '42601', sql`SELEC 1`],
  ])('tells %s by its SQLSTATE', async (_, code, statement) => {
    await origin.createAccount()
    await expect(statement.execute(db)).rejects.toMatchObject({ code })
    expect(await one(sql`SELECT 1 AS alive`)).toEqual({ alive: 1 })
  })

  it('ends a statement at its limit, and the connection stays good', async () => {
    expect(await one(sql`SHOW statement_timeout`)).toEqual({ statement_timeout: '8s' })
    expect(await one(sql`SHOW idle_in_transaction_session_timeout`)).toEqual({
      idle_in_transaction_session_timeout: '10s',
    })
    const slow = db.transaction().execute(async trx => {
      await sql`SET LOCAL statement_timeout = 20`.execute(trx)
      await sql`SELECT pg_sleep(10)`.execute(trx)
    })
    await expect(slow).rejects.toMatchObject({ code: '57014' })
    expect(await one(sql`SELECT 1 AS alive`)).toEqual({ alive: 1 })
  })

  it('outlives a connection that is lost while idle, in a statement and between two of a transaction', async () => {
    const idle = await one<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
    await terminate(idle.pid)
    await expect.poll(() => lost.length, patience).toBeGreaterThan(0)
    const busy = db.transaction().execute(async trx => {
      const { pid } = await pidOf(trx)
      const [result] = await Promise.allSettled([sql`SELECT pg_sleep(10)`.execute(trx), terminate(pid)])
      if (result.status === 'rejected') throw result.reason
    })
    await expect(busy).rejects.toThrow()
    const between = db.transaction().execute(async trx => {
      const before = lost.length
      await terminate((await pidOf(trx)).pid)
      await expect.poll(() => lost.length, patience).toBeGreaterThan(before)
      await sql`SELECT 1`.execute(trx)
    })
    await expect(between).rejects.toThrow()
    expect(await one(sql`SELECT 1 AS alive`)).toEqual({ alive: 1 })
  })

  it('serves the verbs: a post is made, published and listed', async () => {
    const { actor } = await origin.createAccount()
    const made = await createPost(ctx, actor, somePost())
    await publishPost(ctx, actor, made.id)
    const { items } = await listPosts(ctx, PostQuery.parse({ near: '40.7128,-74.006', sort: 'price' }), {
      country: 'US',
    })
    expect(items).toMatchObject([{ id: made.id, price: somePost().price, attributes: somePost().attributes }])
  })

  async function one<T = unknown>(query: ReturnType<typeof sql>): Promise<T> {
    const { rows } = await query.execute(db)
    return rows[0] as T
  }

  async function pidOf(trx: Transaction<Database>): Promise<{ pid: number }> {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx)
    return rows[0] as { pid: number }
  }

  /** From the harness's own connection, which is not under test. */
  async function terminate(pid: number): Promise<void> {
    await sql`SELECT pg_terminate_backend(${pid}::int)`.execute(origin.ctx.db)
  }

  async function insertTombstone(trx: Transaction<Database>, id: string): Promise<void> {
    await trx.insertInto('post_tombstones').values({ id, deleted_at: new Date() }).execute()
  }
})
