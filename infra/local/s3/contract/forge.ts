import { createHash, createHmac } from 'node:crypto'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { expect } from 'vitest'
import type { Keys, Target } from './target.ts'

/*
 * Requests made by hand, byte by byte, so that they can be wrong in one place. The signature is computed here once more, from its
 * description: one that shared code with what verifies it would share its faults.
 */

export type Forgery = {
  method?: string
  /** Key in the bucket, decoded. */
  key?: string
  /** In place of the encoded key, as it stands on the wire. */
  rawKey?: string
  /** Parameters; decoded. */
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string | Buffer
  /** In place of the SHA-256 of the body; null leaves the header out. */
  payload?: string | null
  keys?: Keys
  time?: Date
  region?: string
  service?: string
  /** Names of headers that are sent, but not signed. */
  unsigned?: string[]
  /** Changes the request after it was signed. */
  after?: (request: WireForm) => void
}

export type WireForm = { method: string; path: string; headers: Record<string, string>; body: Buffer }
export type Reply = {
  status: number
  headers: Record<string, string | undefined>
  text: string
  code: string
  message: string
}

/** Signs a request by header, and sends it. */
export function send(target: Target, forgery: Forgery = {}): Promise<Reply> {
  const { query = {}, keys = target.keys, unsigned = [], service = 's3', region = target.region } = forgery
  const body = Buffer.from(forgery.body ?? '')
  const time = amzDate(forgery.time ?? new Date())
  const payload = forgery.payload === undefined ? sha256(body) : forgery.payload
  const headers: Record<string, string> = {
    host: new URL(target.url).host,
    'x-amz-date': time,
    ...(payload !== null && { 'x-amz-content-sha256': payload }),
    ...(forgery.method && forgery.method !== 'GET' && { 'content-length': String(body.length) }),
    ...forgery.headers,
  }
  const path = pathOf(target, forgery)
  const method = forgery.method ?? 'GET'
  const names = Object.keys(headers)
    .map(name => name.toLowerCase())
    .filter(name => !unsigned.includes(name) && !['content-length', 'transfer-encoding'].includes(name))
    .sort()
  const search = canonicalQuery(query)
  const canonical = [
    method,
    path,
    search,
    ...names.map(name => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    payload ?? sha256(body),
  ]
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical.join('\n'))].join('\n')
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${hmacChain(keys, scope, text)}`
  const wire = { method, path: search ? `${path}?${search}` : path, headers, body }
  forgery.after?.(wire)
  return sendRaw(target, wire)
}

/** Path and query of a presigned URL of the bucket. */
export function presign(target: Target, forgery: Forgery & { expires?: string } = {}): string {
  const { keys = target.keys, query = {}, expires = '60', region = target.region } = forgery
  const time = amzDate(forgery.time ?? new Date())
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`
  const path = pathOf(target, forgery)
  const search = canonicalQuery({
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${keys.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': expires,
    'X-Amz-SignedHeaders': 'host',
  })
  const host = `host:${new URL(target.url).host}`
  const canonical = [forgery.method ?? 'GET', path, search, host, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  return `${path}?${search}&X-Amz-Signature=${hmacChain(keys, scope, text)}`
}

/** Fields of a form under a policy of these conditions; those that name who signs are covered already. */
export function signForm(
  target: Target,
  fields: Record<string, string>,
  conditions: unknown[],
  {
    expiration = new Date(Date.now() + 60_000),
    keys = target.keys,
    time = new Date(),
    region = target.region,
    policy = {},
  } = {},
): Record<string, string> {
  const date = amzDate(time)
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`
  const who = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${keys.accessKeyId}/${scope}`,
    'x-amz-date': date,
  }
  const covered = Object.entries(who).map(([name, value]) => ({ [name]: value }))
  const document = { expiration: expiration.toISOString(), conditions: [...conditions, ...covered], ...policy }
  const encoded = Buffer.from(JSON.stringify(document)).toString('base64')
  return { ...fields, ...who, policy: encoded, 'x-amz-signature': hmacChain(keys, scope, encoded) }
}

/** Sends a form: fields in their order, then the file, then what stands behind it. */
export async function postForm(
  target: Target,
  fields: Record<string, string>,
  file: string | Buffer | undefined,
  { behind = {}, fileName = 'photo.png', origin = '' } = {},
): Promise<Reply> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file !== undefined) form.append('file', new Blob([Buffer.from(file)], { type: 'text/html' }), fileName)
  for (const [name, value] of Object.entries(behind)) form.append(name, String(value))
  const init = { method: 'POST', body: form, redirect: 'manual' as const, headers: origin ? { origin } : {} }
  const response = await fetch(`${target.url}/`, init)
  return readReply(response.status, Object.fromEntries(response.headers), await response.text())
}

/** Sends bytes as they are given. */
export function sendRaw(target: Target, { method, path, headers, body }: Partial<WireForm>): Promise<Reply> {
  const url = new URL(target.url)
  const start = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const options = { host: url.hostname, port: url.port, method, path, headers, setHost: headers?.host === undefined }
    const outgoing = start(options, answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('end', () => {
        const flat = Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, value?.toString()]),
        )
        resolve(readReply(answer.statusCode ?? 0, flat, Buffer.concat(chunks).toString()))
      })
    })
    outgoing.on('error', reject)
    // Otherwise Node would say how long the body is where the test does not.
    for (const name of ['content-length', 'transfer-encoding']) {
      if (headers && !(name in headers)) outgoing.removeHeader(name)
    }
    outgoing.end(body)
  })
}

/** What a reply that refuses looks like. */
export function refused(status: number, code: string, message?: string | RegExp) {
  return { status, code, ...(message !== undefined && { message: expect.stringMatching(message) }) }
}

/** The key as it stands in a URL, behind what the bucket's URL already has. */
export function pathOf(target: Target, { key = '', rawKey }: Pick<Forgery, 'key' | 'rawKey'>): string {
  const base = new URL(target.url).pathname.replace(/\/$/, '')
  return `${base}/${rawKey ?? key.split('/').map(encode).join('/')}`
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function readReply(status: number, headers: Reply['headers'], text: string): Reply {
  const element = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? ''
  const message = element('Message')
    .replace(/&(?:#34|quot);/g, '"')
    .replace(/&(?:#39|apos);/g, "'")
  return { status, headers, text, code: element('Code'), message }
}

function hmacChain({ secretAccessKey }: Keys, scope: string, text: string): string {
  let key: string | Buffer = `AWS4${secretAccessKey}`
  for (const part of [...scope.split('/'), text]) key = createHmac('sha256', key).update(part).digest()
  return (key as Buffer).toString('hex')
}

function canonicalQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
}

function amzDate(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}
