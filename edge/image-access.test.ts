import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cacheTags } from '../shared/cache-tags.ts'
import type { AppError } from '../shared/errors.ts'
import { createId } from '../shared/ids.ts'
import type { ImageAccess } from '../shared/media.ts'
import { beginExchange } from './exchange.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { findImage } from './image-access.ts'
import { nowhere } from './platform.ts'
import { startRedis } from './testing/harness.ts'

const minute = 60_000
const key = 'a key of the tests that is long enough'

/** The edge's judgement alone, under a clock that a test moves; Redis is real, the origin a function. */
describe('findImage', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let gateway: Gateway
  let time: number
  let id: string
  let asked: number
  let origin: () => ImageAccess | 'drop' | 404 | Promise<ImageAccess | 404>
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(() => {
    redis.block(false)
    id = createId('na')
    time = Date.now()
    asked = 0
    origin = () => access()
    gateway = createGateway(
      {
        env: {
          SITE_URL: 'http://localhost',
          ORIGIN_NA: 'http://origin.invalid',
          EDGE_KEY: key,
          LIMIT_KEY: key,
          DIRECTORY_KEY: key,
          SHARED_REDIS_URL: redis.url,
          SHARED_REDIS_TOKEN: 'shared',
          MEDIA_BUCKETS: '{"na":{"url":"https://bucket.invalid","awsRegion":"us-east-1"}}',
          MEDIA_ACCESS_KEY_ID: 'id',
          MEDIA_SECRET_ACCESS_KEY: 'secret',
          LOG_LEVEL: 'silent',
        },
        assets: { css: '', js: '', font: '', icons: '' },
        cache: null,
        fetchAsset: async () => new Response(null, { status: 404 }),
        async fetchOrigin() {
          asked += 1
          const said = await origin()
          if (said === 'drop') throw new TypeError('connection refused')
          if (said !== 404) return Response.json(said)
          const problem = { type: 'about:blank', title: '', status: 404, code: 'image_not_found', requestId: 'r' }
          const headers = { 'content-type': 'application/problem+json' }
          return new Response(JSON.stringify(problem), { status: 404, headers })
        },
      },
      () => time,
    )
  })

  const access = (change: Partial<ImageAccess> = {}): ImageAccess => ({
    id,
    postId: `post-${id}`,
    sellerId: 'seller',
    public: true,
    until: null,
    folder: `media/${id}`,
    variants: [],
    ...change,
  })
  const find = async () => {
    const request = new Request(`http://localhost/media/${id}/320.webp`)
    const connection = { ip: '192.0.2.1', geo: nowhere, waitUntil: () => {} }
    const exchange = beginExchange(request, connection, gateway.settings, time)
    return findImage(gateway, exchange, id).then(
      ({ shared }) => (shared ? 'shared' : 'private'),
      (error: AppError) => error.code,
    )
  }
  const purge = () => redis.purge({ tags: [cacheTags.post(`post-${id}`)] })

  it('keeps a public answer while the log vouches for it, for ten minutes', async () => {
    for (const pass of [0, 1, 5_000, 9 * minute]) {
      time += pass
      expect(await find()).toBe('shared')
    }
    expect(asked).toBe(1)
    time += minute
    expect(await find()).toBe('shared')
    expect(asked).toBe(2)
  })

  it('keeps no private answer', async () => {
    origin = () => access({ public: false })
    expect([await find(), await find(), asked]).toEqual(['private', 'private', 2])
  })

  it('asks again 4 s after a purge at the latest, and forgets what is gone', async () => {
    await find()
    origin = () => 404
    await purge()
    time += 3_999
    expect(await find()).toBe('shared')
    time += 1
    expect([await find(), await find(), asked]).toEqual(['image_not_found', 'image_not_found', 3])
  })

  it('believes an answer for 4 s by itself while the log cannot be read', async () => {
    redis.block(true)
    await find()
    time += 3_999
    expect([await find(), asked]).toEqual(['shared', 1])
    time += 1
    expect([await find(), asked]).toEqual(['shared', 2])
    origin = () => 404
    time += 4_000
    expect(await find()).toBe('image_not_found')
  })

  it('never goes past the time until which it is public, in whatever trouble', async () => {
    origin = () => access({ until: new Date(time + 3_000).toISOString() })
    await find()
    origin = () => 404
    time += 2_999
    expect(await find()).toBe('shared')
    time += 1
    expect(await find()).toBe('image_not_found')

    origin = () => access({ until: new Date(time + 10 * minute).toISOString() })
    await find()
    redis.block(true)
    origin = () => 'drop'
    time += 10 * minute - 1
    expect(await find()).toBe('shared')
    time += 1
    expect(await find()).toBe('region_unavailable')
  })

  it('goes on for an hour when neither the log nor the origin can be asked', async () => {
    await find()
    redis.block(true)
    origin = () => 'drop'
    time += 60 * minute - 1
    expect(await find()).toBe('shared')
    time += 1
    expect(await find()).toBe('region_unavailable')
  })

  it('does so too for an answer that was given while the log could not be read', async () => {
    redis.block(true)
    await find()
    origin = () => 'drop'
    time += minute
    expect(await find()).toBe('shared')
    redis.block(false)
    time += minute
    expect(await find()).toBe('region_unavailable')
  })

  it('does not go on when the log is known to speak against it', async () => {
    await find()
    await purge()
    origin = () => 'drop'
    time += 4_000
    expect(await find()).toBe('region_unavailable')
    redis.block(true)
    time += minute
    expect(await find()).toBe('region_unavailable')
  })

  it('does not share an answer that a purge has overtaken on its way', async () => {
    let answer = (_: ImageAccess) => {}
    await gateway.purges.refresh({ waitUntil: () => {} })
    origin = () =>
      new Promise(resolve => {
        answer = resolve
      })
    const first = find()
    await expect.poll(() => asked).toBe(1)
    await purge()
    time += 4_000
    origin = () => 404
    const second = find()
    // The second has read the log and waits for the first's answer.
    await expect.poll(() => gateway.purges.isStale({ position: '9-9', tags: [] })).toBe(true)
    await new Promise(resolve => setTimeout(resolve, 50))
    answer(access())
    expect(await second).toBe('image_not_found')
    await first
    expect(await find()).toBe('image_not_found')
  })
})
