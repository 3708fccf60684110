import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from './errors.ts'

/*
 * Checksums that a client sends along, so that S3 stores what it meant and nothing else.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */

const prefix = 'x-amz-checksum-'
const algorithms: Record<string, (body: Buffer) => Buffer> = {
  crc32: crc32Of,
  sha1: body => createHash('sha1').update(body).digest(),
  sha256: body => createHash('sha256').update(body).digest(),
}
// These tell how a checksum is meant; they are none.
const words = ['algorithm', 'mode', 'type']

/**
 * Holds a body against every checksum of it that was sent.
 * @param sent headers, trailers, or parameters of a presigned URL, by their names in lower case
 * @throws {AwsError} BadDigest, InvalidDigest; NotImplemented for an algorithm that the stand-in lacks
 */
export function checkChecksums(body: Buffer, sent: ReadonlyMap<string, string>): void {
  const md5 = sent.get('content-md5')
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) throw new AwsError('InvalidDigest', undefined, { 'Content-MD5': md5 })
    if (createHash('md5').update(body).digest('base64') !== md5) throw new AwsError('BadDigest')
  }
  for (const [name, value] of sent) {
    const algorithm = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (!algorithm || words.includes(algorithm)) continue
    const compute = algorithms[algorithm]
    if (!compute) throw new AwsError('NotImplemented', undefined, { Header: name })
    if (compute(body).toString('base64') !== value) {
      throw new AwsError(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      )
    }
  }
}

/** Whether any checksum of the body came along. */
export function hasChecksum(sent: ReadonlyMap<string, string>): boolean {
  return [...sent.keys()].some(
    name => name === 'content-md5' || Object.keys(algorithms).includes(name.slice(prefix.length)),
  )
}

function crc32Of(body: Buffer): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes
}
