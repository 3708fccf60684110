import {
  checkPayload,
  checkScope,
  type Expectation,
  findIdentity,
  headerOf,
  malformedCredential,
  mostSkew,
  type Refuse,
  requireSigned,
  unsignedPayload,
} from './claim.ts'
import type { Identity } from './credentials.ts'
import { AwsError } from './errors.ts'
import { algorithm, type Claim, parseCredential, parseTime, verifySignature, type WireRequest } from './signature.ts'

const parts = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires']
/** In seconds. */
const longestLife = 7 * 24 * 3_600

/**
 * Verifies a presigned URL. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * @param query its parameters
 * @returns who signed it, and what they say of the body
 * @throws {AwsError}
 */
export function byQuery(request: WireRequest, query: ReadonlyMap<string, string>, expected: Expectation) {
  const { claim, since, seconds } = readClaim(query, expected)
  const identity: Identity = findIdentity(claim.accessKeyId, expected)
  const until = since + seconds * 1_000
  if (since > expected.now + mostSkew) throw new AwsError('AccessDenied', 'Request is not valid yet')
  if (expected.now > until) {
    throw new AwsError('AccessDenied', 'Request has expired', {
      'X-Amz-Expires': String(seconds),
      Expires: new Date(until).toISOString(),
      ServerTime: new Date(expected.now).toISOString(),
    })
  }
  requireSigned(request, claim)
  const payload = headerOf(request, 'x-amz-content-sha256') ?? query.get('X-Amz-Content-Sha256') ?? unsignedPayload
  verifySignature(request, claim, identity.secretAccessKey, payload)
  return { identity, payload: checkPayload(payload) }
}

function readClaim(query: ReadonlyMap<string, string>, expected: Expectation) {
  const refuse: Refuse = (why, details) => new AwsError('AuthorizationQueryParametersError', why, details)
  const inCredential: Refuse = (why, details) => refuse(`Error parsing the X-Amz-Credential parameter; ${why}`, details)
  const [named, text, signature, time, signed, life] = parts.map(name => query.get(`X-Amz-${name}`))
  if (!named || !text || !signature || !time || !signed || !life)
    throw new AwsError('AuthorizationQueryParametersError')
  if (named !== algorithm) throw refuse(`X-Amz-Algorithm only supports "${algorithm}"`)
  const credential = parseCredential(text)
  if (!credential) throw inCredential(malformedCredential)
  const since = parseTime(time)
  if (since === undefined) throw refuse("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  const claim: Claim = { ...credential, time, signedHeaders: signed.split(';'), signature }
  const seconds = readLife(life, refuse)
  checkScope(claim, expected, inCredential)
  return { claim, since, seconds }
}

function readLife(text: string, refuse: Refuse): number {
  if (!/^-?\d+$/.test(text)) throw refuse('X-Amz-Expires should be a number')
  const seconds = Number(text)
  if (seconds < 0) throw refuse('X-Amz-Expires must be non-negative')
  if (seconds <= longestLife) return seconds
  throw refuse(
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
  )
}
