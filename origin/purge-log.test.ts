import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheTags, purgeLogKey, purgeLogReach, readPurgeEntries, tagsOfListsWith } from '../shared/cache-tags.ts'
import { createRedis, type Redis } from './adapters/redis.ts'
import { startConsumer } from './consumer.ts'
import { exportPosts } from './posts/export.ts'
import { importPosts } from './posts/import.ts'
import { withdrawPost } from './posts/publishing.ts'
import { createPurgeLog, transactAndPurge } from './purge-log.ts'
import { relayRows } from './relay.ts'
import type { TestAccount } from './testing/factories.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { createTestPost, somePost } from './testing/posts.ts'
import { countIn, createTestQueues, type TestQueues } from './testing/queues.ts'

let origin: TestOrigin
let redis: Redis
let seller: TestAccount
let moderator: TestAccount
beforeAll(async () => {
  origin = await createTestOrigin()
  redis = createRedis(origin.ctx.config.redis.shared)
  seller = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
})

/** The log as an edge reads it. */
async function readLog(): Promise<{ tags: string[]; sessions: string[] }[]> {
  const entries = readPurgeEntries(await redis.xrange(purgeLogKey, '-', '+'))
  return entries.map(({ tags, sessions }) => ({ tags, sessions }))
}

/** What a piece of work adds to the log, and what it records for the purge job: they must be the same. */
async function purgedBy(work: () => Promise<unknown>): Promise<{ tags: string[]; sessions: string[] }> {
  const jobs = () =>
    origin.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'purge').orderBy('id').execute()
  const [loggedBefore, jobsBefore] = [(await readLog()).length, (await jobs()).length]
  await work()
  const entries = (await readLog()).slice(loggedBefore)
  expect((await jobs()).slice(jobsBefore).map(({ payload }) => payload)).toEqual(entries)
  return {
    tags: entries.flatMap(({ tags }) => tags).sort(),
    sessions: entries.flatMap(({ sessions }) => sessions).sort(),
  }
}

const bikes = tagsOfListsWith('na', { country: 'US', category: 'bicycles', topCategory: 'bikes' })
const laptops = tagsOfListsWith('na', { country: 'US', category: 'laptops', topCategory: 'electronics' })
const act =
  (method: string, path: string, body?: unknown, token = seller.token, headers = {}) =>
  async () => {
    const reply = await origin.request(method, path, { token, body, headers })
    expect(reply.status, reply.text).toBeLessThan(300)
  }

describe('the purge log', () => {
  it('holds every list in which a post may stand', () => {
    expect(bikes.sort()).toEqual([
      'list:na:*:*',
      'list:na:*:bicycles',
      'list:na:*:bikes',
      'list:na:US:*',
      'list:na:US:bicycles',
      'list:na:US:bikes',
    ])
    expect(bikes).toContain(cacheTags.list('na', { country: 'US', category: 'bikes' }))
    expect(bikes).toContain(cacheTags.list('na'))
  })

  it('hears nothing of drafts', async () => {
    expect(await purgedBy(() => createTestPost(origin, seller, 'draft'))).toEqual({ tags: [], sessions: [] })
    const { id } = await createTestPost(origin, seller, 'draft')
    const edit = act('PATCH', `/posts/${id}`, { title: 'Another bike' }, seller.token, { 'if-match': '"1"' })
    expect((await purgedBy(edit)).tags).toEqual([])
    expect((await purgedBy(act('DELETE', `/posts/${id}`))).tags).toEqual([])
  })

  it.each([
    ['publishing', 'draft', 'PUT', 'publication'],
    ['withdrawing', 'active', 'DELETE', 'publication'],
    ['reserving', 'active', 'PUT', 'reservation'],
    ['selling', 'active', 'PUT', 'sale'],
    ['selling what is reserved', 'reserved', 'PUT', 'sale'],
    ['deleting', 'active', 'DELETE', ''],
  ] as const)('hears of %s: the post and its lists', async (_, from, method, resource) => {
    const { id } = await createTestPost(origin, seller, from)
    const { tags } = await purgedBy(act(method, `/posts/${id}${resource && `/${resource}`}`))
    expect(tags).toEqual([...bikes, `post:${id}`].sort())
  })

  it('hears of the page alone where no list shows the post', async () => {
    const { id } = await createTestPost(origin, seller, 'sold')
    expect((await purgedBy(act('DELETE', `/posts/${id}`))).tags).toEqual([`post:${id}`])
  })

  it('hears of both lists when a post moves', async () => {
    const { id, version } = await createTestPost(origin, seller)
    const patch = { category: 'laptops', attributes: {} }
    const edit = act('PATCH', `/posts/${id}`, patch, seller.token, { 'if-match': `"${version}"` })
    expect((await purgedBy(edit)).tags).toEqual([...new Set([...bikes, ...laptops, `post:${id}`])].sort())
  })

  it('hears of a removal and of a restoration', async () => {
    const { id } = await createTestPost(origin, seller)
    const all = [...bikes, `post:${id}`].sort()
    const removed = act('PUT', `/posts/${id}/removal`, { reason: 'Not allowed here' }, moderator.token)
    expect((await purgedBy(removed)).tags).toEqual(all)
    expect((await purgedBy(act('DELETE', `/posts/${id}/removal`, undefined, moderator.token))).tags).toEqual(all)
  })

  it('hears of each way in which sessions end before their time', async () => {
    const { email, password, sessionId, token, id } = await origin.createAccount()
    const sessionOf = (access: string) =>
      JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString()).sid
    const second = await origin.signIn(email, password)
    const third = await origin.signIn(email, password)
    const byOne = await purgedBy(act('DELETE', `/sessions/${sessionOf(second)}`, undefined, token))
    expect(byOne).toEqual({ tags: [], sessions: [sessionOf(second)] })
    const change = { currentPassword: password, password: 'another good horse 7' }
    const byPassword = await purgedBy(act('PUT', '/accounts/me/password', change, token))
    expect(byPassword.sessions).toEqual([sessionOf(third)])
    const suspension = act('PUT', `/accounts/${id}/suspension`, { reason: 'spam' }, moderator.token)
    expect(await purgedBy(suspension)).toEqual({ tags: ['lists:na', `seller:${id}`], sessions: [sessionId] })
    const reinstatement = act('DELETE', `/accounts/${id}/suspension`, undefined, moderator.token)
    expect(await purgedBy(reinstatement)).toEqual({ tags: ['lists:na', `seller:${id}`], sessions: [] })
  })

  it('hears of a sign-out, and of a seller’s new name', async () => {
    const { id, sessionId, token } = await origin.createAccount()
    expect((await purgedBy(act('PATCH', '/accounts/me', { displayName: 'Mary' }, token))).tags).toEqual([
      `seller:${id}`,
    ])
    expect(await purgedBy(act('DELETE', '/sessions/current', undefined, token))).toEqual({
      tags: [],
      sessions: [sessionId],
    })
  })

  it('hears nothing of a change that does not commit', async () => {
    const other = await origin.createAccount()
    const { id } = await createTestPost(origin, seller)
    const refused = async () => {
      expect((await origin.request('DELETE', `/posts/${id}`, { token: other.token })).status).toBe(403)
    }
    expect(await purgedBy(refused)).toEqual({ tags: [], sessions: [] })
  })

  it('hears of a part of a greater transaction once all of it has committed, and of nothing when it has not', async () => {
    const { ctx } = origin
    const { id } = await createTestPost(origin, seller)
    const withdraw = (fails: boolean) => async () => {
      const before = await readLog()
      const work = transactAndPurge(ctx, async trx => {
        await withdrawPost({ ...ctx, db: trx }, seller.actor, id)
        expect(await readLog()).toEqual(before)
        if (fails) throw new Error('rolled back')
      })
      if (fails) await expect(work).rejects.toThrow('rolled back')
      else await work
    }
    expect(await purgedBy(withdraw(true))).toEqual({ tags: [], sessions: [] })
    expect((await purgedBy(withdraw(false))).tags).toEqual([...bikes, `post:${id}`].sort())
  })

  it('forgets what is older than half an hour', async () => {
    await origin.ctx.purgeLog.append({ tags: ['post:old'], sessions: [] })
    const old = Date.now()
    await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(old)
    const later = createPurgeLog(redis, () => new Date(Date.now() + purgeLogReach))
    await later.append({ tags: ['post:new'], sessions: [] })
    expect(await readLog()).toEqual([{ tags: ['post:new'], sessions: [] }])
    const [entry] = readPurgeEntries(await redis.xrange(purgeLogKey, '-', '+'))
    expect(Math.abs((entry?.at ?? 0) - Date.now())).toBeLessThan(60_000)
  })
})

describe('with Redis away', () => {
  let stand: TestQueues
  beforeAll(async () => {
    stand = await createTestQueues()
  })
  afterAll(() => stand.close())

  it('a write succeeds, and its job appends to the log when Redis is back', async () => {
    while ((await relayRows(origin.ctx, stand.of('na'))) > 0);
    const fresh = await createTestOrigin()
    const account = await fresh.createAccount()
    const post = await createTestPost(fresh, account, 'draft', somePost())
    await fresh.redis.stop()
    const published = await fresh.request('PUT', `/posts/${post.id}/publication`, { token: account.token })
    expect(published.status).toBe(200)
    const queues = stand.of('na')
    await relayRows(fresh.ctx, queues)
    const worker = startConsumer(fresh.ctx, queues, {
      only: ['purge'],
      waitSeconds: 1,
      retryAfter: () => 1,
      stopWithin: 1,
    })
    await expect
      .poll(() => fresh.ctx.db.selectFrom('job_failures').select('id').execute(), { timeout: 10_000 })
      .not.toEqual([])
    await fresh.redis.start()
    await expect.poll(() => countIn(queues, 'purge'), { timeout: 20_000 }).toBe(0)
    await worker.stop()
    const log = await createRedis(fresh.ctx.config.redis.shared).xrange(purgeLogKey, '-', '+')
    expect(readPurgeEntries(log).flatMap(({ tags }) => tags)).toContain(`post:${post.id}`)
  })
})

describe('importPosts', () => {
  const lines = (ads: object[]) =>
    (async function* () {
      yield new TextEncoder().encode(ads.map(ad => JSON.stringify(ad)).join('\n'))
    })()

  it('tells of the lists of new posts, and of both lists and the page of one that it moves', async () => {
    const single = await origin.createAccount()
    await createTestPost(origin, single)
    const ads: object[] = []
    for await (const line of exportPosts(origin.ctx, single.id)) ads.push({ ...JSON.parse(line), externalId: 'bike-1' })
    const other = await origin.createAccount()
    expect((await purgedBy(() => importPosts(origin.ctx, other.id, lines(ads)))).tags).toEqual(bikes)
    const moved = ads.map(ad => ({ ...ad, category: 'laptops', attributes: {} }))
    const { tags } = await purgedBy(() => importPosts(origin.ctx, other.id, lines(moved)))
    const [post] = await origin.ctx.db.selectFrom('posts').select('id').where('account_id', '=', other.id).execute()
    expect(tags).toEqual([...new Set([...bikes, ...laptops, `post:${post?.id}`])].sort())
    expect((await purgedBy(() => importPosts(origin.ctx, other.id, lines(moved)))).tags).toEqual([])
  })
})
