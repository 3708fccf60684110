import { authenticatedHeaders, internalHeaders, requestIdHeader } from './headers.ts'
import type { Region } from './regions.ts'

/** How far the clocks of edge and origin may be apart, and how old a signed request may be, in milliseconds. */
export const signatureMaxAge = 60_000

export type SignedParts = {
  method: string
  /** Path and query as sent, from the first slash on. */
  target: string
  headers: Headers
  /** `streamed`: one that passes as it comes, whose bytes are not known when it is signed. */
  body: ArrayBuffer | 'streamed' | null
}

type Verdict = { ok: true } | { ok: false; reason: 'missing' | 'malformed' | 'stale' | 'wrong_region' | 'altered' }

/**
 * Signs an edge-to-origin request (architecture, decision 2): HMAC-SHA-256 (RFC 2104) over version, time, target
 * region, method, path and query, the visitor, the deadline, the request id, `Authorization`, `If-Match`,
 * `Idempotency-Key`, `Content-Type` and a digest of the body. A streamed body has no digest, and the signature says so: it
 * holds for no request whose body is read, nor does one of those hold for a streamed body.
 * @param secret the shared key; when it is a comma-separated list, the first one signs
 * @param now milliseconds since the epoch
 * @returns the value of the `edge-signature` header; `edge-region` must be set on `parts.headers` beforehand
 */
export async function signRequest(secret: string, region: Region, parts: SignedParts, now: number): Promise<string> {
  const [current = ''] = secret.split(',')
  const digest = await digestOf(parts.body)
  const key = await importKey(current, 'sign')
  const mac = await crypto.subtle.sign('HMAC', key, canonical(now, region, parts, digest))
  return `v1;t=${now};d=${digest};s=${toHex(mac)}`
}

/**
 * Checks what `signRequest` made. Constant time in the signature (WebCrypto verify).
 * @param region the region that this origin serves
 * @param parts whose body is `streamed` only where the route that was asked streams it: the route decides, never the request
 */
export async function verifyRequest(secret: string, region: Region, parts: SignedParts, now: number): Promise<Verdict> {
  const header = parts.headers.get(internalHeaders.signature)
  if (!header) return { ok: false, reason: 'missing' }
  const match = /^v1;t=(\d{1,15});d=([0-9a-f]{64}|-|streamed);s=([0-9a-f]{64})$/.exec(header)
  if (!match) return { ok: false, reason: 'malformed' }
  const [, time = '', digest = '', signature = ''] = match
  if (Math.abs(now - Number(time)) > signatureMaxAge) return { ok: false, reason: 'stale' }
  if (parts.headers.get(internalHeaders.region) !== region) return { ok: false, reason: 'wrong_region' }
  if ((await digestOf(parts.body)) !== digest) return { ok: false, reason: 'altered' }
  const message = canonical(Number(time), region, parts, digest)
  for (const candidate of secret.split(',')) {
    const key = await importKey(candidate, 'verify')
    if (await crypto.subtle.verify('HMAC', key, fromHex(signature), message)) return { ok: true }
  }
  return { ok: false, reason: 'altered' }
}

function canonical(time: number, region: Region, { method, target, headers }: SignedParts, digest: string) {
  const bound = [internalHeaders.visitor, internalHeaders.timeout, requestIdHeader, ...authenticatedHeaders]
  const values = bound.map(name => headers.get(name) ?? '')
  return encoder.encode(JSON.stringify(['v1', time, region, method, target, digest, ...values]))
}

async function digestOf(body: SignedParts['body']): Promise<string> {
  if (body === 'streamed') return body
  if (!body || body.byteLength === 0) return '-'
  return toHex(await crypto.subtle.digest('SHA-256', body))
}

const encoder = new TextEncoder()
const keys = new Map<string, CryptoKey>()

/** Keeps the key, not the promise of it: a Worker's request must not wait for another's. */
async function importKey(secret: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  const id = `${use} ${secret}`
  let key = keys.get(id)
  if (!key) {
    key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [use])
    keys.set(id, key)
  }
  return key
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
