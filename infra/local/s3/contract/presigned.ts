import { AwsClient } from 'aws4fetch'
import { describe, expect, it } from 'vitest'
import { presign, refused, send, sendRaw } from './forge.ts'
import type { Target } from './target.ts'

const minute = 60_000
const later = (ms: number) => new Date(Date.now() + ms)

/** URLs that carry their signature with them. */
export function describePresigned(open: () => Target): void {
  const named = (key: string) => `contract/${open().run}/${key}`
  const put = (key: string) => send(open(), { method: 'PUT', key: named(key), body: 'hello' })

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  describe('a presigned URL', () => {
    const get = (path: string, headers?: Record<string, string>) =>
      sendRaw(open(), { method: 'GET', path, ...(headers && { headers }) })
    const url = (forgery: Parameters<typeof presign>[1] = {}) =>
      presign(open(), { key: named('presigned'), ...forgery })

    it('opens one object to whoever has it, as often as they like', async () => {
      await put('presigned')
      for (const path of [url(), url()]) expect(await get(path)).toMatchObject({ status: 200, text: 'hello' })
      expect(await get(url({ key: named('presigned') }).replace('presigned', 'other'))).toMatchObject(
        refused(403, 'SignatureDoesNotMatch'),
      )
      expect(await sendRaw(open(), { method: 'PUT', path: url() })).toMatchObject(refused(403, 'SignatureDoesNotMatch'))
    })

    it('ends with its time', async () => {
      await put('presigned')
      expect(await get(url({ expires: '600', time: later(-9 * minute) }))).toMatchObject({ status: 200 })
      const late = await get(url({ expires: '600', time: later(-11 * minute) }))
      expect(late).toMatchObject(refused(403, 'AccessDenied', 'Request has expired'))
      expect(late.text).toContain('<X-Amz-Expires>600</X-Amz-Expires>')
      expect(await get(url({ time: later(-11 * minute) }).replace('Expires=60', 'Expires=900'))).toMatchObject(
        refused(403, 'SignatureDoesNotMatch'),
      )
      expect(await get(url({ time: later(20 * minute) }))).toMatchObject(refused(403, 'AccessDenied', 'not valid yet'))
    })

    it.each([
      ['604801', /less than a week/],
      ['-1', /non-negative/],
      ['soon', /should be a number/],
    ])('lasts a week at most: %s', async (expires, message) => {
      expect(await get(url({ expires }))).toMatchObject(refused(400, 'AuthorizationQueryParametersError', message))
    })

    it('needs each of its parts, and no second signature', async () => {
      const whole = url()
      for (const part of ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']) {
        const less = whole.replace(new RegExp(`[?&]X-Amz-${part}=[^&]*`), '').replace(/presigned&/, 'presigned?')
        expect(await get(less), part).toMatchObject(
          refused(400, 'AuthorizationQueryParametersError', /requires the X-Amz-Algorithm/),
        )
      }
      const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=x' }
      expect(await get(whole, headers)).toMatchObject(
        refused(400, 'InvalidArgument', /Only one auth mechanism allowed/),
      )
    })

    it('and a header, both by aws4fetch as the edge uses it, are understood', async () => {
      await put('by the edge ü')
      const client = new AwsClient({ ...open().keys, service: 's3', region: open().region, retries: 0 })
      const address = `${open().url}/${named('by the edge ü').split('/').map(encodeURIComponent).join('/')}`
      for (const aws of [{}, { signQuery: true }]) {
        const response = await client.fetch(address, { aws, headers: { range: 'bytes=1-3' } })
        expect([response.status, await response.text()]).toEqual([206, 'ell'])
      }
    })
  })
}
