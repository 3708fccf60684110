import type { CorsRules } from '../../bucket.ts'
import { AwsError } from './errors.ts'

/*
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html: the first rule that allows origin, method and every asked header
 * decides; a request that none allows is served as if it had no Origin, and the browser keeps the answer from the page.
 */

/**
 * Headers for the answer to a request with an `Origin`.
 * @returns undefined where no rule allows it
 */
export function corsHeaders(rules: CorsRules, origin: string, method: string, asked: readonly string[] = []) {
  const rule = rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders }) =>
      AllowedOrigins.some(pattern => matches(pattern, origin)) &&
      AllowedMethods.includes(method) &&
      asked.every(name => AllowedHeaders.some(pattern => matches(pattern.toLowerCase(), name.toLowerCase()))),
  )
  if (!rule) return undefined
  const anybody = rule.AllowedOrigins.includes('*')
  return {
    'access-control-allow-origin': anybody ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ').toLowerCase() }),
    'access-control-expose-headers': rule.ExposeHeaders.join(', '),
    'access-control-max-age': String(rule.MaxAgeSeconds),
    ...(!anybody && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

/**
 * Answers a browser that asks beforehand.
 * @param rules undefined where there is no such bucket
 * @returns headers of the empty 200
 * @throws {AwsError} BadRequest, AccessForbidden
 */
export function preflight(
  rules: CorsRules | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  resource: 'BUCKET' | 'OBJECT',
) {
  const { origin } = headers
  if (typeof origin !== 'string')
    throw new AwsError('BadRequest', 'Insufficient information. Origin request header needed.')
  const method = String(headers['access-control-request-method'] ?? 'OPTIONS')
  const details = { Method: method, ResourceType: resource }
  if (!rules) throw new AwsError('AccessForbidden', 'CORSResponse: Bucket not found', details)
  const asked = String(headers['access-control-request-headers'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  const answer = corsHeaders(rules, origin, method, asked)
  if (answer) return answer
  throw new AwsError(
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    details,
  )
}

function matches(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === text
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
