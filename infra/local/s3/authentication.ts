import { checkPayload, type Expectation, headerOf, unsupported } from './claim.ts'
import type { Identity } from './credentials.ts'
import { AwsError } from './errors.ts'
import { byHeader } from './header-auth.ts'
import { byQuery } from './query-auth.ts'
import { parseQuery, type WireRequest } from './signature.ts'

/**
 * Finds out who signed a request to S3, by its Authorization header or as a presigned URL.
 * @returns who, and what they say of the body: its hex SHA-256, or a word in its place
 * @throws {AwsError} for whatever is not signed as it must be
 */
export function authenticate(request: WireRequest, expected: Expectation): { identity: Identity; payload: string } {
  const query = new Map(parseQuery(request.query))
  const authorization = headerOf(request, 'authorization')
  const isPresigned = ['X-Amz-Algorithm', 'X-Amz-Signature', 'X-Amz-Credential'].some(name => query.has(name))
  if (authorization !== undefined && isPresigned) {
    throw new AwsError(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      { ArgumentName: 'Authorization', ArgumentValue: authorization },
    )
  }
  // Keys that last, as all of ours, have no token beside them.
  if (query.has('X-Amz-Security-Token') || headerOf(request, 'x-amz-security-token')) throw new AwsError('InvalidToken')
  if (query.has('Signature') || query.has('AWSAccessKeyId')) throw unsupported()
  if (isPresigned) return byQuery(request, query, expected)
  if (authorization === undefined) throw new AwsError('AccessDenied')
  const payload = headerOf(request, 'x-amz-content-sha256')
  if (payload === undefined) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  return { identity: byHeader(request, payload, expected), payload: checkPayload(payload) }
}
