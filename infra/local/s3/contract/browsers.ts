import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { describe, expect, it } from 'vitest'
import { pathOf, postForm, send, sendRaw } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

/** What a browser is told that asks for a page of another origin. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html */
export function describeBrowsers(open: () => Target): void {
  const ask = (headers: Record<string, string>, key = '') =>
    sendRaw(open(), {
      method: 'OPTIONS',
      path: pathOf(open(), { key }),
      headers: { host: new URL(open().url).host, ...headers },
    })
  const post = { 'access-control-request-method': 'POST' }
  const fields = async () =>
    (await createPresignedPost(sdkOf(open()), { Bucket: open().bucket, Key: `uploads/${open().run}/cors` })).fields

  describe('a browser that asks beforehand', () => {
    it('may send a form from a page of the site', async () => {
      const reply = await ask({ origin: open().siteOrigin, ...post, 'access-control-request-headers': 'content-type' })
      expect(reply).toMatchObject({
        status: 200,
        text: '',
        headers: {
          'access-control-allow-origin': open().siteOrigin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type',
          'access-control-expose-headers': 'ETag',
          'access-control-max-age': '3600',
          vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
        },
      })
    })

    it.each([
      ['another origin', { origin: 'https://evil.example', ...post }],
      ['an origin that begins like ours', { origin: 'http://localhost:87870', ...post }],
      ['no page at all', { origin: 'null', ...post }],
      ['another method', { 'access-control-request-method': 'PUT' }],
      ['another header', { ...post, 'access-control-request-headers': 'content-type, x-amz-acl' }],
    ])('may not: %s', async (_, headers) => {
      const reply = await ask({ origin: open().siteOrigin, ...headers })
      expect(reply).toMatchObject({
        status: 403,
        code: 'AccessForbidden',
        message: expect.stringMatching(/^CORSResponse: This CORS request is not allowed/),
      })
      expect(reply.text).toContain(
        `<Method>${headers['access-control-request-method']}</Method>`.replace('undefined', 'POST'),
      )
      expect(reply.text).toContain('<ResourceType>BUCKET</ResourceType>')
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin')
    })

    it('must say from where', async () => {
      expect(await ask(post)).toMatchObject({
        status: 400,
        code: 'BadRequest',
        message: expect.stringMatching(/Origin request header needed/),
      })
    })
  })

  describe('a browser that sends', () => {
    it('may read the answer on a page of the site, a refusal as well', async () => {
      const allowed = { 'access-control-allow-origin': open().siteOrigin, 'access-control-expose-headers': 'ETag' }
      const origin = open().siteOrigin
      expect(await postForm(open(), await fields(), 'x', { origin })).toMatchObject({ status: 204, headers: allowed })
      const changed = { ...(await fields()), key: 'other' }
      expect(await postForm(open(), changed, 'x', { origin })).toMatchObject({ status: 403, headers: allowed })
    })

    it('may not read it elsewhere, though it is served: the policy alone decides', async () => {
      const reply = await postForm(open(), await fields(), 'x', { origin: 'https://evil.example' })
      expect(reply.status).toBe(204)
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin')
      const headers = { origin: open().siteOrigin }
      expect((await send(open(), { headers, query: { 'list-type': '2' } })).headers).not.toHaveProperty(
        'access-control-allow-origin',
      )
    })
  })
}
