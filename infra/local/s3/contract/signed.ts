import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { AwsClient } from 'aws4fetch'
import { describe, expect, it } from 'vitest'
import { pathOf, presign, send, sendRaw, sha256 } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

const minute = 60_000
const later = (ms: number) => new Date(Date.now() + ms)
const refused = (status: number, code: string, message?: string | RegExp) => ({
  status,
  code,
  ...(message !== undefined && { message: expect.stringMatching(message) }),
})

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

  describe('a body', () => {
    it('that is not what was signed is refused and not stored', async () => {
      const reply = await send(open(), { method: 'PUT', key: named('other'), body: 'hello', payload: sha256('hallo') })
      expect(reply).toMatchObject(refused(400, 'XAmzContentSHA256Mismatch'))
      expect(reply.text).toContain(`<S3ComputedContentSHA256>${sha256('hello')}</S3ComputedContentSHA256>`)
      expect(await isThere('other')).toBe(false)
    })

    it('may stay unsigned', async () => {
      const reply = await send(open(), { method: 'PUT', key: named('free'), body: 'x', payload: 'UNSIGNED-PAYLOAD' })
      expect(reply).toMatchObject({ status: 200 })
    })

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    it.each([
      ['content-md5', Buffer.alloc(16).toString('base64')],
      ['x-amz-checksum-crc32', 'AAAAAA=='],
      ['x-amz-checksum-sha256', Buffer.alloc(32).toString('base64')],
    ])('with a wrong %s is refused and not stored', async (name, value) => {
      const reply = await send(open(), {
        method: 'PUT',
        key: named('digest'),
        body: 'hello',
        headers: { [name]: value },
      })
      expect(reply).toMatchObject(refused(400, 'BadDigest'))
      expect(await isThere('digest')).toBe(false)
    })

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    describe('in chunks with a trailer', () => {
      const chunked = (key: string, body: string, more: Record<string, string> = {}) =>
        send(open(), {
          method: 'PUT',
          key: named(key),
          body,
          payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          headers: {
            'content-encoding': 'aws-chunked',
            'x-amz-decoded-content-length': '5',
            'x-amz-trailer': 'x-amz-checksum-crc32',
            ...more,
          },
        })
      const trailer = (text: string) => {
        const sum = Buffer.alloc(4)
        sum.writeUInt32BE(crc32(text))
        return `x-amz-checksum-crc32:${sum.toString('base64')}\r\n\r\n`
      }

      it('is stored without them', async () => {
        expect(await chunked('chunks', `3\r\nhel\r\n2\r\nlo\r\n0\r\n${trailer('hello')}`)).toMatchObject({
          status: 200,
        })
        const reply = await send(open(), { key: named('chunks') })
        expect(reply).toMatchObject({ text: 'hello' })
        expect(reply.headers['content-encoding'] ?? '').not.toContain('aws-chunked')
      })

      it.each([
        ['a checksum of something else', `5\r\nhello\r\n0\r\n${trailer('hallo')}`, 'BadDigest'],
        ['no trailer', '5\r\nhello\r\n0\r\n\r\n', 'MalformedTrailerError'],
        ['fewer bytes than announced', `4\r\nhell\r\n0\r\n${trailer('hell')}`, 'IncompleteBody'],
      ])('and with %s is refused and not stored', async (_, body, code) => {
        expect(await chunked('broken', body)).toMatchObject(refused(400, code))
        expect(await isThere('broken')).toBe(false)
      })
    })

    it('of a length that is not told is refused', async () => {
      const reply = await send(open(), {
        method: 'PUT',
        key: named('endless'),
        body: 'x',
        payload: 'UNSIGNED-PAYLOAD',
        after: ({ headers }) => {
          delete headers['content-length']
          headers['transfer-encoding'] = 'chunked'
        },
      })
      expect(reply).toMatchObject(refused(501, 'NotImplemented', /A header you provided implies functionality/))
    })
  })

  describe.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)('the SDK, checksums %s', checksums => {
    it('puts bytes and streams of known length, gets them, and removes them', async () => {
      const [s3, { bucket: Bucket }] = [sdkOf(open(), checksums), open()]
      const Key = named(`sdk ${checksums} ä+&=?`)
      const big = randomBytes(3_000_000)
      for (const Body of [Buffer.from('hello'), big, Readable.from(['hel', 'lo'])]) {
        const size = Body instanceof Readable ? { ContentLength: 5 } : {}
        await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/webp', ...size }))
        const found = await s3.send(new GetObjectCommand({ Bucket, Key }))
        expect(found.ContentType).toBe('image/webp')
        const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? [])
        expect(bytes.equals(Body === big ? big : Buffer.from('hello'))).toBe(true)
      }
      const { Errors } = await s3.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }], Quiet: true } }),
      )
      expect(Errors ?? []).toEqual([])
      await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' })
    })
  })

  it('removes many only with a checksum of the list', async () => {
    const body = `<Delete><Object><Key>${named('x')}</Key></Object></Delete>`
    const reply = await send(open(), { method: 'POST', query: { delete: '' }, body })
    expect(reply).toMatchObject(refused(400, 'InvalidRequest', /Missing required header for this request: Content-MD5/))
  })

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

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
