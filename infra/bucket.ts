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

type CorsRule = {
  AllowedOrigins: readonly string[]
  AllowedMethods: readonly string[]
  AllowedHeaders: readonly string[]
  ExposeHeaders: readonly string[]
  MaxAgeSeconds: number
}
export type CorsRules = readonly CorsRule[]

/** A statement of an IAM policy that allows something; what no statement allows is refused. */
export type Statement = { Effect: 'Allow'; Action: readonly string[]; Resource: readonly string[] }

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

/** Browsers on pages of these origins (scheme, host and port) may send a form to the bucket, and nothing else. */
export function corsRules(siteOrigins: readonly string[]): CorsRules {
  return [
    {
      AllowedOrigins: siteOrigins,
      AllowedMethods: ['POST'],
      AllowedHeaders: ['content-type'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 3_600,
    },
  ]
}

/** What a region's origin and its workers may do: everything with what lies in their bucket, nothing with the bucket itself. */
export function originPolicy(bucket: string): Statement[] {
  return [
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], [`${bucket}/*`]),
    allow(['s3:ListBucket'], [bucket]),
  ]
}

/**
 * What the edge may do: read photos. It may list nothing, and so S3 answers it 403 and not 404 where nothing lies.
 */
export function edgePolicy(bucket: string): Statement[] {
  return [allow(['s3:GetObject'], [`${bucket}/media/*`, `${bucket}/demo/*`])]
}

function allow(Action: string[], paths: string[]): Statement {
  return { Effect: 'Allow', Action, Resource: paths.map(path => `arn:aws:s3:::${path}`) }
}
