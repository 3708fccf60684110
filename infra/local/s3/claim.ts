import type { Identity } from './credentials.ts'
import { AwsError } from './errors.ts'
import type { Claim, WireRequest } from './signature.ts'

/* What every signature is held against, wherever it stands: in a header, in a URL or in a form. */

/** What a request is held against. */
export type Expectation = {
  identities: readonly Identity[]
  /** Milliseconds. */
  now: number
  service: string
  /** Where the bucket lives; undefined where any region may be named. */
  region?: string | undefined
}

/** Makes the error of the place where something stands. */
export type Refuse = (why: string, details?: Record<string, string>) => AwsError

/** By how much clocks may differ, in milliseconds. */
export const mostSkew = 15 * 60_000
/** Body of which nothing is signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'
/** Body in chunks, with its checksum behind it, of which nothing is signed. */
export const unsignedTrailer = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

export const malformedCredential =
  'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'

/** Holds a credential's scope against where and when it is used. */
export function checkScope(
  { scope, time }: Pick<Claim, 'scope' | 'time'>,
  expected: Expectation,
  refuse: Refuse,
): void {
  if (scope.service !== expected.service) {
    throw refuse(`incorrect service "${scope.service}". This endpoint belongs to "${expected.service}".`)
  }
  if (expected.region !== undefined && scope.region !== expected.region) {
    throw refuse(`the region '${scope.region}' is wrong; expecting '${expected.region}'`, { Region: expected.region })
  }
  const day = time.slice(0, 8)
  if (scope.date !== day) {
    throw refuse(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`)
  }
}

/** @throws {AwsError} InvalidAccessKeyId */
export function findIdentity(accessKeyId: string, { identities }: Expectation): Identity {
  const identity = identities.find(one => one.accessKeyId === accessKeyId)
  if (!identity) throw new AwsError('InvalidAccessKeyId', undefined, { AWSAccessKeyId: accessKeyId })
  return identity
}

/**
 * Refuses a request with a header that must be signed and is not. x-amz-content-sha256 is bound by its own line of what is signed.
 * @throws {AwsError} AccessDenied
 */
export function requireSigned({ headers }: WireRequest, { signedHeaders }: Claim): void {
  const needed = headers
    .map(([name]) => name.toLowerCase())
    .filter(name => name === 'host' || (name.startsWith('x-amz-') && name !== 'x-amz-content-sha256'))
  const missing = needed.filter(name => !signedHeaders.includes(name))
  if (missing.length === 0) return
  throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: [...new Set(missing)].join(', '),
  })
}

/**
 * Reads what is said of a body: its hex SHA-256, or one of the words above. Signed chunks are of AWS's other SDKs: nothing of ours
 * sends them, so nothing here pretends to verify them.
 * @throws {AwsError} NotImplemented, InvalidArgument
 */
export function checkPayload(payload: string): string {
  if (payload === unsignedPayload || payload === unsignedTrailer || /^[0-9a-f]{64}$/.test(payload)) return payload
  if (payload.startsWith('STREAMING-'))
    throw new AwsError('NotImplemented', undefined, { Header: 'x-amz-content-sha256' })
  throw new AwsError(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.',
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payload },
  )
}

/** Signature Version 2, which newer buckets do not know any more. */
export function unsupported(): AwsError {
  return new AwsError(
    'InvalidRequest',
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  )
}

export function headerOf({ headers }: WireRequest, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1]
}
