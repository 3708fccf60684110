import { expect, test } from 'vitest'
import { type SignedParts, signatureMaxAge, signRequest, verifyRequest } from './edge-signature.ts'
import { internalHeaders } from './headers.ts'

const secret = 'a-secret-of-at-least-thirty-two-characters'
const now = 1_790_000_000_000

async function signed(change: Partial<SignedParts> = {}): Promise<SignedParts> {
  const headers = new Headers({
    [internalHeaders.region]: 'na',
    [internalHeaders.visitor]: '%7B%7D',
    [internalHeaders.timeout]: '8000',
    'x-request-id': 'r1',
    authorization: 'Bearer a.b.c',
    'if-match': '"3"',
    'idempotency-key': '"k"',
    'content-type': 'application/json',
  })
  const body = new TextEncoder().encode('{"a":1}').buffer
  const parts: SignedParts = { method: 'POST', target: '/api/v1/posts?x=1', headers, body, ...change }
  parts.headers.set(internalHeaders.signature, await signRequest(secret, 'na', parts, now))
  return parts
}

test('verifyRequest accepts what signRequest signed', async () => {
  expect(await verifyRequest(secret, 'na', await signed(), now)).toEqual({ ok: true })
  expect(await verifyRequest(secret, 'na', await signed({ body: null, method: 'GET' }), now)).toEqual({ ok: true })
})

test('verifyRequest refuses each altered part', async () => {
  const changes: [string, (parts: SignedParts) => void][] = [
    [
      'method',
      parts => {
        parts.method = 'DELETE'
      },
    ],
    [
      'path',
      parts => {
        parts.target = '/api/v1/accounts?x=1'
      },
    ],
    [
      'query',
      parts => {
        parts.target = '/api/v1/posts?x=2'
      },
    ],
    [
      'body',
      parts => {
        parts.body = new TextEncoder().encode('{"a":2}').buffer
      },
    ],
    [
      'no body',
      parts => {
        parts.body = null
      },
    ],
    ...[
      internalHeaders.visitor,
      internalHeaders.timeout,
      'x-request-id',
      'authorization',
      'if-match',
      'idempotency-key',
      'content-type',
    ].map((name): [string, (parts: SignedParts) => void] => [name, parts => parts.headers.set(name, 'other')]),
  ]
  for (const [name, change] of changes) {
    const parts = await signed()
    change(parts)
    expect(await verifyRequest(secret, 'na', parts, now), name).toEqual({ ok: false, reason: 'altered' })
  }
})

test('a signature of a streamed body holds for that target and type alone, and for no body that is read', async () => {
  const streamed = () => signed({ body: 'streamed' })
  expect(await verifyRequest(secret, 'na', await streamed(), now)).toEqual({ ok: true })
  const altered = { ok: false, reason: 'altered' }
  for (const body of [null, new ArrayBuffer(0), new TextEncoder().encode('{"a":1}').buffer]) {
    expect(await verifyRequest(secret, 'na', { ...(await streamed()), body }, now)).toEqual(altered)
    expect(await verifyRequest(secret, 'na', { ...(await signed({ body })), body: 'streamed' }, now)).toEqual(altered)
  }
  const elsewhere = { ...(await streamed()), target: '/api/v1/posts/na_2/images/file' }
  expect(await verifyRequest(secret, 'na', elsewhere, now)).toEqual(altered)
  const other = await streamed()
  other.headers.set('content-type', 'multipart/form-data; boundary=other')
  expect(await verifyRequest(secret, 'na', other, now)).toEqual(altered)
  const forged = await signed()
  const header = forged.headers.get(internalHeaders.signature) ?? ''
  forged.headers.set(internalHeaders.signature, header.replace(/d=\w+/, 'd=streamed'))
  expect(await verifyRequest(secret, 'na', { ...forged, body: 'streamed' }, now)).toEqual(altered)
})

test('verifyRequest refuses another region, another key, another time and no signature', async () => {
  const parts = await signed()
  expect(await verifyRequest(secret, 'eu', parts, now)).toEqual({ ok: false, reason: 'wrong_region' })
  parts.headers.set(internalHeaders.region, 'eu')
  expect(await verifyRequest(secret, 'eu', parts, now)).toEqual({ ok: false, reason: 'altered' })
  expect(await verifyRequest('another-secret-of-thirty-two-characters!', 'na', await signed(), now)).toMatchObject({
    ok: false,
  })
  for (const skew of [signatureMaxAge + 1, -signatureMaxAge - 1]) {
    expect(await verifyRequest(secret, 'na', await signed(), now + skew)).toEqual({ ok: false, reason: 'stale' })
  }
  const unsigned = await signed()
  unsigned.headers.delete(internalHeaders.signature)
  expect(await verifyRequest(secret, 'na', unsigned, now)).toEqual({ ok: false, reason: 'missing' })
  unsigned.headers.set(internalHeaders.signature, 'v1;t=1;d=-;s=00')
  expect(await verifyRequest(secret, 'na', unsigned, now)).toEqual({ ok: false, reason: 'malformed' })
})

test('verifyRequest accepts the previous key while keys change', async () => {
  const both = `a-new-secret-of-at-least-thirty-two-chars,${secret}`
  expect(await verifyRequest(both, 'na', await signed(), now)).toEqual({ ok: true })
})
