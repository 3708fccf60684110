import type { LifecycleRules } from '../../bucket.ts'
import type { S3Store } from './fauxqs.ts'

const day = 24 * 3_600_000

/**
 * Does what S3 does by itself once a day: removes what has expired, and uploads that nobody finished.
 * @param now milliseconds
 * @returns keys of what was removed, by bucket and kind
 */
export function applyLifecycle(store: S3Store, bucket: string, rules: LifecycleRules, now: number) {
  const enabled = rules.filter(({ Status }) => Status === 'Enabled')
  const isDue = (key: string, since: Date, days: (rule: LifecycleRules[number]) => number | undefined) =>
    enabled.some(rule => {
      const after = days(rule)
      return after !== undefined && key.startsWith(rule.Filter.Prefix) && dueAt(since, after) <= now
    })
  const expired = [...(store.buckets.get(bucket)?.values() ?? [])].filter(({ key, lastModified }) =>
    isDue(key, lastModified, rule => rule.Expiration?.Days),
  )
  const unfinished = [...store.multipartUploads.values()].filter(
    ({ bucket: one, key, initiated }) =>
      one === bucket && isDue(key, initiated, rule => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation),
  )
  for (const { key } of expired) store.deleteObject(bucket, key)
  for (const { uploadId } of unfinished) store.abortMultipartUpload(uploadId)
  return { expired: expired.map(({ key }) => key), unfinished: unfinished.map(({ key }) => key) }
}

/**
 * S3 adds the days and rounds up to the next midnight (UTC):
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
function dueAt(since: Date, days: number): number {
  return Math.ceil((since.getTime() + days * day) / day) * day
}
