import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lifecycleRules } from '../../bucket.ts'
import { type LocalAws, openAws } from '../aws.ts'
import { AWS_REGIONS, resourceName } from '../aws-resources.ts'
import { waitUntil } from '../processes.ts'
import { almighty } from './credentials.ts'
import { applyLifecycle } from './lifecycle.ts'

const hour = 3_600_000
const Bucket = resourceName('na')
const keys = { accessKeyId: 'a', secretAccessKey: 'b' }

let aws: LocalAws
let folder: string
let ahead = 0
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lifecycle-'))
  ahead = 0
})
afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

async function open(sweepEvery: number) {
  aws = await openAws(0, { identities: [almighty(keys)], dataDir: folder, now: () => Date.now() + ahead, sweepEvery })
  const client = new S3Client({
    endpoint: aws.url,
    region: AWS_REGIONS.na,
    credentials: keys,
    forcePathStyle: true,
    systemClockOffset: ahead,
  })
  for (const Key of ['uploads/a', 'uploads/b', 'media/a/640.webp', 'exports/uploads/x']) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'exports/long' }))
  await client.send(new UploadPartCommand({ Bucket, Key: 'exports/long', UploadId, PartNumber: 1, Body: 'x' }))
}
const stored = () => [...(aws.s3Store.buckets.get(Bucket)?.keys() ?? [])].sort()

describe('the life of what lies in a bucket', () => {
  it('ends at the midnight after a day, under uploads/ alone', async () => {
    await open(1e9)
    const since = Date.now()
    const midnight = (Math.floor(since / (24 * hour)) + 2) * 24 * hour
    expect(applyLifecycle(aws.s3Store, Bucket, lifecycleRules, since + 23 * hour)).toEqual({
      expired: [],
      unfinished: [],
    })
    expect(applyLifecycle(aws.s3Store, Bucket, lifecycleRules, midnight - 1_000)).toEqual({
      expired: [],
      unfinished: [],
    })
    expect(applyLifecycle(aws.s3Store, Bucket, lifecycleRules, midnight)).toEqual({
      expired: ['uploads/a', 'uploads/b'],
      unfinished: ['exports/long'],
    })
    expect(stored()).toEqual(['exports/uploads/x', 'media/a/640.webp'])
  })

  it('ends by itself, on the disk as well', async () => {
    await open(10)
    expect(stored()).toHaveLength(4)
    ahead = 49 * hour
    expect(await waitUntil(() => stored().length === 2 && aws.s3Store.multipartUploads.size === 0, 5_000)).toBe(true)
    await aws.close()
    ahead = 0
    aws = await openAws(0, { identities: [almighty(keys)], dataDir: folder })
    expect(stored()).toEqual(['exports/uploads/x', 'media/a/640.webp'])
    expect(aws.s3Store.multipartUploads.size).toBe(0)
    const client = new S3Client({ endpoint: aws.url, region: AWS_REGIONS.na, credentials: keys, forcePathStyle: true })
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'uploads/a' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    })
  })

  it('is set as production has it', async () => {
    await open(1e9)
    const { GetBucketLifecycleConfigurationCommand } = await import('@aws-sdk/client-s3')
    const client = new S3Client({ endpoint: aws.url, region: AWS_REGIONS.na, credentials: keys, forcePathStyle: true })
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    expect(Rules).toEqual(lifecycleRules)
  })
})
