import { AppError } from '../shared/errors.ts'
import { maxBodyBytes } from '../shared/headers.ts'
import { maxFormBytes } from '../shared/upload-limit.ts'

/**
 * Reads a request's body once, up to `maxBodyBytes`.
 * @returns null for a method that has none, or an empty one
 * @throws AppError `body_too_large`, as soon as it is known to be
 */
export async function readBody(request: Request): Promise<ArrayBuffer | null> {
  if (request.method === 'GET' || request.method === 'HEAD' || !request.body) return null
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw new AppError('body_too_large')
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBodyBytes) {
      reader.releaseLock()
      throw new AppError('body_too_large')
    }
    chunks.push(value)
  }
  return size === 0 ? null : join(chunks).buffer
}

/** What is read of a body that nobody wants, in bytes, and for how long, in milliseconds. */
const drained = { bytes: 4 * maxFormBytes, milliseconds: 5_000 }

/**
 * Reads and forgets what is left of a body, within bounds: a server that closes while its client still writes resets the
 * connection, and the client never sees the answer (RFC 9112 §9.6). Beyond the bounds the connection is given up.
 */
export async function drainBody(request: Request): Promise<void> {
  if (!request.body || request.body.locked) return
  if (Number(request.headers.get('content-length') ?? 0) > drained.bytes) return
  const reader = request.body.getReader()
  const timer = setTimeout(() => reader.cancel().catch(() => {}), drained.milliseconds)
  try {
    let left = drained.bytes
    while (left > 0) {
      const { done, value } = await reader.read()
      if (done) break
      left -= value.byteLength
    }
  } catch {
    // The client has gone.
  } finally {
    clearTimeout(timer)
  }
}

/** Parses a JSON body just far enough to route by it; what is in it is the origin's to judge. */
export function bodyFields(body: ArrayBuffer | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body ?? new ArrayBuffer(0)))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    throw new AppError('invalid_json')
  }
}

/** Puts pieces of a body together. */
export function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
