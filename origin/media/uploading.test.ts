import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { apiPrefix } from '../../shared/api.ts'
import { signRequest } from '../../shared/edge-signature.ts'
import { internalHeaders, requestIdHeader } from '../../shared/headers.ts'
import { maxImagesPerPost, maxUploadBytes } from '../../shared/media.ts'
import { encodeVisitor } from '../../shared/visitor.ts'
import { listen } from '../listen.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, someVisitor, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, keysOf, someForm, someJpeg } from '../testing/images.ts'
import { runJobs } from '../testing/jobs.ts'
import { somePicture } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { uploadImage } from './uploading.ts'

let origin: TestOrigin
let port: number
let close: () => void
let seller: TestAccount
let postId: string

beforeAll(async () => {
  origin = await createTestOrigin()
  const server = listen(origin.app, { host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  close = () => server.close()
})
afterAll(() => close())

beforeEach(async () => {
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

const upload = (form: FormData, { token }: { token?: string } = seller, id = postId) =>
  origin.request('POST', `/posts/${id}/images/file`, { token, form })
const images = () => origin.ctx.db.selectFrom('images').selectAll().where('post_id', '=', postId).execute()
/** All that is there of the post's photos once the jobs are done. */
async function expectNothing(): Promise<void> {
  expect(await images()).toEqual([])
  await runJobs({ na: origin })
  expect(await origin.ctx.objects.list('uploads/')).toEqual([])
}

describe('uploadImage', () => {
  it('takes a photo from a form, on to the bucket, to its variants', async () => {
    const file = new Uint8Array(await somePicture(64, 48).jpeg().toBuffer())
    const reply = await upload(someForm(file, 'Ünser Rad.jpg', 'The bike from the left'))
    expect(reply.status, reply.text).toBe(201)
    expect(reply.body).toMatchObject({
      state: 'processing',
      fileName: 'Ünser Rad.jpg',
      alt: 'The bike from the left',
      problem: null,
    })
    expect(reply.headers.get('location')).toBe(`/api/v1/images/${reply.body.id}`)
    expect(await images()).toMatchObject([{ bytes: file.length, content_type: 'image/jpeg', account_id: seller.id }])
    await runJobs({ na: origin })
    expect((await origin.request('GET', `/posts/${postId}`)).body.images).toMatchObject([
      { width: 64, height: 48, alt: 'The bike from the left' },
    ])
  })

  it('takes alt text that comes after the file, and a file of several parts whole', async () => {
    const file = someJpeg(11_000_000)
    const form = someForm(file)
    form.set('alt', 'Behind')
    const { id } = (await upload(form)).body
    expect(await images()).toMatchObject([{ alt: 'Behind', bytes: 11_000_000 }])
    const kept = await origin.ctx.objects.get(`uploads/${id}`)
    expect(Buffer.compare(Buffer.from(await new Response(kept?.body).arrayBuffer()), file)).toBe(0)
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\bike.jpg', 'bike.jpg'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`${'x'.repeat(300)}.jpg`, `${'x'.repeat(251)}.jpg`],
    ['\u202egpj.exe', '\u202egpj.exe'],
    ['🚲.jpg', '🚲.jpg'],
  ])('keeps the last part of a name, and lets none into a key or a header: %s', async (sent, kept) => {
    const reply = await upload(someForm(someJpeg(), sent))
    expect(reply.body).toMatchObject({ fileName: kept })
    expect(await keysOf(origin, reply.body.id)).toEqual([`uploads/${reply.body.id}`])
    expect(JSON.stringify([...reply.headers])).not.toContain(kept.slice(0, 12))
  })

  it('refuses before anything is kept: no photo, no file, bad words, an unreadable form', async () => {
    const html = new TextEncoder().encode('<!doctype html><script>alert(1)</script>')
    const refused = await upload(someForm(html, 'bike.jpg'))
    expect(refused.body).toMatchObject({ status: 415, code: 'unsupported_image' })
    const heic = await upload(someForm(new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'a.jpg'))
    expect(heic.body.detail).toMatch(/HEIC.*iPhone/)
    const none = new FormData()
    none.set('file', new Blob([]), '')
    expect((await upload(none)).body).toMatchObject({
      status: 422,
      errors: [{ field: 'file', message: 'must be chosen' }],
    })
    const elsewhere = new FormData()
    elsewhere.set('picture', new Blob([someJpeg()]), 'a.jpg')
    expect((await upload(elsewhere)).body.errors).toMatchObject([{ field: 'file' }])
    expect((await upload(someForm(someJpeg(), 'a.jpg', 'x'.repeat(251)))).body.errors).toMatchObject([{ field: 'alt' }])
    expect((await upload(someForm(someJpeg(), '\u200b'))).body.errors).toMatchObject([{ field: 'file' }])
    const headers = { 'content-type': 'multipart/form-data' }
    const noBoundary = await origin.request('POST', `/posts/${postId}/images/file`, {
      token: seller.token,
      form: someForm(),
      headers,
    })
    expect(noBoundary.body).toMatchObject({ status: 400, code: 'bad_request' })
    await expectNothing()
  })

  it('reads no further than a photo and a few words can be, whatever the rest is called', async () => {
    const form = someForm(someJpeg(1_000))
    form.set('alt', 'x'.repeat(20_000_000))
    expect((await upload(form)).body).toMatchObject({ status: 413, code: 'body_too_large' })
    await expectNothing()
  })

  it('leaves nothing of alt text that turns out bad after the file', async () => {
    const form = someForm()
    form.set('alt', 'a\nb')
    expect((await upload(form)).body.errors).toMatchObject([{ field: 'alt' }])
    await expectNothing()
  })

  it('holds to the limits of a post and of a day, and to who may', async () => {
    for (let n = 0; n < maxImagesPerPost; n++) await createTestImage(origin, seller, postId, { state: 'failed' })
    expect((await upload(someForm())).body.code).toBe('too_many_images')
    const sold = (await createTestPost(origin, seller, 'sold')).id
    expect((await upload(someForm(), seller, sold)).body.code).toBe('illegal_transition')
    for (const role of ['member', 'moderator'] as const)
      expect((await upload(someForm(), await origin.createAccount({ role }))).body.code).toBe('forbidden')
    expect((await upload(someForm(), {})).body.code).toBe('unauthenticated')
  })

  it('is a photo lost when its post goes meanwhile', async () => {
    const { objects } = origin.ctx
    const slow: typeof objects.upload = async (...all) => {
      await objects.upload(...all)
      await origin.request('DELETE', `/posts/${postId}`, { token: seller.token })
    }
    const { body, contentType } = encode(someForm())
    const ctx = { ...origin.ctx, objects: { ...objects, upload: slow } }
    const uploading = uploadImage(ctx, seller.actor, postId, { body, contentType, length: undefined })
    await expect(uploading).rejects.toMatchObject({ code: 'image_not_found' })
    await expectNothing()
  })

  it('says so when the bucket does not answer, and leaves nothing', async () => {
    const upload: typeof origin.ctx.objects.upload = async () => {
      throw new Error('the bucket does not answer')
    }
    const { body, contentType } = encode(someForm(someJpeg(200_000)))
    const ctx = { ...origin.ctx, objects: { ...origin.ctx.objects, upload } }
    const uploading = uploadImage(ctx, seller.actor, postId, { body, contentType, length: undefined })
    await expect(uploading).rejects.toThrow('the bucket does not answer')
    await expectNothing()
  })

  it('ends when nothing comes for a while, and leaves nothing', async () => {
    const { contentType, bytes } = await bytesOf(someForm(someJpeg(100_000)))
    const body = new ReadableStream<Uint8Array>({ start: stream => stream.enqueue(bytes.subarray(0, 50_000)) })
    const form = { body, contentType, length: undefined }
    const uploading = uploadImage(origin.ctx, seller.actor, postId, form, 50)
    await expect(uploading).rejects.toMatchObject({
      code: 'upload_incomplete',
      detail: expect.stringMatching(/Nothing came/),
    })
    await expectNothing()
  })
})

describe('uploadImage over a wire', () => {
  it('takes a form that comes in small pieces', async () => {
    const { contentType, bytes } = await bytesOf(someForm(someJpeg(5_000)))
    const call = await begin(contentType)
    const answered = answerOf(call)
    for (let at = 0; at < bytes.length; at += 1_000) {
      call.write(bytes.subarray(at, at + 1_000))
      await sleep(5)
    }
    call.end()
    expect(await answered).toMatchObject({ status: 201, body: { state: 'processing' } })
  })

  it.each([
    ['that says so', String(maxUploadBytes + 100_000)],
    ['that does not say so', undefined],
  ])('cuts off a body %s, long before it has come', async (_, length) => {
    const { contentType, bytes } = await bytesOf(someForm(someJpeg(maxUploadBytes + 30_000_000)))
    const call = await begin(contentType, length)
    const answered = answerOf(call)
    let sent = 0
    let done = false
    const stop = () => {
      done = true
    }
    answered.then(stop, stop)
    for (let at = 0; at < bytes.length && !done; at += 65_536) {
      const flowing = call.write(bytes.subarray(at, at + 65_536), () => {
        sent += 65_536
      })
      if (!flowing) await Promise.race([once(call, 'drain'), answered.catch(() => {})]).catch(() => {})
    }
    expect(await answered).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
    expect(sent).toBeLessThan(maxUploadBytes + 10_000_000)
    call.destroy()
    await expect.poll(images).toEqual([])
    await expectNothing()
  })

  it('refuses before all has come, and leaves the connection whole for whoever has it next', async () => {
    const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), Buffer.alloc(2_000_000)])
    const { contentType, bytes } = await bytesOf(someForm(heic, 'a.heic'))
    const { path, headers } = await signedForm(contentType)
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.setEncoding('utf8').on('data', text => {
      said += text
    })
    const lines = Object.entries({ ...headers, host: 'origin', 'transfer-encoding': 'chunked' })
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    socket.write(`${bytes.length.toString(16)}\r\n`)
    socket.write(bytes)
    await expect.poll(() => said).toMatch(/^HTTP\/1.1 415 /)
    // What an edge does when it has the answer: the body ends as a body should, and the connection serves another request.
    socket.write('\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: origin\r\n\r\n')
    await expect.poll(() => said).toMatch(/HTTP\/1.1 200 OK[\s\S]*"ok":true/)
    // Longer than a server waits for the rest of a body that nobody reads.
    await sleep(700)
    expect(socket.closed).toBe(false)
    socket.destroy()
  })

  it('forgets what a client sent that has gone', async () => {
    const { contentType, bytes } = await bytesOf(someForm(someJpeg(2_000_000)))
    const call = await begin(contentType)
    call.on('error', () => {})
    call.write(bytes.subarray(0, 1_000_000))
    await expect.poll(async () => (await images()).length).toBe(1)
    call.destroy()
    await expect.poll(images).toEqual([])
    await expectNothing()
  })

  it('takes no form that was signed for a body that is read, and no body where a form belongs', async () => {
    const target = `${apiPrefix}/posts/${postId}/images/file`
    const read = await origin.request('POST', target, { token: seller.token, body: { alt: 'x' } })
    expect(read.body.code).toBe('unsigned_request')
    const created = await origin.request('POST', '/posts', { token: seller.token, form: someForm() })
    expect(created.body.code).toBe('unsigned_request')
  })
})

/** Begins a request as the edge does, whose body is still to come. */
async function begin(contentType: string, length?: string): Promise<ClientRequest> {
  const { path, headers } = await signedForm(contentType)
  if (length) headers['content-length'] = length
  return send({ host: '127.0.0.1', port, path, method: 'POST', headers })
}

async function signedForm(contentType: string): Promise<{ path: string; headers: Record<string, string> }> {
  const path = `${apiPrefix}/posts/${postId}/images/file`
  const headers = new Headers({
    authorization: `Bearer ${seller.token}`,
    'content-type': contentType,
    [requestIdHeader]: crypto.randomUUID(),
    [internalHeaders.region]: 'na',
    [internalHeaders.visitor]: encodeVisitor(someVisitor),
  })
  const parts = { method: 'POST', target: path, headers, body: 'streamed' } as const
  const { edge } = origin.ctx.config.keys
  headers.set(internalHeaders.signature, await signRequest(edge, 'na', parts, Date.now()))
  return { path, headers: Object.fromEntries(headers) }
}

async function answerOf(call: ClientRequest): Promise<{ status: number | undefined; body: { code?: string } }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve)
    call.on('error', reject)
  })
  call.on('error', () => {}) // what comes after the answer is for nobody
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) }
}

function encode(form: FormData) {
  const { body, headers } = new Response(form)
  return { body, contentType: headers.get('content-type') ?? '' }
}

async function bytesOf(form: FormData) {
  const { body, contentType } = encode(form)
  return { contentType, bytes: new Uint8Array(await new Response(body).arrayBuffer()) }
}
