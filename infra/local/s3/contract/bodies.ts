import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { refused, send, sha256 } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

/** What is sent, held against what was said of it beforehand. */
export function describeBodies(open: () => Target): void {
  const named = (key: string) => `contract/${open().run}/${key}`
  const isThere = async (key: string) => (await send(open(), { method: 'HEAD', key: named(key) })).status === 200

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
      const none = await send(open(), {
        method: 'PUT',
        key: named('endless'),
        after: ({ headers }) => {
          delete headers['content-length']
        },
      })
      expect(none).toMatchObject(refused(411, 'MissingContentLength'))
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
}
