import { variantFormats, variantSteps } from '../shared/media.ts'
import type { Region } from '../shared/regions.ts'
import { createSingleFlight } from '../shared/single-flight.ts'
import type { Settings } from './bindings.ts'
import type { ReadObject } from './bucket.ts'
import { strongEtagOf } from './etag.ts'
import type { Exchange } from './exchange.ts'
import { createLru } from './lru.ts'
import type { Platform } from './platform.ts'

/** Bytes of a variant, shared by all requests of the isolate: never a Response, never a stream. */
export type ImageBytes = { bytes: ArrayBuffer; etag: string; storedAt: number }

export type ImageStore = {
  /**
   * Gives the bytes of a variant. Whether they may be seen is the caller's to know.
   * @param options.keep whether they may be kept for others
   * @throws what the bucket's reader throws
   */
  read: (exchange: Exchange, region: Region, key: string, options: { keep: boolean }) => Promise<ImageBytes>
  /** Forgets all variants in a folder: in this isolate, and in the platform's cache where this request runs. */
  drop: (exchange: Exchange, region: Region, folder: string) => void
}

/** An isolate has 128 MB; this is what photos may take of it. */
const capacity = 32 * 1024 * 1024
/** Kept bytes are not used longer than this, in milliseconds: a cache that no purge reaches must forget by itself. */
const lifetime = 3_600_000
/** Longer than two tries at a bucket. */
const patience = 5_000
const storedAtHeader = 'x-stored-at'

/** Makes the isolate's store: what was asked for last in memory, then the platform's cache, then one fetch for all who ask at once. */
export function createImageStore(
  { siteOrigin }: Pick<Settings, 'siteOrigin'>,
  { cache }: Pick<Platform, 'cache'>,
  readObject: ReadObject,
  now: () => number,
): ImageStore {
  const recent = createLru<ImageBytes>({ capacity, sizeOf: ({ bytes }) => bytes.byteLength })
  const once = createSingleFlight<ImageBytes>({ patience })
  const isYoung = ({ storedAt }: { storedAt: number }) => now() - storedAt < lifetime
  // A name that no route answers: what is kept under it can be had through the gate of `read` alone.
  const urlOf = (name: string) => `${siteOrigin}/.kept/${name}`

  async function fetchBytes(exchange: Exchange, region: Region, key: string, keep: boolean): Promise<ImageBytes> {
    const name = `${region}/${key}`
    const kept = keep ? await findKept(name) : undefined
    if (kept) return kept
    const bytes = await readObject(exchange, region, key)
    const fresh = { bytes, etag: await strongEtagOf(bytes), storedAt: now() }
    if (keep && cache) exchange.waitUntil(cache.put(urlOf(name), responseOf(fresh)).catch(() => {}))
    return fresh
  }

  async function findKept(name: string): Promise<ImageBytes | undefined> {
    try {
      const response = await cache?.match(urlOf(name))
      const storedAt = Number(response?.headers.get(storedAtHeader))
      const etag = response?.headers.get('etag')
      if (!response || !etag) return undefined
      if (isYoung({ storedAt })) return { bytes: await response.arrayBuffer(), etag, storedAt }
      response.body?.cancel().catch(() => {})
      return undefined
    } catch {
      // A cache that fails is one that has nothing.
      return undefined
    }
  }

  return {
    async read(exchange, region, key, { keep }) {
      const name = `${region}/${key}`
      const known = recent.get(name)
      if (known && isYoung(known)) return known
      const work = once(`${keep} ${name}`, () => fetchBytes(exchange, region, key, keep))
      // Whoever goes away must not take with them what others wait for.
      exchange.waitUntil(work.catch(() => {}))
      const found = await work
      if (keep) recent.set(name, found)
      return found
    },
    drop(exchange, region, folder) {
      for (const step of variantSteps) {
        for (const format of variantFormats) {
          const name = `${region}/${folder}/${step}.${format}`
          recent.delete(name)
          if (cache) exchange.waitUntil(cache.delete(urlOf(name)).catch(() => {}))
        }
      }
    },
  }
}

function responseOf({ bytes, etag, storedAt }: ImageBytes): Response {
  return new Response(bytes, {
    headers: { 'cache-control': `public, max-age=${lifetime / 1000}`, etag, [storedAtHeader]: String(storedAt) },
  })
}
