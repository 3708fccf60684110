import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { describe, expect, it } from 'vitest'
import { postForm, type Reply, send, sendRaw, signForm } from './forge.ts'
import { sdkOf, type Target } from './target.ts'

const minute = 60_000
const denied = (message: string | RegExp) => ({
  status: 403,
  code: 'AccessDenied',
  message: expect.stringMatching(message),
})

/** Files that browsers send by a form, under a policy. */
export function describePosted(open: () => Target): void {
  const named = (key: string) => `uploads/${open().run}/${key}`
  const isThere = async (key: string) => (await send(open(), { method: 'HEAD', key: named(key) })).status === 200

  /** A form as the origin makes it: one key, one type, 1 to 10 bytes. */
  const presigned = async (key: string) => {
    const { fields } = await createPresignedPost(sdkOf(open()), {
      Bucket: open().bucket,
      Key: named(key),
      Fields: { 'Content-Type': 'image/png' },
      Conditions: [['content-length-range', 1, 10]],
      Expires: 600,
    })
    return fields
  }
  /** One made by hand, whose policy covers its key, with some more fields and conditions. */
  const forged = (key: string, fields: Record<string, string> = {}, conditions: unknown[] = [], more = {}) =>
    signForm(
      open(),
      { key: named(key), ...fields },
      [{ bucket: open().bucket }, ['starts-with', '$key', 'uploads/'], ...conditions],
      more,
    )

  // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
  describe('a form', () => {
    it('stores its file under the key and the type that its fields name, whatever the file says of itself', async () => {
      const reply = await postForm(open(), await presigned('photo'), '0123456789', { fileName: '../../evil.html' })
      expect(reply).toMatchObject({ status: 204, text: '', headers: { etag: '"781e5e245d69b566979b86e28d23f2c7"' } })
      expect(reply.headers.location).toContain(encodeURIComponent(named('photo')))
      const kept = await send(open(), { key: named('photo') })
      expect(kept).toMatchObject({ status: 200, text: '0123456789', headers: { 'content-type': 'image/png' } })
    })

    it('may be sent again within its time: S3 keeps no list of what it has seen', async () => {
      const fields = await presigned('again')
      for (const file of ['one', 'two']) expect(await postForm(open(), fields, file)).toMatchObject({ status: 204 })
      expect(await send(open(), { key: named('again') })).toMatchObject({ text: 'two' })
    })

    it.each([
      ['200', 200, ''],
      ['201', 201, /^<\?xml.*<PostResponse>.*<Location>.*<\/Location>.*<Bucket>.*<Key>.*<ETag>/s],
      ['204', 204, ''],
      ['418', 204, ''],
    ])('is answered as it asks: success_action_status %s', async (asked, status, text) => {
      const wish = { success_action_status: asked }
      expect(await postForm(open(), forged('status', wish, [wish]), 'x')).toMatchObject({
        status,
        text: typeof text === 'string' ? text : expect.stringMatching(text),
      })
    })

    it('leads on as it asks: success_action_redirect, and not to what is no address', async () => {
      const to = (url: string) => ({ success_action_redirect: url })
      const wish = to('https://site.example/done?a=1')
      const reply = await postForm(open(), forged('redirect', wish, [wish]), 'x')
      expect(reply.status).toBe(303)
      const { origin, searchParams } = new URL(reply.headers.location ?? '')
      expect([origin, Object.fromEntries(searchParams)]).toEqual([
        'https://site.example',
        { a: '1', bucket: open().bucket, key: named('redirect'), etag: '"9dd4e461268c8034f5c8564e155c67a6"' },
      ])
      expect(await postForm(open(), forged('redirect', to('nowhere'), [to('nowhere')]), 'x')).toMatchObject({
        status: 204,
      })
    })

    it('may have the name of the file in its key', async () => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 has the browser's name of the file put here.
      const form = forged('x', { key: named('${filename}') })
      expect(await postForm(open(), form, 'x', { fileName: 'my $& photo.png' })).toMatchObject({ status: 204 })
      expect(await isThere('my $& photo.png')).toBe(true)
    })

    it('counts for nothing behind its file', async () => {
      const reply = await postForm(open(), await presigned('behind'), 'x', {
        behind: { acl: 'public-read', key: 'other' },
      })
      expect(reply).toMatchObject({ status: 204 })
      expect(await isThere('behind')).toBe(true)
    })

    it('of more than 20 KB before its file is refused', async () => {
      const long = { 'x-ignore-long': 'x'.repeat(21_000) }
      expect(await postForm(open(), forged('long', long), 'x')).toMatchObject({
        status: 400,
        code: 'MaxPostPreDataLengthExceeded',
      })
    })
  })

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
  describe('its policy', () => {
    const refusedAll = async (reply: Reply, expected: object, key: string) => {
      expect(reply).toMatchObject(expected)
      expect(await isThere(key)).toBe(false)
    }

    it('ends with its time', async () => {
      const expiration = new Date(Date.now() - 1_000)
      const reply = await postForm(open(), forged('late', {}, [], { expiration }), 'x')
      await refusedAll(reply, denied(/Invalid according to Policy: Policy expired\.$/), 'late')
      // Made long ago, it holds as long as it says: the day is in the key that signed it, no more.
      const old = { time: new Date(Date.now() - 40 * minute), expiration: new Date(Date.now() + minute) }
      expect(await postForm(open(), forged('old', {}, [], old), 'x')).toMatchObject({ status: 204 })
    })

    it.each([
      ['key', { key: 'media/other' }, /Policy Condition failed: \["eq", "\$key", ".*"\]/],
      ['key, by a path', { key: 'uploads/../media/other' }, /Policy Condition failed: \["eq", "\$key"/],
      [
        'Content-Type',
        { 'Content-Type': 'text/html' },
        /Policy Condition failed: \["eq", "\$Content-Type", "image\/png"\]/,
      ],
      ['Content-Type, by its case', { 'Content-Type': 'IMAGE/PNG' }, /Policy Condition failed/],
      ['bucket', { bucket: 'another' }, /Policy Condition failed: \["eq", "\$bucket"/],
    ])('does not hold for another %s', async (_, change, message) => {
      const reply = await postForm(open(), { ...(await presigned('changed')), ...change }, 'x')
      await refusedAll(reply, denied(message), 'changed')
    })

    it('asks for each field that it names', async () => {
      const { 'Content-Type': _, ...fields } = await presigned('untyped')
      await refusedAll(await postForm(open(), fields, 'x'), denied(/failed: \["eq", "\$Content-Type"/), 'untyped')
    })

    it('covers each field but x-ignore-…', async () => {
      const extra = { ...(await presigned('extra')), 'x-amz-meta-more': '1' }
      await refusedAll(await postForm(open(), extra, 'x'), denied(/Extra input fields: x-amz-meta-more$/), 'extra')
      expect(await postForm(open(), { 'x-ignore-me': '1', ...(await presigned('ignored')) }, 'x')).toMatchObject({
        status: 204,
      })
    })

    it('covers by a beginning, and keeps what it is told to', async () => {
      const fields = { 'Content-Type': 'image/webp', 'x-amz-meta-a': 'b', 'Cache-Control': 'max-age=60' }
      const conditions = [
        ['starts-with', '$Content-Type', 'image/'],
        ['starts-with', '$x-amz-meta-a', ''],
        ['eq', '$Cache-Control', 'max-age=60'],
      ]
      expect(await postForm(open(), forged('meta', fields, conditions), 'x')).toMatchObject({ status: 204 })
      const { headers } = await send(open(), { method: 'HEAD', key: named('meta') })
      expect(headers).toMatchObject({
        'content-type': 'image/webp',
        'x-amz-meta-a': 'b',
        'cache-control': 'max-age=60',
      })
      const other = { ...fields, 'Content-Type': 'text/html' }
      await refusedAll(
        await postForm(open(), forged('meta2', other, conditions), 'x'),
        denied(/failed: \["starts-with", "\$Content-Type", "image\/"\]/),
        'meta2',
      )
    })

    it.each([
      ['nothing', '', 400, 'EntityTooSmall', /ProposedSize>0<.*MinSizeAllowed>1</s],
      ['the least', 'x', 204, '', ''],
      ['the most', 'x'.repeat(10), 204, '', ''],
      ['a byte more', 'x'.repeat(11), 400, 'EntityTooLarge', /ProposedSize>11<.*MaxSizeAllowed>10</s],
      ['much more', 'x'.repeat(3_000_000), 400, 'EntityTooLarge', /MaxSizeAllowed>10</],
    ])('limits the size of the file: %s', async (what, file, status, code, text) => {
      const reply = await postForm(open(), await presigned(`size ${what}`), file)
      expect(reply).toMatchObject({ status, code, text: expect.stringMatching(text) })
      expect(await isThere(`size ${what}`)).toBe(status === 204)
    })

    it.each([
      [
        'changed',
        (policy: string) =>
          Buffer.from(policy, 'base64')
            .toString()
            .replace(/"expiration":"20/, '"expiration":"21'),
      ],
      ['no JSON', () => '{'],
      ['another altogether', () => '{"expiration":"2100-01-01T00:00:00Z","conditions":[]}'],
    ])('holds only as it was signed: %s', async (_, change) => {
      const fields = await presigned('tampered')
      fields.Policy = Buffer.from(change(fields.Policy ?? '')).toString('base64')
      const reply = await postForm(open(), fields, 'x')
      await refusedAll(reply, { status: 403, code: 'SignatureDoesNotMatch' }, 'tampered')
    })

    it('must be signed with a key that is known, and by its secret', async () => {
      const wrong = { keys: { ...open().keys, secretAccessKey: 'wrong' } }
      const unknown = { keys: { ...open().keys, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }
      await refusedAll(
        await postForm(open(), forged('w', {}, [], wrong), 'x'),
        { status: 403, code: 'SignatureDoesNotMatch' },
        'w',
      )
      await refusedAll(
        await postForm(open(), forged('w', {}, [], unknown), 'x'),
        { status: 403, code: 'InvalidAccessKeyId' },
        'w',
      )
    })

    it('must be there: the bucket is private', async () => {
      await refusedAll(await postForm(open(), { key: named('free') }, 'x'), denied('Access Denied'), 'free')
    })

    it.each(['X-Amz-Signature', 'Policy', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Algorithm', 'key'])(
      'needs %s beside it',
      async name => {
        const { [name]: _, ...fields } = await presigned('less')
        const reply = await postForm(open(), fields, 'x')
        const message = expect.stringMatching(/Bucket POST must contain a field named '.*'/i)
        await refusedAll(reply, { status: 400, code: 'InvalidArgument', message }, 'less')
      },
    )

    it.each([
      ['without an end', { expiration: undefined }],
      ['without conditions', { conditions: undefined }],
      ['of an unknown operation', { conditions: [['matches', '$key', '.*']] }],
      ['with two names in one condition', { conditions: [{ key: 'a', bucket: 'b' }] }],
      ['with sizes that are none', { conditions: [['content-length-range', 'a', 'b']] }],
    ])('%s is none', async (_, policy) => {
      const reply = await postForm(open(), forged('malformed', {}, [], { policy }), 'x')
      await refusedAll(reply, { status: 400, code: 'InvalidPolicyDocument' }, 'malformed')
    })
  })

  describe('what is no form', () => {
    const send = (contentType: string, body: string) => {
      const { pathname, host } = new URL(`${open().url}/`)
      const headers = { host, 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) }
      return sendRaw(open(), { method: 'POST', path: pathname, headers, body: Buffer.from(body) })
    }

    it('has no file', async () => {
      expect(await postForm(open(), await presigned('none'), undefined)).toMatchObject({
        status: 400,
        code: expect.stringMatching(/^(InvalidArgument|IncorrectNumberOfFilesInPostRequest)$/),
        message: expect.stringMatching(/exactly one file/),
      })
    })

    it.each([
      ['no boundary', 'multipart/form-data', 'x'],
      ['a boundary that never comes', 'multipart/form-data; boundary=never', '--other\r\n'],
      [
        'an end in its midst',
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx',
      ],
    ])('has %s', async (_, type, body) => {
      expect(await send(type, body)).toMatchObject({ status: 400 })
    })
  })
}
