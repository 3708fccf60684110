import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cacheTags, purgeLogKey } from '../shared/cache-tags.ts'
import { createId } from '../shared/ids.ts'
import type { ImageAccess } from '../shared/media.ts'
import { securityHeaders } from './security-headers.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import type { Ask } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251)

describe.each(runtimes)('photos in %s', runtime => {
  let edge: TestEdge
  let id: string
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    edge.redis.block(false)
    edge.redis.slow(0)
    id = createId('eu')
  })

  /** A photo in the bucket whose origin gives this answer, to everybody or to one token; null is none any more. */
  function place(change: Partial<ImageAccess> = {}) {
    const photo = {
      access: { ...accessOf(id), ...change } as ImageAccess | null,
      token: undefined as string | undefined,
      asked: () => edge.origins.eu.recorded.filter(({ path }) => path === `/api/v1/images/${id}`).length,
      /** What changes at the origin is said in the log. */
      take: async (tag = cacheTags.post('post')) => {
        photo.access = null
        await edge.redis.purge({ tags: [tag] })
      },
    }
    edge.origins.eu.on(({ path, headers }) => {
      if (path !== `/api/v1/images/${id}`) return undefined
      const { access, token } = photo
      const seen = access && (access.public || headers.authorization === `Bearer ${token}`)
      return seen ? { body: access } : problem(404, 'image_not_found')
    })
    for (const variant of ['320.webp', '640.webp', '640.jpg']) edge.bucket.put('eu', `media/${id}/${variant}`, bytes)
    return photo
  }
  const get = (file = '640.webp', headers: Ask['headers'] = {}, method = 'GET') =>
    edge.ask(`/media/${id}/${file}`, { headers: { ...headers }, method })

  it('are served as what we made of them, for ever, and inert', async () => {
    place()
    const [webp, jpeg] = [await get(), await get('640.jpg')]
    expect([webp.status, jpeg.status]).toEqual([200, 200])
    expect(webp.bytes.equals(bytes)).toBe(true)
    expect(webp.headers).toMatchObject({
      ...securityHeaders.media,
      'content-type': 'image/webp',
      'content-length': '1000',
      'content-disposition': 'inline',
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{24}"$/),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect(jpeg.headers['content-type']).toBe('image/jpeg')
    expect([webp.cookies, webp.headers.vary, webp.headers['x-amz-request-id']]).toEqual([[], undefined, undefined])
    expect(edge.bucket.asked).toEqual([`/eu/media/${id}/640.webp`, `/eu/media/${id}/640.jpg`])
  })

  it('are fetched once for fifty who ask at once, and not again', async () => {
    const photo = place()
    edge.bucket.slow(100)
    const replies = await Promise.all(Array.from({ length: 50 }, () => get()))
    expect(replies.every(reply => reply.status === 200 && reply.bytes.equals(bytes))).toBe(true)
    await get()
    expect([photo.asked(), edge.bucket.asked.length]).toEqual([1, 1])
  })

  it('are fetched again when whoever asked first went away', async () => {
    place()
    edge.bucket.fail('hang', 1)
    const gone = new AbortController()
    const first = fetch(`${edge.site}/media/${id}/640.webp`, { signal: gone.signal })
    first.catch(() => {})
    await expect.poll(() => edge.bucket.asked.length).toBe(1)
    const waiting = [get(), get()]
    gone.abort()
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200])
  })

  it('come in parts, and not at all to who has them', async () => {
    place()
    const etag = (await get()).headers.etag ?? ''
    const part = await get('640.webp', { range: 'bytes=10-19' })
    expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      'bytes 10-19/1000',
      '10',
    ])
    expect(part.bytes.equals(bytes.slice(10, 20))).toBe(true)
    expect(part.headers).toMatchObject({ ...securityHeaders.media, etag, 'content-type': 'image/webp' })
    const end = await get('640.webp', { range: 'bytes=-5' })
    expect([end.status, end.headers['content-range'], end.bytes.length]).toEqual([206, 'bytes 995-999/1000', 5])
    const beyond = await get('640.webp', { range: 'bytes=1000-' })
    expect([beyond.status, beyond.headers['content-range'], beyond.text]).toEqual([416, 'bytes */1000', ''])
    for (const range of ['bytes=0-1,4-5', 'bytes=9-1', 'lines=1-2'])
      expect((await get('640.webp', { range })).status).toBe(200)

    const same = await get('640.webp', { range: 'bytes=0-0', 'if-range': etag })
    const other = await get('640.webp', { range: 'bytes=0-0', 'if-range': '"other"' })
    const dated = await get('640.webp', { range: 'bytes=0-0', 'if-range': new Date().toUTCString() })
    const weak = await get('640.webp', { range: 'bytes=0-0', 'if-range': `W/${etag}` })
    expect([same, other, dated, weak].map(({ status }) => status)).toEqual([206, 200, 200, 200])

    const known = await get('640.webp', { 'if-none-match': `"x", ${etag}`, range: 'bytes=0-0' })
    expect([known.status, known.text, known.headers.etag]).toEqual([304, '', etag])
    expect(known.headers).toMatchObject({
      ...securityHeaders.media,
      'cache-control': expect.stringContaining('immutable'),
    })
  })

  it('answer HEAD like GET, without the bytes', async () => {
    place()
    const [whole, head] = [await get(), await get('640.webp', { range: 'bytes=0-9' }, 'HEAD')]
    expect([head.status, head.text]).toEqual([200, ''])
    const { etag, 'content-length': length, 'content-type': type, 'cache-control': cache } = whole.headers
    expect(head.headers).toMatchObject({ etag, 'content-length': length, 'content-type': type, 'cache-control': cache })
  })

  it('are no others than those that are, and no other name leads to one', async () => {
    const photo = place({ folder: `demo/bicycle`, variants: [{ step: 640, width: 500, height: 300 }] })
    const names = [
      '320.webp',
      '1280.webp',
      '641.webp',
      '0640.webp',
      '640.png',
      '640.webp.jpg',
      '640.WEBP',
      '640',
      '640.webp%00',
      '640.webp%0d%0aset-cookie:a=b',
      '..%2f..%2fuploads%2fx',
      '640.webp%2f..',
      '__proto__',
      'x'.repeat(3_000),
    ]
    for (const name of names) {
      const reply = await get(name)
      expect([name, reply.status, reply.cookies]).toEqual([name, 404, []])
      expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
      expect(reply.headers).toMatchObject(securityHeaders.media)
      expect(reply.json()).toMatchObject({ code: 'image_not_found' })
    }
    // The two of known steps alone are worth a question.
    expect(photo.asked()).toBe(1)
    expect((await get('%2e%2e')).status).toBe(404)
    const others = ['x', 'eu_1', 'y'.repeat(5_000), '..%2f..', `us_${id.slice(3)}`, `${id}x`, id.toUpperCase()]
    for (const other of others) expect((await edge.ask(`/media/${other}/640.webp`)).status).toBe(404)
    expect(photo.asked()).toBe(1)
    expect(edge.bucket.asked).toEqual([])
    expect((await edge.ask(`/media/${id}/640.webp`, { method: 'DELETE' })).status).toBe(405)
    expect((await edge.ask(`/.kept/eu/media/${id}/640.webp`)).status).toBe(404)
  })

  it('are no matter of what else is asked: no query, header or host changes what is kept', async () => {
    place()
    const poison = {
      'x-forwarded-host': 'evil.example',
      'x-original-url': '/p',
      accept: 'text/html',
      'content-type': 'text/html',
    }
    const first = await edge.ask(`/media/${id}/640.webp?x=%0d%0aset-cookie:a=b&from=JP`, { headers: poison })
    expect(first.status).toBe(200)
    const second = await get()
    expect([second.status, second.headers['content-type'], second.cookies]).toEqual([200, 'image/webp', []])
    expect(second.bytes.equals(bytes)).toBe(true)
    expect(edge.bucket.asked).toHaveLength(1)
    const elsewhere = await edge.ask(`/media/${id}/640.webp`, { headers: { host: 'evil.example' } })
    expect(elsewhere.status).toBe(308)
  })

  it('of a draft are its own seller’s, and kept nowhere', async () => {
    const photo = place({ public: false })
    photo.token = await edge.signers.eu.token()
    const own = { cookie: `session=${photo.token}` }
    for (const times of [1, 2]) {
      const reply = await get('640.webp', own)
      expect([reply.status, reply.headers['cache-control'], reply.cookies]).toEqual([200, 'private, no-store', []])
      expect(reply.bytes.equals(bytes)).toBe(true)
      expect(edge.bucket.asked).toHaveLength(times)
    }
    const [stranger, other] = [
      await get(),
      await get('640.webp', { cookie: `session=${await edge.signers.eu.token()}` }),
    ]
    expect([stranger.status, other.status]).toEqual([404, 404])
    expect(stranger.headers['cache-control']).toBe('no-store')
    edge.origins.eu.on(({ headers }) => (headers.authorization ? problem(401, 'session_ended') : undefined))
    const ended = await get('640.webp', own)
    expect([ended.status, ended.json()]).toMatchObject([404, { code: 'image_not_found' }])
  })

  it.each(['post', 'seller'] as const)('are gone when their %s is', async of => {
    const photo = place()
    await get()
    await photo.take(of === 'post' ? cacheTags.post('post') : cacheTags.seller('seller'))
    await expect.poll(async () => (await get()).status, { timeout: 10_000, interval: 100 }).toBe(404)
    // Its bytes went with it: whoever may see it later has them fetched anew.
    photo.access = accessOf(id)
    expect((await get()).status).toBe(200)
    expect(edge.bucket.asked).toHaveLength(2)
  })

  it('stay when something else was purged, and when the log vouches for them while the origin is down', async () => {
    const photo = place()
    await get()
    await edge.redis.purge({ tags: [cacheTags.post('another'), cacheTags.lists('eu')] })
    edge.origins.eu.fail('drop')
    const [reads, until] = [edge.redis.commands(), Date.now() + 4_500]
    await expect.poll(async () => (await get()).status === 200 && Date.now() > until, { timeout: 10_000 }).toBe(true)
    expect(photo.asked()).toBe(1)
    expect(edge.redis.commands()).toBeGreaterThan(reads)
  })

  it.each(['lost', 'trimmed'])('are asked about again when the log was %s', async how => {
    const photo = place()
    await get()
    await edge.redis.purge({ tags: [cacheTags.post('another')] })
    await edge.redis.command(...(how === 'lost' ? ['DEL', purgeLogKey] : ['XTRIM', purgeLogKey, 'MAXLEN', '1']))
    await expect.poll(() => get().then(photo.asked), { timeout: 10_000, interval: 100 }).toBe(2)
  })

  it('are asked about when the log does not answer in time', async () => {
    await edge.redis.purge({ tags: ['none'] })
    const photo = place()
    await get()
    edge.redis.slow(700)
    await expect.poll(() => get().then(photo.asked), { timeout: 10_000, interval: 100 }).toBe(2)
    edge.redis.slow(0)
    edge.redis.block(true)
    photo.access = null
    await expect.poll(async () => (await get()).status, { timeout: 10_000, interval: 100 }).toBe(404)
  })

  it('make a problem that nobody keeps when the bucket is in trouble', async () => {
    place()
    for (const [trouble, status, code] of [
      ['drop', 503, 'service_unavailable'],
      [500, 503, 'service_unavailable'],
      [403, 502, 'bad_gateway'],
      [301, 502, 'bad_gateway'],
      ['denied', 404, 'image_not_found'],
    ] as const) {
      edge.bucket.fail(trouble)
      const reply = await get()
      expect([trouble, reply.status, reply.headers['cache-control']]).toEqual([trouble, status, 'no-store'])
      expect(reply.json()).toMatchObject({ code })
    }
    edge.bucket.fail('drop', 0)
    expect((await get()).status).toBe(200)
  })

  const keeps = runtime === 'workerd'
  it(`come ${keeps ? 'from the platform’s cache' : 'anew, for want of a cache that forgets,'} when the isolate has no room`, async () => {
    const large = new Uint8Array(12 * 1024 * 1024).fill(7)
    const ids = [1, 2, 3].map(() => createId('eu'))
    edge.origins.eu.on(({ path }) => {
      const asked = ids.find(other => path.endsWith(other))
      return asked ? { body: accessOf(asked) } : undefined
    })
    for (const other of ids) edge.bucket.put('eu', `media/${other}/640.webp`, large)
    for (const other of [...ids, ...ids]) {
      const reply = await edge.ask(`/media/${other}/640.webp`)
      expect([reply.status, reply.bytes.equals(large)]).toEqual([200, true])
    }
    expect(edge.bucket.asked).toHaveLength(keeps ? 3 : 6)
  })

  it('are asked for once more when a bucket fails or stalls', async () => {
    place()
    for (const [file, trouble] of [
      ['640.webp', 503],
      ['320.webp', 'drop'],
      ['640.jpg', 'stall'],
    ] as const) {
      edge.bucket.asked.length = 0
      edge.bucket.fail(trouble, 1)
      expect([trouble, (await get(file)).status]).toEqual([trouble, 200])
      expect(edge.bucket.asked).toHaveLength(2)
    }
  })

  it('of a region that does not answer make 503, and of none 404', async () => {
    edge.origins.eu.fail('drop')
    const down = await get()
    expect([down.status, down.headers['cache-control'], down.headers['retry-after']]).toEqual([503, 'no-store', '10'])
  })
})

describe.each(runtimes)('two isolates in %s', runtime => {
  it('learn of the same purge, each from the log', { timeout: 60_000 }, async () => {
    const one = await startEdge(runtime)
    const shared = {
      ORIGIN_NA: one.origins.na.url,
      ORIGIN_EU: one.origins.eu.url,
      ORIGIN_AP: one.origins.ap.url,
      MEDIA_BUCKETS: one.bucket.setting(['na', 'eu', 'ap']),
      SHARED_REDIS_URL: one.redis.url,
    }
    const two = await startEdge(runtime, shared)
    try {
      const id = createId('ap')
      let gone = false
      one.origins.ap.on(() => (gone ? problem(410, 'post_gone') : { body: accessOf(id) }))
      one.bucket.put('ap', `media/${id}/320.jpg`, bytes)
      const statuses = () => Promise.all([one, two].map(async edge => (await edge.ask(`/media/${id}/320.jpg`)).status))
      expect(await statuses()).toEqual([200, 200])
      gone = true
      await one.redis.purge({ tags: [cacheTags.post('post')] })
      await expect.poll(statuses, { timeout: 10_000, interval: 200 }).toEqual([410, 410])
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
  })
})

function accessOf(id: string): ImageAccess {
  const variants = ([320, 640, 1280] as const).map(step => ({ step, width: step, height: step }))
  return { id, postId: 'post', sellerId: 'seller', public: true, until: null, folder: `media/${id}`, variants }
}
