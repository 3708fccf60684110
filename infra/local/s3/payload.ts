import type { IncomingMessage } from 'node:http'
import { decodeChunked } from './aws-chunked.ts'
import { checkChecksums } from './checksums.ts'
import { unsignedPayload, unsignedTrailer } from './claim.ts'
import { AwsError } from './errors.ts'
import { sha256 } from './signature.ts'

/** The stand-in keeps a body in memory while it comes, so it takes no 5 GB at once as S3 does. */
const mostBytes = 256 * 1024 * 1024

/**
 * Reads the body of a request to S3, whatever its form, and holds it against what its headers say of it.
 * @param payload what was signed of it: hex SHA-256, or a word in its place
 * @param sent headers by their names in lower case, and the checksums among the parameters of a presigned URL
 * @returns the bytes to store
 * @throws {AwsError}
 */
export async function readPayload(
  raw: IncomingMessage,
  payload: string,
  sent: ReadonlyMap<string, string>,
): Promise<Buffer> {
  const chunked = (sent.get('content-encoding') ?? '').split(',').some(part => part.trim() === 'aws-chunked')
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: the length must be known before the body comes.
  if (sent.has('transfer-encoding') && !sent.has('x-amz-decoded-content-length')) {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'Transfer-Encoding',
    })
  }
  if (raw.method === 'PUT' && !['content-length', 'transfer-encoding'].some(name => sent.has(name))) {
    throw new AwsError('MissingContentLength')
  }
  const received = await readAtMost(raw, mostBytes)
  if (payload !== unsignedTrailer) {
    if (chunked) throw new AwsError('InvalidRequest', 'aws-chunked needs an x-amz-content-sha256 of STREAMING-…')
    checkHash(received, payload)
    checkChecksums(received, sent)
    return received
  }
  const { body, trailers } = decodeChunked(received)
  if (String(body.length) !== sent.get('x-amz-decoded-content-length')) throw new AwsError('IncompleteBody')
  const announced = (sent.get('x-amz-trailer') ?? '').split(',').map(name => name.trim().toLowerCase())
  if (announced.some(name => name !== '' && !trailers.has(name))) throw new AwsError('MalformedTrailerError')
  checkChecksums(body, trailers)
  return body
}

/** Collects a body, and stops reading when it is longer. @throws {AwsError} EntityTooLarge, IncompleteBody */
export async function readAtMost(raw: IncomingMessage, most: number): Promise<Buffer> {
  const announced = Number(raw.headers['content-length'] ?? 0)
  const tooLarge = () =>
    new AwsError('EntityTooLarge', undefined, { ProposedSize: String(announced), MaxSizeAllowed: String(most) })
  if (announced > most) throw tooLarge()
  const chunks: Buffer[] = []
  let bytes = 0
  return await new Promise((resolve, reject) => {
    raw.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= most) return
      raw.pause()
      reject(tooLarge())
    })
    raw.once('end', () => resolve(Buffer.concat(chunks)))
    raw.once('error', () => reject(new AwsError('IncompleteBody')))
  })
}

function checkHash(body: Buffer, payload: string): void {
  if (payload === unsignedPayload) return
  const computed = sha256(body)
  if (computed === payload) return
  throw new AwsError('XAmzContentSHA256Mismatch', undefined, {
    ClientComputedContentSHA256: payload,
    S3ComputedContentSHA256: computed,
  })
}
