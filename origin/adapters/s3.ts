import { Readable } from 'node:stream'
import { AppError } from '../../shared/errors.ts'
import type { Config } from '../config.ts'
import { timeouts } from './aws-timeouts.ts'

/** What is kept under a key. */
export type StoredObject = { body: ReadableStream<Uint8Array>; bytes: number; contentType: string }
/** The same without what it holds, but for how it begins. */
export type Glimpse = { bytes: number; contentType: string; start: Uint8Array }
/** What may be sent: one type, up to so many bytes, for so many seconds. */
type PostTerms = { contentType: string; maxBytes: number; seconds: number }

/** The region's bucket, by the few things that are done with it. Every method throws when it does not answer. */
export type ObjectStore = {
  put: (key: string, body: Uint8Array, options: { contentType: string; cacheControl?: string }) => Promise<void>
  /** Undefined when nothing is there. */
  get: (key: string) => Promise<StoredObject | undefined>
  /** Gives the size of an object, its type, and up to so many of its first bytes. Undefined when nothing is there. */
  glimpse: (key: string, most: number) => Promise<Glimpse | undefined>
  /**
   * Keeps what comes, of a length that nobody knows, in parts of 5 MB: all of it or, when the body throws, nothing.
   * @throws body_too_large with the first byte beyond the limit; what the body throws
   */
  upload: (
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes: number },
  ) => Promise<void>
  /** Lets somebody without credentials send one object to this key: a form of these fields, then `file`, by POST. */
  presignPost: (key: string, terms: PostTerms) => Promise<{ url: string; fields: Record<string, string> }>
  /** That nothing is there is as good. */
  remove: (keys: readonly string[]) => Promise<void>
  /** Keys that begin so, in order, all of them. */
  list: (prefix: string) => Promise<string[]>
  /** The first so many (1,000 at most) of these keys that come after another, in order, and since when they are there. */
  page: (prefix: string, after: string, most: number) => Promise<{ key: string; storedAt: Date }[]>
}

type Settings = Pick<Config['aws'], 'region' | 's3Endpoint' | 'bucket'>

/** S3 takes no more in one request. */
const mostAtOnce = 1_000

/**
 * Keeps objects in Amazon S3. The SDK is loaded with the first use, because it takes as long to load as the rest of the
 * origin. It tries a request twice at most.
 */
export function createObjectStore({ region, s3Endpoint, bucket: Bucket }: Settings): ObjectStore {
  let client: ReturnType<typeof connect> | undefined
  const open = () => {
    client ??= connect(region, s3Endpoint)
    return client
  }
  return {
    async put(Key, Body, { contentType: ContentType, cacheControl: CacheControl }) {
      const { s3, sdk } = await open()
      await s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl }))
    },
    async get(Key) {
      const { s3, sdk } = await open()
      try {
        const { Body, ContentLength, ContentType } = await s3.send(new sdk.GetObjectCommand({ Bucket, Key }))
        if (!Body) return undefined
        return {
          body: Body.transformToWebStream() as ReadableStream<Uint8Array>,
          bytes: ContentLength ?? 0,
          contentType: ContentType ?? 'application/octet-stream',
        }
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    },
    async glimpse(Key, most) {
      const { s3, sdk } = await open()
      try {
        const { Body, ContentRange, ContentType } = await s3.send(
          new sdk.GetObjectCommand({ Bucket, Key, Range: `bytes=0-${most - 1}` }),
        )
        return {
          bytes: Number(ContentRange?.split('/')[1]),
          contentType: ContentType ?? 'application/octet-stream',
          start: (await Body?.transformToByteArray()) ?? new Uint8Array(),
        }
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        // of an empty object there is no first byte
        if (!(error instanceof Error && error.name === 'InvalidRange')) throw error
        const { ContentType } = await s3.send(new sdk.HeadObjectCommand({ Bucket, Key }))
        return { bytes: 0, contentType: ContentType ?? 'application/octet-stream', start: new Uint8Array() }
      }
    },
    async upload(Key, body, { contentType: ContentType, maxBytes }) {
      const { s3 } = await open()
      const { Upload } = await import('@aws-sdk/lib-storage')
      const Body = Readable.from(limited(body, maxBytes), { objectMode: false })
      await new Upload({ client: s3, queueSize: 1, params: { Bucket, Key, Body, ContentType } }).done()
    },
    async presignPost(Key, { contentType, maxBytes, seconds }) {
      const { s3 } = await open()
      const { createPresignedPost } = await import('@aws-sdk/s3-presigned-post')
      return createPresignedPost(s3, {
        Bucket,
        Key,
        Conditions: [['content-length-range', 1, maxBytes]],
        Fields: { 'Content-Type': contentType },
        Expires: seconds,
      })
    },
    async remove(keys) {
      const { s3, sdk } = await open()
      for (let from = 0; from < keys.length; from += mostAtOnce) {
        const Objects = keys.slice(from, from + mostAtOnce).map(Key => ({ Key }))
        const { Errors = [] } = await s3.send(
          new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
        )
        const [first] = Errors
        if (first) throw new Error(`Cannot remove ${Errors.length} objects, "${first.Key}" first: ${first.Message}`)
      }
    },
    async list(Prefix) {
      const { s3, sdk } = await open()
      const keys: string[] = []
      for (let ContinuationToken: string | undefined; ; ) {
        const page = await s3.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }))
        for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key)
        ContinuationToken = page.NextContinuationToken
        if (!ContinuationToken) return keys
      }
    },
    async page(Prefix, StartAfter, MaxKeys) {
      const { s3, sdk } = await open()
      const { Contents = [] } = await s3.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, StartAfter, MaxKeys }))
      return Contents.map(({ Key = '', LastModified = new Date() }) => ({ key: Key, storedAt: LastModified }))
    },
  }
}

/** Passes a body on until it has become too long. @throws body_too_large */
export async function* limited(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new AppError('body_too_large', { detail: `A file may have ${maxBytes} bytes at most` })
    yield chunk
  }
}

async function connect(region: string, endpoint: string | undefined) {
  const sdk = await import('@aws-sdk/client-s3')
  const s3 = new sdk.S3Client({
    region,
    maxAttempts: 2,
    requestHandler: timeouts(10),
    // A stand-in has no host name for each bucket.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
  })
  return { s3, sdk }
}
