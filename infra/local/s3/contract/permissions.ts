import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Forgery, postForm, presign, send, sendRaw, sha256, signForm } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

const denied = { status: 403, code: 'AccessDenied' }

/** What the edge's key opens, and what neither key does. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function describePermissions(open: () => Target): void {
  const byEdge = (forgery: Forgery) => send(open(), { ...forgery, keys: open().edgeKeys })
  const photo = () => `media/${open().run}/640.webp`
  const drawing = () => `demo/${open().run}/640.webp`
  const original = () => `uploads/${open().run}`

  describe('the key of the edge', () => {
    beforeAll(async () => {
      for (const key of [photo(), drawing(), original()]) await send(open(), { method: 'PUT', key, body: 'bytes' })
    })

    it('reads photos and drawings', async () => {
      for (const key of [photo(), drawing()]) {
        expect(await byEdge({ key })).toMatchObject({ status: 200, text: 'bytes' })
        expect(await byEdge({ key, method: 'HEAD' })).toMatchObject({ status: 200 })
        expect(await byEdge({ key, headers: { range: 'bytes=0-1' } })).toMatchObject({ status: 206, text: 'by' })
      }
    })

    it('reads no original, by no path', async () => {
      for (const key of [original(), `media/../${original()}`, `media//../${original()}`, '', 'mediaX', 'Media/x']) {
        expect(await byEdge({ key }), key).toMatchObject(denied)
      }
      const rawKey = `media%2F..%2F${original()}`
      expect(await byEdge({ rawKey })).toMatchObject(denied)
      expect(
        await sendRaw(open(), { path: presign(open(), { key: original(), keys: open().edgeKeys }) }),
      ).toMatchObject(denied)
    })

    it('writes, lists and removes nothing', async () => {
      for (const forgery of [
        { method: 'PUT', key: photo(), body: 'other' },
        { method: 'DELETE', key: photo() },
        { method: 'POST', key: photo(), query: { uploads: '' } },
        { query: { 'list-type': '2' } },
        { query: { lifecycle: '' } },
      ]) {
        expect(await byEdge(forgery), JSON.stringify(forgery)).toMatchObject(denied)
      }
      const fields = { key: photo() }
      const form = signForm(open(), fields, [fields, { bucket: open().bucket }], { keys: open().edgeKeys })
      expect(await postForm(open(), form, 'other')).toMatchObject(denied)
      expect(await byEdge({ key: photo() })).toMatchObject({ text: 'bytes' })
    })

    // "If you don't have the s3:ListBucket permission, Amazon S3 returns an HTTP status code 403": API_GetObject.html
    it('is not told what is missing', async () => {
      expect(await byEdge({ key: `${photo()}.never` })).toMatchObject(denied)
      expect(await byEdge({ key: `${photo()}.never`, method: 'HEAD' })).toMatchObject({ status: 403, text: '' })
    })
  })

  describe('the key of the origin', () => {
    it('does nothing with the bucket itself', async () => {
      for (const forgery of [
        { method: 'PUT', query: { lifecycle: '' }, body: '<LifecycleConfiguration/>' },
        { method: 'DELETE' },
        { method: 'PUT' },
      ]) {
        const reply = await send(open(), forgery)
        expect([403, 405, 501], JSON.stringify(forgery)).toContain(reply.status)
      }
      expect(await send(open(), { method: 'HEAD' })).toMatchObject({ status: 200 })
    })

    it('copies nothing out of another bucket', async () => {
      const headers = { 'x-amz-copy-source': 'another-bucket-of-somebody/secret' }
      const reply = await send(open(), { method: 'PUT', key: original(), headers })
      expect([403, 404]).toContain(reply.status)
    })

    it('opens a form to nothing but what it names', async () => {
      const { fields } = await createPresignedPost(sdkOf(open()), { Bucket: open().bucket, Key: original() })
      const path = new URL(`${open().url}/`).pathname
      const headers = { host: new URL(open().url).host, 'x-amz-content-sha256': sha256('') }
      const query = new URLSearchParams(Object.entries(fields).filter(([name]) => name.startsWith('X-Amz-'))).toString()
      expect((await sendRaw(open(), { path: `${path}${photo()}?${query}`, headers })).status).toBeGreaterThanOrEqual(
        400,
      )
    })
  })
}
