import type { IncomingMessage } from 'node:http'
import { AwsError } from './errors.ts'
import type { AppRequest } from './fauxqs.ts'
import type { WireRequest } from './signature.ts'

/** SQS and SNS come to the root by POST, and their types tell them apart; everything else is S3. */
export function serviceOf({ raw, routeOptions }: AppRequest): 's3' | 'sqs' | 'sns' {
  if (raw.method !== 'POST' || routeOptions.url !== '/') return 's3'
  return raw.headers['content-type']?.includes('x-amz-json-1.0') ? 'sqs' : 'sns'
}

/** Bucket and key as fauxqs will act upon them, and not as a second reading of the URL might take them. */
export function placeOf({ raw, params }: AppRequest): { bucket: string; key: string } {
  const { bucket, '*': key = '' } = params
  if (bucket !== undefined) return { bucket, key }
  const [, first = '', ...rest] = (raw.url ?? '/').split(/[/?]/)
  return { bucket: first, key: rest.join('/') }
}

/** What was sent, for the signature of it. @throws {AwsError} InvalidURI */
export function wireOf(raw: IncomingMessage & { originalUrl?: string }): WireRequest {
  const [path = '/', ...query] = (raw.originalUrl ?? raw.url ?? '/').split('?')
  // HTTP has no such byte in a URL, and what one decoder makes of it another does not.
  if (/[^\x21-\x7e]/.test(path)) throw new AwsError('InvalidURI')
  const headers: [string, string][] = []
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    headers.push([raw.rawHeaders[at] ?? '', raw.rawHeaders[at + 1] ?? ''])
  }
  return { method: raw.method ?? 'GET', path, query: query.join('?'), headers }
}
