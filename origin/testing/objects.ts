import { limited, type ObjectStore } from '../adapters/s3.ts'

/** A bucket in memory; `origin/adapters/s3.test.ts` holds it to the contract of the real one. */
export function createMemoryObjects(now = () => new Date()): ObjectStore {
  const objects = new Map<string, { body: Uint8Array<ArrayBuffer>; contentType: string; storedAt: Date }>()
  return {
    async put(key, body, { contentType }) {
      objects.set(key, { body: new Uint8Array(body), contentType, storedAt: now() })
    },
    async get(key) {
      const found = objects.get(key)
      if (!found) return undefined
      return { body: new Blob([found.body]).stream(), bytes: found.body.byteLength, contentType: found.contentType }
    },
    async glimpse(key, most) {
      const found = objects.get(key)
      if (!found) return undefined
      return { bytes: found.body.byteLength, contentType: found.contentType, start: found.body.slice(0, most) }
    },
    async upload(key, body, { contentType, maxBytes }) {
      const chunks: Uint8Array[] = []
      for await (const chunk of limited(body, maxBytes)) chunks.push(chunk)
      objects.set(key, { body: new Uint8Array(Buffer.concat(chunks)), contentType, storedAt: now() })
    },
    async presignPost(key, { contentType }) {
      return { url: 'http://bucket.test/', fields: { 'Content-Type': contentType, bucket: 'bucket', key } }
    },
    async remove(keys) {
      for (const key of keys) objects.delete(key)
    },
    async list(prefix) {
      return [...objects.keys()].filter(key => key.startsWith(prefix)).sort()
    },
    async page(prefix, after, most) {
      const found = [...objects].filter(([key]) => key.startsWith(prefix) && key > after).sort()
      return found.slice(0, most).map(([key, { storedAt }]) => ({ key, storedAt }))
    },
  }
}
