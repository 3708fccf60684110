import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { describe, expect, it } from 'vitest'
import { send } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

/** What is stored, under which names, and how it is given back. */
export function describeObjects(open: () => Target): void {
  const named = (key: string) => `contract/${open().run}/${key}`
  const put = (key: string, body = '0123456789', headers = {}) =>
    send(open(), { method: 'PUT', key: named(key), body, headers: { 'content-type': 'image/webp', ...headers } })
  const get = (key: string, headers: Record<string, string> = {}) => send(open(), { key: named(key), headers })

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  describe('an object', () => {
    it('is described as it was stored', async () => {
      const { headers } = await put('described')
      const head = await send(open(), { method: 'HEAD', key: named('described') })
      expect(head).toMatchObject({
        status: 200,
        text: '',
        headers: { 'content-length': '10', 'content-type': 'image/webp', etag: headers.etag, 'accept-ranges': 'bytes' },
      })
      expect(Math.abs(Date.parse(head.headers['last-modified'] ?? '') - Date.now())).toBeLessThan(60_000)
    })

    it.each([
      ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
      ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
      ['bytes=-2', 206, '89', 'bytes 8-9/10'],
      ['bytes=-20', 206, '0123456789', 'bytes 0-9/10'],
      ['bytes=8-20', 206, '89', 'bytes 8-9/10'],
      ['lines=1-2', 200, '0123456789', undefined],
    ])('is given in part: %s', async (range, status, text, contentRange) => {
      await put('ranged')
      const reply = await get('ranged', { range })
      expect([reply.status, reply.text, reply.headers['content-range']]).toEqual([status, text, contentRange])
    })

    it('has no part behind its end', async () => {
      await put('ranged')
      expect(await get('ranged', { range: 'bytes=10-' })).toMatchObject({ status: 416, code: 'InvalidRange' })
    })

    it('is not sent again to who has it', async () => {
      const { headers } = await put('cached')
      const etag = headers.etag ?? ''
      expect(await get('cached', { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
      expect(await get('cached', { 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
      expect(await get('cached', { 'if-match': '"other"' })).toMatchObject({ status: 412, code: 'PreconditionFailed' })
    })

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    it('is not overwritten by who does not want to', async () => {
      await put('kept')
      expect(await put('kept', 'other', { 'if-none-match': '*' })).toMatchObject({
        status: 412,
        code: 'PreconditionFailed',
      })
      expect(await get('kept')).toMatchObject({ text: '0123456789' })
      expect(await put('fresh', 'new', { 'if-none-match': '*' })).toMatchObject({ status: 200 })
    })

    it('that is not there: GET and HEAD say so to who may list, DELETE is content', async () => {
      expect(await get('never')).toMatchObject({ status: 404, code: 'NoSuchKey' })
      expect(await send(open(), { method: 'HEAD', key: named('never') })).toMatchObject({ status: 404, text: '' })
      expect(await send(open(), { method: 'DELETE', key: named('never') })).toMatchObject({ status: 204 })
    })

    it('may be empty', async () => {
      expect(await send(open(), { method: 'PUT', key: named('empty') })).toMatchObject({ status: 200 })
      expect(await get('empty')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } })
    })
  })

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  describe('a key', () => {
    it.each([
      'a b',
      'ä/ö/日本',
      "it's (a) test!*",
      'a+b&c=d?e#f',
      'a%2fb',
      'a//b',
      'a/./b',
      'a/b/../c',
      'x'.repeat(900),
    ])('is kept as it is: %s', async key => {
      expect(await put(key, key)).toMatchObject({ status: 200 })
      expect(await get(key)).toMatchObject({ status: 200, text: key })
      const listed = await sdkOf(open()).send(new ListObjectsV2Command({ Bucket: open().bucket, Prefix: named(key) }))
      expect(listed.Contents?.map(({ Key }) => Key)).toContain(named(key))
    })

    it('is the same however its slashes are written, and another with %252F', async () => {
      await put('path/file', 'inside')
      const raw = (text: string) => send(open(), { rawKey: `contract/${open().run}/${text}` })
      expect(await raw('path/file')).toMatchObject({ text: 'inside' })
      expect((await raw('path%2Ffile')).status).not.toBe(500)
      expect(await raw('path%252Ffile')).toMatchObject({ status: 404 })
    })

    it.each(['../x', 'a/../../x', '..%2Fx'])('leads nowhere: %s', async rawKey => {
      expect((await send(open(), { rawKey })).status).toBe(400)
    })

    it.each(['%zz', '%ff'])('must be UTF-8: %s', async rawKey => {
      expect((await send(open(), { rawKey })).status).toBe(400)
    })

    it('has 1,024 bytes at most', async () => {
      const key = 'ä'.repeat(513)
      expect(await send(open(), { method: 'PUT', key, body: 'x' })).toMatchObject({
        status: 400,
        code: 'KeyTooLongError',
      })
    })
  })

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: "in UTF-8 binary order"
  it('lists keys by their bytes, page by page, none twice and none left out', async () => {
    const keys = ['B', 'a', 'Z', 'b', 'ä', 'a/1', 'A', '_', '~'].map(key => named(`list/${key}`))
    for (const key of keys) await send(open(), { method: 'PUT', key, body: 'x' })
    const found: (string | undefined)[] = []
    for (let ContinuationToken: string | undefined; ; ) {
      const asked = { Bucket: open().bucket, Prefix: named('list/'), MaxKeys: 2, ContinuationToken }
      const page = await sdkOf(open()).send(new ListObjectsV2Command(asked))
      found.push(...(page.Contents ?? []).map(({ Key }) => Key))
      ContinuationToken = page.NextContinuationToken
      if (!ContinuationToken) break
    }
    expect(found).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  })

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
  describe('an upload in parts', () => {
    it('as lib-storage makes it from a stream of unknown length', async () => {
      const bytes = randomBytes(11_000_000)
      const [client, { bucket: Bucket }] = [sdkOf(open()), open()]
      const Body = Readable.from(
        bytes
          .subarray(0)
          .toString('latin1')
          .match(/.{1,900000}/gs)
          ?.map(part => Buffer.from(part, 'latin1')) ?? [],
      )
      const params = { Bucket, Key: named('parts'), Body, ContentType: 'image/jpeg' }
      const { ETag } = await new Upload({ client, params }).done()
      expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/)
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: named('parts') }))
      expect(head).toMatchObject({ ContentLength: 11_000_000, ContentType: 'image/jpeg', ETag })
      const around = await get('parts', { range: 'bytes=5242870-5242889' })
      expect(around.status).toBe(206)
    })

    it('belongs to its key, and is gone when it is given up', async () => {
      const [client, { bucket: Bucket }] = [sdkOf(open()), open()]
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: named('given-up') }))
      const part = { Bucket, UploadId, PartNumber: 1, Body: Buffer.from('x') }
      await expect(client.send(new UploadPartCommand({ ...part, Key: named('other') }))).rejects.toMatchObject({
        name: 'NoSuchUpload',
      })
      const { ETag } = await client.send(new UploadPartCommand({ ...part, Key: named('given-up') }))
      await client.send(new AbortMultipartUploadCommand({ Bucket, UploadId, Key: named('given-up') }))
      const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
      await expect(
        client.send(new CompleteMultipartUploadCommand({ Bucket, UploadId, Key: named('given-up'), MultipartUpload })),
      ).rejects.toMatchObject({ name: 'NoSuchUpload' })
      expect(await get('given-up')).toMatchObject({ status: 404 })
    })

    it('has parts of 5 MB but the last', async () => {
      const [client, { bucket: Bucket }] = [sdkOf(open()), open()]
      const at = { Bucket, Key: named('small-parts') }
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
      const Parts = []
      for (const PartNumber of [1, 2]) {
        const { ETag } = await client.send(
          new UploadPartCommand({ ...at, UploadId, PartNumber, Body: Buffer.from('x') }),
        )
        Parts.push({ ETag, PartNumber })
      }
      await expect(
        client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } })),
      ).rejects.toMatchObject({ name: 'EntityTooSmall' })
    })
  })
}
