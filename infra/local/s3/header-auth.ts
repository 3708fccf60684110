import {
  checkScope,
  type Expectation,
  findIdentity,
  headerOf,
  malformedCredential,
  mostSkew,
  type Refuse,
  requireSigned,
  unsupported,
} from './claim.ts'
import type { Identity } from './credentials.ts'
import { AwsError } from './errors.ts'
import { algorithm, type Claim, parseCredential, parseTime, verifySignature, type WireRequest } from './signature.ts'

/**
 * Verifies the Authorization header. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 * @param payload hex SHA-256 of the body, or the word that stands in its place
 * @throws {AwsError}
 */
export function byHeader(request: WireRequest, payload: string, expected: Expectation): Identity {
  const claim = readAuthorization(request, expected)
  const identity = findIdentity(claim.accessKeyId, expected)
  if (Math.abs(expected.now - (parseTime(claim.time) ?? 0)) > mostSkew) {
    throw new AwsError('RequestTimeTooSkewed', undefined, {
      RequestTime: claim.time,
      ServerTime: new Date(expected.now).toISOString(),
      MaxAllowedSkewMilliseconds: String(mostSkew),
    })
  }
  requireSigned(request, claim)
  verifySignature(request, claim, identity.secretAccessKey, payload)
  return identity
}

function readAuthorization(request: WireRequest, expected: Expectation): Claim {
  const authorization = headerOf(request, 'authorization')
  const refuse: Refuse = (why, details) =>
    new AwsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`, details)
  if (authorization === undefined) throw new AwsError('AccessDenied')
  if (authorization.startsWith('AWS ')) throw unsupported()
  if (!authorization.startsWith(algorithm)) {
    const details = { ArgumentName: 'Authorization', ArgumentValue: authorization }
    throw new AwsError('InvalidArgument', 'Unsupported Authorization Type', details)
  }
  const parts = new Map(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map(part => part.trim().split(/=(.*)/s) as [string, string]),
  )
  const credential = parseCredential(parts.get('Credential') ?? '')
  if (!credential) throw refuse(malformedCredential)
  const signedHeaders = parts.get('SignedHeaders')?.split(';')
  const signature = parts.get('Signature')
  if (!signedHeaders || !signature) throw refuse('it must hold a SignedHeaders and a Signature.')
  const claim = { ...credential, time: timeOf(request), signedHeaders, signature }
  checkScope(claim, expected, refuse)
  return claim
}

function timeOf(request: WireRequest): string {
  const time = headerOf(request, 'x-amz-date') ?? toAmzDate(headerOf(request, 'date'))
  if (time !== undefined && parseTime(time) !== undefined) return time
  throw new AwsError('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
}

function toAmzDate(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
