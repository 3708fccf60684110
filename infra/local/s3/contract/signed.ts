import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pathOf, refused, send, sendRaw, sha256 } from './forge.ts'
import type { Target } from './target.ts'

const minute = 60_000
const later = (ms: number) => new Date(Date.now() + ms)

/** Requests that carry their signature in a header. */
export function describeSigned(open: () => Target): void {
  const put = (key: string, body = 'hello') => send(open(), { method: 'PUT', key: named(key), body })
  const named = (key: string) => `contract/${open().run}/${key}`
  const isThere = async (key: string) => (await send(open(), { method: 'HEAD', key: named(key) })).status === 200

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
  describe('a signature in the Authorization header', () => {
    it('opens what its owner may do, and does so again: S3 keeps no list of what it has seen', async () => {
      expect(await put('twice')).toMatchObject({ status: 200, headers: { etag: `"${md5('hello')}"` } })
      const wire: { method: string; path: string; headers: Record<string, string>; body: Buffer }[] = []
      const first = await send(open(), { key: named('twice'), after: request => wire.push(request) })
      const second = await sendRaw(open(), wire[0] ?? {})
      expect([first.status, first.text, second.status, second.text]).toEqual([200, 'hello', 200, 'hello'])
    })

    it.each(['GET', 'PUT', 'DELETE'])('is needed for %s', async method => {
      expect(await sendRaw(open(), { method, path: pathOf(open(), { key: named('x') }) })).toMatchObject(
        refused(403, 'AccessDenied', 'Access Denied'),
      )
    })

    it('is needed for HEAD, which says so by its status alone, and for a list', async () => {
      expect(await sendRaw(open(), { method: 'HEAD', path: pathOf(open(), { key: 'x' }) })).toMatchObject({
        status: 403,
        text: '',
      })
      expect(await sendRaw(open(), { path: pathOf(open(), {}) })).toMatchObject(refused(403, 'AccessDenied'))
    })

    it('of a key that nobody has is refused', async () => {
      const keys = { ...open().keys, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }
      expect(await send(open(), { keys })).toMatchObject(
        refused(403, 'InvalidAccessKeyId', /does not exist in our records/),
      )
    })

    it('by a wrong secret is refused, and so nothing is stored', async () => {
      const keys = { ...open().keys, secretAccessKey: 'wrong' }
      const reply = await send(open(), { method: 'PUT', key: named('wrong'), body: 'x', keys })
      expect(reply).toMatchObject(refused(403, 'SignatureDoesNotMatch', /signature we calculated does not match/))
      expect(await isThere('wrong')).toBe(false)
    })

    it.each([
      ['method', { after: (wire: { method: string }) => Object.assign(wire, { method: 'HEAD' }) }, ''],
      [
        'key',
        { after: (wire: { path: string }) => Object.assign(wire, { path: `${wire.path}2` }) },
        'SignatureDoesNotMatch',
      ],
      [
        'query',
        { after: (wire: { path: string }) => Object.assign(wire, { path: `${wire.path}?list-type=2` }) },
        'SignatureDoesNotMatch',
      ],
      [
        'header that is signed',
        {
          headers: { 'x-amz-meta-a': '1' },
          after: (wire: { headers: Record<string, string> }) => Object.assign(wire.headers, { 'x-amz-meta-a': '2' }),
        },
        'SignatureDoesNotMatch',
      ],
      [
        'signature',
        {
          after: ({ headers }: { headers: Record<string, string> }) => {
            headers.authorization = (headers.authorization ?? '').replace(/.$/, last => (last === '0' ? '1' : '0'))
          },
        },
        'SignatureDoesNotMatch',
      ],
    ])('does not hold for another %s', async (_, forgery, code) => {
      await put('one')
      expect(await send(open(), { key: named('one'), ...forgery })).toMatchObject({ status: 403, code })
    })

    it('does not hold for another bucket', async () => {
      const other = new URL(open().url.replace(open().bucket, open().bucket.replace(/na$/, 'eu')))
      const path = (wire: { path: string; headers: Record<string, string> }) => {
        wire.path = wire.path.replace(open().bucket, open().bucket.replace(/na$/, 'eu'))
        wire.headers.host = other.host
      }
      const reply = await send(open(), { key: named('one'), after: path })
      expect([400, 403, 404]).toContain(reply.status)
    })

    it('must cover each header x-amz-*', async () => {
      const forgery = { headers: { 'x-amz-meta-a': '1' }, unsigned: ['x-amz-meta-a'] }
      const reply = await send(open(), { method: 'PUT', key: named('x'), ...forgery })
      expect(reply).toMatchObject(refused(403, 'AccessDenied', /headers present in the request which were not signed/))
      expect(reply.text).toContain('<HeadersNotSigned>x-amz-meta-a</HeadersNotSigned>')
    })

    it('holds for 15 minutes, before and after', async () => {
      await put('clock')
      for (const skew of [-14, 14]) {
        expect(await send(open(), { key: named('clock'), time: later(skew * minute) })).toMatchObject({ status: 200 })
      }
      for (const skew of [-16, 16]) {
        const reply = await send(open(), { key: named('clock'), time: later(skew * minute) })
        expect(reply).toMatchObject(refused(403, 'RequestTimeTooSkewed', /too large/))
        expect(reply.text).toContain('<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>')
      }
    })

    it('is for one region and one service', async () => {
      const elsewhere = await send(open(), { region: 'eu-west-3' })
      expect(elsewhere).toMatchObject(refused(400, 'AuthorizationHeaderMalformed', /'eu-west-3' is wrong; expecting/))
      expect(elsewhere.text).toContain(`<Region>${open().region}</Region>`)
      expect(await send(open(), { service: 'sqs' })).toMatchObject(
        refused(400, 'AuthorizationHeaderMalformed', /service/),
      )
    })

    it.each([
      ['AWS AKIA:c2lnbmF0dXJl', 'InvalidRequest', /Please use AWS4-HMAC-SHA256/],
      ['Bearer token', 'InvalidArgument', /Unsupported Authorization Type/],
      [
        'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0',
        'AuthorizationHeaderMalformed',
        /Credential/,
      ],
    ])('must be one: %s', async (authorization, code, message) => {
      const headers = { authorization, 'x-amz-date': new Date().toISOString(), 'x-amz-content-sha256': sha256('') }
      expect(await sendRaw(open(), { path: pathOf(open(), {}), headers })).toMatchObject(refused(400, code, message))
    })

    it('must say what the body is', async () => {
      expect(await send(open(), { payload: null })).toMatchObject(
        refused(400, 'InvalidRequest', /x-amz-content-sha256/),
      )
      expect(await send(open(), { payload: 'abc' })).toMatchObject(
        refused(400, 'InvalidArgument', /x-amz-content-sha256/),
      )
    })
  })
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
