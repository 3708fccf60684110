import type { ObjectStore } from '../adapters/s3.ts'

/** A bucket in memory; `origin/adapters/s3.test.ts` holds it to the contract of the real one. */
export function createMemoryObjects(): ObjectStore {
  const objects = new Map<string, { body: Uint8Array<ArrayBuffer>; contentType: string }>()
  return {
    async put(key, body, { contentType }) {
      objects.set(key, { body: new Uint8Array(body), contentType })
    },
    async get(key) {
      const found = objects.get(key)
      if (!found) return undefined
      return { body: new Blob([found.body]).stream(), bytes: found.body.byteLength, contentType: found.contentType }
    },
    async remove(keys) {
      for (const key of keys) objects.delete(key)
    },
    async list(prefix) {
      return [...objects.keys()].filter(key => key.startsWith(prefix)).sort()
    },
  }
}
