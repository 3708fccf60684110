/*
 * How a region's bucket is set up, in the words of the S3 and IAM APIs. The local stack enforces it; what makes the buckets in
 * production takes it from here.
 */

type LifecycleRule = {
  ID: string
  Status: 'Enabled' | 'Disabled'
  Filter: { Prefix: string }
  Expiration?: { Days: number }
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number }
}
export type LifecycleRules = readonly LifecycleRule[]

/** Originals lie under `uploads/` until their variants are safe, at most a day: jobs remove them, this is the net below. */
export const lifecycleRules: LifecycleRules = [
  { ID: 'forgotten-uploads', Status: 'Enabled', Filter: { Prefix: 'uploads/' }, Expiration: { Days: 1 } },
  {
    ID: 'unfinished-uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
]
