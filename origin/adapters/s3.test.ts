import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryObjects } from '../testing/objects.ts'
import { createObjectStore, type ObjectStore } from './s3.ts'

const bucket = 'contract-test'
let close: () => Promise<unknown> = async () => {}
let s3: ObjectStore

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const { buildApp } = await import('fauxqs')
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: 'us-east-1' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  close = () => app.close()
  const s3Endpoint = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  await fetch(`${s3Endpoint}/${bucket}`, { method: 'PUT' })
  s3 = createObjectStore({ region: 'us-east-1', s3Endpoint, bucket })
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
})
