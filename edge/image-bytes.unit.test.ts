import { beforeEach, describe, expect, it } from 'vitest'
import type { Exchange } from './exchange.ts'
import { createImageStore, type ImageStore } from './image-bytes.ts'
import type { Platform } from './platform.ts'

const hour = 3_600_000

describe('createImageStore', () => {
  let kept: Map<string, Response>
  let fetched: string[]
  let time: number
  let late: Promise<unknown>[]
  const exchange = { waitUntil: (work: Promise<unknown>) => void late.push(work) } as unknown as Exchange
  const cache = {
    match: async (url: string) => kept.get(url)?.clone(),
    put: async (url: string, response: Response) => void kept.set(url, response),
    delete: async (url: string) => kept.delete(url),
  } as unknown as Platform['cache']
  const createStore = (platform = cache): ImageStore =>
    createImageStore(
      { siteOrigin: 'https://site.test' },
      { cache: platform },
      async (_, region, key) => {
        fetched.push(`${region}/${key}`)
        return new TextEncoder().encode(`bytes of ${key}`).buffer
      },
      () => time,
    )
  const read = async (store: ImageStore, key = 'media/1/320.webp', keep = true) => {
    const { bytes, etag } = await store.read(exchange, 'na', key, { keep })
    await Promise.all(late)
    return [new TextDecoder().decode(bytes), etag]
  }
  beforeEach(() => {
    kept = new Map()
    fetched = []
    late = []
    time = Date.now()
  })

  it('finds in the platform’s cache what another isolate has fetched, for an hour by our own clock', async () => {
    const first = await read(createStore())
    expect([...kept.keys()]).toEqual(['https://site.test/.kept/na/media/1/320.webp'])
    time += hour - 1
    expect(await read(createStore())).toEqual(first)
    expect(fetched).toHaveLength(1)
    time += 1
    expect(await read(createStore())).toEqual(first)
    expect(fetched).toHaveLength(2)
  })

  it('keeps in memory for as long, and no longer because it was read from the cache', async () => {
    await read(createStore())
    time += hour - 1
    const store = createStore()
    await read(store)
    kept.clear()
    await read(store)
    expect(fetched).toHaveLength(1)
    time += 1
    await read(store)
    expect(fetched).toHaveLength(2)
  })

  it('keeps nothing of what is not everybody’s', async () => {
    const store = createStore()
    await read(store, 'media/1/320.webp', false)
    await read(store, 'media/1/320.webp', false)
    expect([fetched.length, kept.size]).toEqual([2, 0])
  })

  it('drops all of a folder, here and in the cache, and nothing else', async () => {
    const store = createStore()
    for (const key of ['media/1/320.webp', 'media/1/1920.jpg', 'media/12/320.webp']) await read(store, key)
    store.drop(exchange, 'na', 'media/1')
    await Promise.all(late)
    expect([...kept.keys()]).toEqual(['https://site.test/.kept/na/media/12/320.webp'])
    for (const key of ['media/1/320.webp', 'media/12/320.webp']) await read(store, key)
    expect(fetched).toHaveLength(4)
  })

  it('does without a cache that fails, holds what is no answer of ours, or is not there', async () => {
    const broken = { match: fail, put: fail, delete: fail } as unknown as Platform['cache']
    for (const platform of [broken, null]) {
      const store = createStore(platform)
      expect(await read(store)).toEqual(await read(store))
      store.drop(exchange, 'na', 'media/1')
    }
    kept.set('https://site.test/.kept/na/media/1/320.webp', new Response('of somebody else'))
    expect((await read(createStore()))[0]).toBe('bytes of media/1/320.webp')
    expect(fetched).toHaveLength(3)
  })
})

async function fail(): Promise<never> {
  throw new Error('no cache today')
}
