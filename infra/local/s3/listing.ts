import { AwsError } from './errors.ts'
import type { S3Store, StoredObject } from './fauxqs.ts'

export type ListOptions = { prefix?: string; maxKeys?: number; startAfter?: string; marker?: string }

/**
 * Lets the store list keys in the order of their UTF-8 bytes, as S3 does. fauxqs sorts them for people and pages through them by
 * their UTF-16, and so leaves some out. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
export function listByBytes(store: S3Store): void {
  store.listObjects = (bucket, { prefix = '', maxKeys = 1_000, startAfter, marker = '' } = {}) => {
    const objects = store.buckets.get(bucket)
    if (!objects) throw new AwsError('NoSuchBucket', undefined, { BucketName: bucket })
    const after = Buffer.from(startAfter ?? marker)
    const found = [...objects.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .map(object => ({ object, bytes: Buffer.from(object.key) }))
      .filter(({ bytes }) => Buffer.compare(bytes, after) > 0)
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    const page: StoredObject[] = found.slice(0, maxKeys).map(({ object }) => object)
    return { objects: page, commonPrefixes: [], isTruncated: found.length > page.length && page.length > 0 }
  }
}
