import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { AwsError } from './errors.ts'

/*
 * Signature Version 4, the side that verifies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

/** A request as it came over the wire: nothing of it is decoded, no header joined to another. */
export type WireRequest = {
  method: string
  /** Path without the query, percent-encoded as it came. */
  path: string
  query: string
  headers: readonly (readonly [name: string, value: string])[]
}

/** For what a signing key is good. */
export type Scope = { date: string; region: string; service: string }

/** What somebody says of themselves and signs. `time` is YYYYMMDDTHHMMSSZ. */
export type Claim = { accessKeyId: string; scope: Scope; time: string; signedHeaders: string[]; signature: string }

export const algorithm = 'AWS4-HMAC-SHA256'

/**
 * Holds a signature against the request.
 * @param payload hex SHA-256 of the body, or the word that stands in its place
 * @throws {AwsError} SignatureDoesNotMatch, with what was signed here, so that a client's fault can be found
 */
export function verifySignature(request: WireRequest, claim: Claim, secretAccessKey: string, payload: string): void {
  const canonical = canonicalRequest(request, claim.signedHeaders, payload)
  const text = [algorithm, claim.time, scopeText(claim.scope), sha256(canonical)].join('\n')
  if (isSame(sign(secretAccessKey, claim.scope, text), claim.signature)) return
  throw new AwsError('SignatureDoesNotMatch', undefined, {
    AWSAccessKeyId: claim.accessKeyId,
    StringToSign: text,
    SignatureProvided: claim.signature,
    CanonicalRequest: canonical,
  })
}

/** Signs a text with the key that is derived from the secret for this day, region and service. @returns lower-case hex */
export function sign(secretAccessKey: string, { date, region, service }: Scope, text: string): string {
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  return createHmac('sha256', key).update(text).digest('hex')
}

/** Compares two signatures in a time that tells nothing of them. */
export function isSame(ours: string, theirs: string): boolean {
  const [a, b] = [ours, theirs].map(text => Buffer.from(sha256(text)))
  return timingSafeEqual(a as Buffer, b as Buffer)
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/**
 * Reads `KEY/DATE/REGION/SERVICE/aws4_request`.
 * @returns undefined when it is not of that form
 */
export function parseCredential(text: string): { accessKeyId: string; scope: Scope } | undefined {
  const parts = text.split('/')
  const [date, region, service, end] = parts.splice(-4)
  const accessKeyId = parts.join('/')
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request') return undefined
  return { accessKeyId, scope: { date, region, service } }
}

/** @returns milliseconds, or undefined for what is no time of the form YYYYMMDDTHHMMSSZ */
export function parseTime(text: string): number | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  if (parts.length === 0) return undefined
  const [year, month, day, hour, minute, second] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}

/** Name and value pairs of a query, decoded; a plus is a space there. @throws {AwsError} InvalidURI */
export function parseQuery(query: string): [name: string, value: string][] {
  return query
    .split('&')
    .filter(Boolean)
    .map(pair => {
      const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=')
      return [decode(name), decode(rest.join('='))]
    })
}

function canonicalRequest(
  { method, path, query, headers }: WireRequest,
  signed: readonly string[],
  payload: string,
): string {
  const values = (name: string) =>
    headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value.trim().replace(/\s+/g, ' '))
  const pairs = parseQuery(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(pair => pair.map(encode))
    .sort(([a = '', b = ''], [c = '', d = '']) => compare(a, c) || compare(b, d))
  return [
    method,
    path.split('/').map(decode).map(encode).join('/'),
    pairs.map(pair => pair.join('=')).join('&'),
    ...signed.map(name => `${name}:${values(name).join(',')}`),
    '',
    signed.join(';'),
    payload,
  ].join('\n')
}

function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI')
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
