import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { maxUploadBytes } from '../../shared/media.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, keysOf, someJpeg } from '../testing/images.ts'
import { runJobs } from '../testing/jobs.ts'
import { somePicture } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'

let origin: TestOrigin
let seller: TestAccount
let postId: string

beforeAll(async () => {
  origin = await createTestOrigin()
})

beforeEach(async () => {
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

async function announce(fileName = 'bike.jpg'): Promise<string> {
  const body = { fileName, contentType: 'image/jpeg', bytes: 1_000 }
  return (await origin.request('POST', `/posts/${postId}/images`, { token: seller.token, body })).body.image.id
}
const send = (id: string, file: Uint8Array) =>
  origin.ctx.objects.put(`uploads/${id}`, file, { contentType: 'image/jpeg' })
const complete = (id: string, { token }: { token?: string } = seller) =>
  origin.request('PUT', `/images/${id}/completion`, { token })
const find = (id: string) =>
  origin.ctx.db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const events = async (id: string) => {
  const rows = origin.ctx.db.selectFrom('outbox').selectAll().where('aggregate_id', '=', id).orderBy('id')
  return (await rows.execute()).map(({ kind, payload }) => ({ kind, payload }))
}
const ascii = (text: string) => new TextEncoder().encode(text)

describe('completeImage', () => {
  it('takes the file up and asks for its variants, which then are ready', async () => {
    const id = await announce()
    const file = await somePicture(64, 48).jpeg().toBuffer()
    await send(id, file)
    expect((await complete(id)).body).toMatchObject({ id, state: 'processing', problem: null, image: null })
    expect(await find(id)).toMatchObject({ bytes: file.length, content_type: 'image/jpeg' })
    expect(await events(id)).toEqual([{ kind: 'image.uploaded', payload: { imageId: id } }])
    await runJobs({ na: origin })
    const { body } = await complete(id)
    expect(body).toMatchObject({ state: 'ready', image: { id, width: 64, height: 48, alt: '' } })
    const shown = (await origin.request('GET', `/posts/${postId}`)).body.images
    expect(shown).toEqual([body.image])
  })

  it('waits while nothing is there', async () => {
    const id = await announce()
    expect((await complete(id)).body).toMatchObject({ status: 409, code: 'upload_incomplete' })
    expect(await find(id)).toMatchObject({ state: 'uploading' })
  })

  it('may be repeated in every state, and asks once', async () => {
    const id = await announce()
    await send(id, someJpeg())
    const replies = await Promise.all([complete(id), complete(id), complete(id)])
    expect(replies.map(({ status, body }) => [status, body.state])).toEqual([
      [200, 'processing'],
      [200, 'processing'],
      [200, 'processing'],
    ])
    expect(await events(id)).toHaveLength(1)
    for (const state of ['processing', 'ready', 'failed'] as const) {
      const other = await createTestImage(origin, seller, postId, { state })
      expect((await complete(other)).body).toMatchObject({ id: other, state })
      expect(await events(other)).toEqual([])
    }
  })

  it.each([
    ['nothing', new Uint8Array(), /no photo/],
    ['HTML', ascii('<!doctype html><script>alert(1)</script>'), /no photo/],
    ['a script', ascii('#!/bin/sh\nrm -rf /\n'), /no photo/],
    ['a drawing', ascii('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
    ['TIFF', ascii('II*\0\x08\0\0\0'), /TIFF/],
    ['HEIC', ascii('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /HEIC.*iPhone/],
    ['PDF', ascii('%PDF-1.7\n'), /JPEG, PNG/],
  ])('refuses %s that is called a JPEG: it has failed, and its bytes go', async (_, file, hint) => {
    const id = await announce()
    await send(id, file)
    const reply = await complete(id)
    expect(reply.body).toMatchObject({ status: 415, code: 'unsupported_image', detail: expect.stringMatching(hint) })
    expect((await complete(id)).body).toMatchObject({ state: 'failed', problem: 'unsupported' })
    expect((await events(id)).map(({ kind }) => kind)).toEqual(['image.removed', 'image.removed'])
    await runJobs({ na: origin })
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('believes the bytes and not the claim: a PNG that is called a JPEG is a PNG', async () => {
    const id = await announce()
    await send(id, await somePicture(64, 48).png().toBuffer())
    expect((await complete(id)).status).toBe(200)
    expect(await find(id)).toMatchObject({ content_type: 'image/png' })
    await runJobs({ na: origin })
    expect(await find(id)).toMatchObject({ state: 'ready' })
  })

  it('refuses what the bucket took although it is too large', async () => {
    const id = await announce()
    await send(id, someJpeg(maxUploadBytes + 1))
    expect((await complete(id)).body).toMatchObject({ status: 413, code: 'body_too_large' })
    expect(await find(id)).toMatchObject({ state: 'failed', problem: 'too_large' })
    await runJobs({ na: origin })
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('takes a file that is sent again meanwhile for what it then is: nothing of an upload is ever served', async () => {
    const id = await announce()
    await send(id, await somePicture(64, 48).jpeg().toBuffer())
    await complete(id)
    await send(id, ascii('<!doctype html>'))
    await runJobs({ na: origin })
    expect(await find(id)).toMatchObject({ state: 'failed', problem: 'unsupported' })
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('is for the seller alone: others do not even learn that it is there', async () => {
    const id = await announce()
    await send(id, someJpeg())
    for (const role of ['member', 'moderator'] as const) {
      const other = await origin.createAccount({ role })
      expect((await complete(id, other)).body).toMatchObject({ status: 404, code: 'image_not_found' })
    }
    expect((await complete(id, {})).status).toBe(401)
    expect((await complete('na_nonsense')).body.code).toBe('image_not_found')
    expect(await find(id)).toMatchObject({ state: 'uploading' })
    expect(await events(id)).toEqual([])
  })

  it('loses the race against whoever deletes it', async () => {
    const id = await announce()
    await send(id, someJpeg())
    const outcome = await loseRace(
      origin.ctx,
      () => complete(id),
      trx => trx.deleteFrom('images').where('id', '=', id).execute(),
    )
    expect(outcome).toMatchObject({ value: { status: 404, body: { code: 'image_not_found' } } })
    expect(await events(id)).toEqual([])
  })
})
