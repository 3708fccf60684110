import type { Config } from '../config.ts'

/** What is kept under a key. */
export type StoredObject = { body: ReadableStream<Uint8Array>; bytes: number; contentType: string }

/** The region's bucket, by the few things that are done with it. Every method throws when it does not answer. */
export type ObjectStore = {
  put: (key: string, body: Uint8Array, options: { contentType: string; cacheControl?: string }) => Promise<void>
  /** Undefined when nothing is there. */
  get: (key: string) => Promise<StoredObject | undefined>
  /** That nothing is there is as good. */
  remove: (keys: readonly string[]) => Promise<void>
  /** Keys that begin so, in order, all of them. */
  list: (prefix: string) => Promise<string[]>
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
  }
}

async function connect(region: string, endpoint: string | undefined) {
  const sdk = await import('@aws-sdk/client-s3')
  const s3 = new sdk.S3Client({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
    // Stand-ins know neither checksums of streams nor buckets as host names.
    ...(endpoint ? { endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' } : {}),
  })
  return { s3, sdk }
}
