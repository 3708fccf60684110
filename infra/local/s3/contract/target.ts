import { randomBytes } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { edgePolicy, originPolicy } from '../../../bucket.ts'
import { openAws } from '../../aws.ts'
import { AWS_REGIONS, resourceName } from '../../aws-resources.ts'

export type Keys = { accessKeyId: string; secretAccessKey: string }

/** A bucket that the contract is held against, and who may reach it. */
export type Target = {
  bucket: string
  region: string
  /** Of the bucket, with no slash at the end. */
  url: string
  /** Of the service, where it is not AWS's own. */
  endpoint: string | undefined
  /** Of the origin, by `originPolicy`. */
  keys: Keys
  /** Of the edge, by `edgePolicy`. */
  edgeKeys: Keys
  /** The one origin that the bucket's CORS rules allow. */
  siteOrigin: string
  /** A name that no other run has, for what it stores. */
  run: string
  close: () => Promise<void>
}

/** The stand-in, with one bucket of another region beside it. */
export async function openLocalTarget(): Promise<Target> {
  const bucket = resourceName('na')
  const [keys, edgeKeys] = ['origin', 'edge'].map(accessKeyId => ({ accessKeyId, secretAccessKey: newName() }))
  if (!keys || !edgeKeys) throw new Error('Cannot happen')
  const siteOrigin = 'http://localhost:8787'
  const { url, close } = await openAws(0, {
    identities: [
      { ...keys, statements: originPolicy(bucket) },
      { ...edgeKeys, statements: edgePolicy(bucket) },
    ],
    siteOrigins: [siteOrigin],
  })
  const where = { bucket, region: AWS_REGIONS.na, url: `${url}/${bucket}`, endpoint: url }
  return { ...where, keys, edgeKeys, siteOrigin, run: newName(), close }
}

/** A bucket of AWS, by environment variables; undefined where they are not set. See docs/bucket.md. */
export function openRealTarget(): Target | undefined {
  const { S3_CONTRACT_BUCKET: bucket, S3_CONTRACT_REGION: region = '', S3_CONTRACT_SITE: siteOrigin = '' } = process.env
  if (!bucket) return undefined
  const keysOf = (prefix: string) => ({
    accessKeyId: process.env[`${prefix}ACCESS_KEY_ID`] ?? '',
    secretAccessKey: process.env[`${prefix}SECRET_ACCESS_KEY`] ?? '',
  })
  const url = `https://${bucket}.s3.${region}.amazonaws.com`
  const [keys, edgeKeys] = [keysOf('S3_CONTRACT_'), keysOf('S3_CONTRACT_EDGE_')]
  return { bucket, region, url, endpoint: undefined, keys, edgeKeys, siteOrigin, run: newName(), close: async () => {} }
}

/** A client as the origin has it. */
export function sdkOf(
  { region, endpoint, keys }: Target,
  checksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' = 'WHEN_SUPPORTED',
) {
  return new S3Client({
    region,
    credentials: keys,
    maxAttempts: 1,
    requestChecksumCalculation: checksums,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  })
}

function newName(): string {
  return randomBytes(12).toString('hex')
}
