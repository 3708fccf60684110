import { crc32, deflateSync } from 'node:zlib'
import { expect, inject, it } from 'vitest'
import { createVisitor, type Visitor } from './browser-like.ts'
import { register } from './register.ts'

const { site, mail } = inject('stack')
const password = 'correct horse battery staple'
const ours = { origin: new URL(site).origin, 'sec-fetch-site': 'same-origin' }

/** What the public may not see is gone at the edge when its knowledge of the log, 4 s old at most, has been renewed. */
const soon = { timeout: 20_000, interval: 250 }

it('a photo that came by a form is its seller’s, then everybody’s, and goes with its post and its seller', async () => {
  const { visitor: seller, email } = await register({ site, mail }, password)
  const stranger = createVisitor(site)
  const post = await draft(seller)
  const sent = await sendPhoto(seller, post, png(400, 300), 'A ladder')
  expect([sent.status, sent.headers.get('location')]).toEqual([303, `/posts/${post}/photos?done=photo-added`])
  const images = async () =>
    (await json(seller, 'GET', `/posts/${post}/images`)).items as { id: string; state: string }[]
  await expect.poll(async () => (await images())[0]?.state, { timeout: 60_000, interval: 250 }).toBe('ready')
  const path = `/media/${(await images())[0]?.id}/320.webp`
  const seen = async () => [(await stranger.get(path)).status, (await seller.get(path)).status]

  const own = await seller.get(path)
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(await seen()).toEqual([404, 200])

  await json(seller, 'PUT', `/posts/${post}/publication`)
  const shown = await stranger.get(path)
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect(shown.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(shown.headers.get('set-cookie')).toBeNull()
  const part = await stranger.get(path, { range: 'bytes=0-3' })
  expect([part.status, part.text]).toEqual([206, 'RIFF'])
  expect((await stranger.get(path, { 'if-none-match': shown.headers.get('etag') ?? '' })).status).toBe(304)
  expect((await stranger.get(path.replace('320', '1920'))).status).toBe(404)

  await json(seller, 'DELETE', `/posts/${post}/publication`)
  await expect.poll(seen, soon).toEqual([404, 200])
  await json(seller, 'PUT', `/posts/${post}/publication`)
  expect(await seen()).toEqual([200, 200])

  await seller.post('/me', { intent: 'delete', password })
  await expect.poll(async () => (await stranger.get(path)).status, soon).toBe(404)
  await seller.post('/sign-in', { email, password, next: '/' })
  expect(await seen()).toEqual([200, 200])

  const image = (await images())[0]?.id ?? ''
  const deleted = await seller.post(`/posts/${post}/photos`, { image, intent: 'delete' })
  expect(deleted.headers.get('location')).toBe(`/posts/${post}/photos?done=photo-deleted`)
  await expect.poll(seen, soon).toEqual([404, 404])
}, 120_000)

it('what is no photo is refused in words, and what was written beside it is kept', async () => {
  const { visitor } = await register({ site, mail }, password)
  const post = await draft(visitor)
  const heic = Buffer.concat([Buffer.from('000000186674797068656963', 'hex'), Buffer.alloc(3_000_000)])
  const refused = await sendPhoto(visitor, post, heic, 'Seen from the garden')
  expect([refused.status, refused.text.includes('HEIC')]).toEqual([415, true])
  expect(refused.text).toContain('Seen from the garden')
  const large = await sendPhoto(visitor, post, Buffer.alloc(16_000_000), 'Seen from the garden')
  expect([large.status, large.text.includes('15 MB at most')]).toEqual([413, true])
  expect(large.text).toContain('Seen from the garden')
  expect((await json(visitor, 'GET', `/posts/${post}/images`)).items).toEqual([])

  const { visitor: other } = await register({ site, mail }, password)
  expect((await sendPhoto(other, post, png(10, 10), '')).status).toBe(404)
})

async function draft(visitor: Visitor): Promise<string> {
  const location = { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7, lon: -74 }
  const price = { amount: 4500, currency: 'USD' }
  const post = await json(visitor, 'POST', '/posts', { title: 'Ladder', category: 'hand-tools', price, location })
  return String(post.id)
}

async function json(visitor: Visitor, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await visitor.send(`/api/v1${path}`, {
    method,
    headers: { ...ours, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBeLessThan(300)
  return reply.text ? JSON.parse(reply.text) : {}
}

function sendPhoto(visitor: Visitor, post: string, bytes: Uint8Array<ArrayBuffer>, alt: string) {
  const form = new FormData()
  form.append('alt', alt)
  form.append('file', new Blob([bytes], { type: 'image/png' }), 'photo.png')
  return visitor.send(`/posts/${post}/photos`, { method: 'POST', body: form, headers: ours })
}

/** A picture of one colour (PNG, ISO/IEC 15948). */
function png(width: number, height: number): Buffer<ArrayBuffer> {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(height * (1 + 3 * width), 0))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}
