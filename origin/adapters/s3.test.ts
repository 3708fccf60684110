import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAws } from '../../infra/local/aws.ts'
import { AWS_REGIONS, resourceName } from '../../infra/local/aws-resources.ts'
import { useTestKeys } from '../testing/aws-keys.ts'
import { createMemoryObjects } from '../testing/objects.ts'
import { createObjectStore, type ObjectStore } from './s3.ts'

const bucket = resourceName('na')
let close: () => Promise<unknown> = async () => {}
let s3: ObjectStore
let bucketStore: { multipartUploads: Map<string, unknown> }

beforeAll(async () => {
  useTestKeys()
  const aws = await openAws(0)
  close = aws.close
  bucketStore = aws.s3Store
  s3 = createObjectStore({ region: AWS_REGIONS.na, s3Endpoint: aws.url, bucket })
})
afterAll(() => close())

/** One contract for the real client and for the stand-in that the other tests use. */
describe.each([
  ['S3', () => s3],
  ['memory', () => createMemoryObjects()],
])('object store: %s', (_, create) => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const textOf = async (store: ObjectStore, key: string) => {
    const found = await store.get(key)
    return found && new Response(found.body).text()
  }

  it('gives back what was put, with its type and size', async () => {
    const store = create()
    await store.put('a/ä b.bin', bytes('née'), { contentType: 'application/zip' })
    const found = await store.get('a/ä b.bin')
    expect(found).toMatchObject({ bytes: 4, contentType: 'application/zip' })
    expect(await textOf(store, 'a/ä b.bin')).toBe('née')
  })

  it('overwrites, and knows nothing of what never was', async () => {
    const store = create()
    await store.put('b', bytes('1'), { contentType: 'text/plain' })
    await store.put('b', bytes('22'), { contentType: 'text/plain' })
    expect(await textOf(store, 'b')).toBe('22')
    expect(await store.get('never')).toBeUndefined()
  })

  it('lists by prefix, and removes, also what is not there', async () => {
    const store = create()
    for (const key of ['c/2', 'c/1', 'cc']) await store.put(key, bytes('x'), { contentType: 'text/plain' })
    expect(await store.list('c/')).toEqual(['c/1', 'c/2'])
    await store.remove(['c/1', 'c/never'])
    expect(await store.list('c/')).toEqual(['c/2'])
    await store.remove([])
  })

  it('lists and removes more than one page of a thousand', async () => {
    const store = create()
    const keys = Array.from({ length: 1_005 }, (_, n) => `many/${String(n).padStart(4, '0')}`)
    for (let from = 0; from < keys.length; from += 50) {
      const some = keys.slice(from, from + 50)
      await Promise.all(some.map(key => store.put(key, bytes('x'), { contentType: 'text/plain' })))
    }
    expect(await store.list('many/')).toEqual(keys)
    await store.remove(keys)
    expect(await store.list('many/')).toEqual([])
  })

  it('gives a glimpse: size, type and first bytes, of an empty object as well', async () => {
    const store = create()
    await store.put('d', bytes('0123456789'), { contentType: 'image/png' })
    await store.put('d-empty', bytes(''), { contentType: 'image/gif' })
    expect(await store.glimpse('d', 4)).toEqual({ bytes: 10, contentType: 'image/png', start: bytes('0123') })
    expect(await store.glimpse('d', 64)).toEqual({ bytes: 10, contentType: 'image/png', start: bytes('0123456789') })
    expect(await store.glimpse('d-empty', 4)).toEqual({ bytes: 0, contentType: 'image/gif', start: bytes('') })
    expect(await store.glimpse('never', 4)).toBeUndefined()
  })

  it('keeps a stream, of one part or of several', async () => {
    const store = create()
    const options = { contentType: 'image/jpeg', maxBytes: 12_000_000 }
    await store.upload('e/short', chunks(3, 1_000), options)
    await store.upload('e/long', chunks(12, 1_000_000), options)
    expect(await store.glimpse('e/short', 2)).toMatchObject({ bytes: 3_000, contentType: 'image/jpeg' })
    expect(await store.glimpse('e/long', 2)).toMatchObject({ bytes: 12_000_000, start: Uint8Array.of(1, 1) })
    const kept = await store.get('e/long')
    const all = new Uint8Array(await new Response(kept?.body).arrayBuffer())
    expect([all[0], all[11_999_999]]).toEqual([1, 12])
  })

  it.each([1_000, 7_000_000])('stops a stream at the first byte beyond %i, and keeps nothing of it', async maxBytes => {
    const store = create()
    const asked: number[] = []
    const body = chunks(100, 500_000, n => asked.push(n))
    const upload = store.upload('f', body, { contentType: 'image/jpeg', maxBytes })
    await expect(upload).rejects.toMatchObject({ code: 'body_too_large' })
    expect(asked.length).toBeLessThanOrEqual(maxBytes / 500_000 + 2)
    expect(await store.list('f')).toEqual([])
    expect(await unfinished()).toEqual([])
  })

  it.each([1, 14])('keeps nothing of a stream that breaks off after %i chunks', async most => {
    const store = create()
    async function* broken() {
      yield* chunks(most, 500_000)
      throw new Error('the client has gone')
    }
    const upload = store.upload('g', broken(), { contentType: 'image/jpeg', maxBytes: 15_000_000 })
    await expect(upload).rejects.toThrow('the client has gone')
    expect(await store.list('g')).toEqual([])
    expect(await unfinished()).toEqual([])
  })

  it('gives pages of keys in order, with when they were stored', async () => {
    const store = create()
    for (const key of ['h/3', 'h/1', 'h/2', 'h', 'i']) await store.put(key, bytes('x'), { contentType: 'text/plain' })
    const first = await store.page('h/', '', 2)
    expect(first.map(({ key }) => key)).toEqual(['h/1', 'h/2'])
    expect(Math.abs((first[0]?.storedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    expect((await store.page('h/', 'h/2', 2)).map(({ key }) => key)).toEqual(['h/3'])
    expect(await store.page('h/', 'h/3', 2)).toEqual([])
  })
})

describe('presignPost', () => {
  it('lets somebody without credentials send one object, of this type, to this key', async () => {
    const terms = { contentType: 'image/png', maxBytes: 100, seconds: 600 }
    const { url, fields } = await s3.presignPost('uploads/x', terms)
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    form.set('file', new Blob(['0123']), '../../evil.html')
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204)
    expect(await s3.glimpse('uploads/x', 9)).toMatchObject({ bytes: 4, contentType: 'image/png' })
    const policy = JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString())
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 1, 100],
        { 'Content-Type': 'image/png' },
        { key: 'uploads/x' },
        { bucket },
      ]),
    )
    const lasts = Date.parse(policy.expiration) - Date.now()
    expect(lasts).toBeGreaterThan(540_000)
    expect(lasts).toBeLessThanOrEqual(601_000)
  })

  it('is like enough in memory for the tests of verbs', async () => {
    const terms = { contentType: 'image/png', maxBytes: 100, seconds: 600 }
    const [real, memory] = await Promise.all([s3, createMemoryObjects()].map(store => store.presignPost('k', terms)))
    expect(real?.fields).toMatchObject({ key: 'k', 'Content-Type': 'image/png' })
    expect(memory?.fields).toMatchObject({ key: 'k', 'Content-Type': 'image/png' })
  })
})

/** So many chunks of a size, the n-th filled with n. */
async function* chunks(count: number, size: number, onAsked = (_: number) => {}): AsyncGenerator<Uint8Array> {
  for (let n = 1; n <= count; n++) {
    onAsked(n)
    yield new Uint8Array(size).fill(n)
  }
}

/** Uploads in parts that were neither finished nor given up. */
async function unfinished(): Promise<unknown[]> {
  return [...bucketStore.multipartUploads.values()]
}
