import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { maxImagesPerPost, maxUploadBytes, maxUploadsPerDay, uploadLifetime } from '../../shared/media.ts'
import { prune, rules } from '../life-cycle/pruning.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { createTestImage } from '../testing/images.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'

const hour = 3_600_000
const input = { fileName: 'bike.jpg', contentType: 'image/jpeg', bytes: 1_000 }

let clock: Clock
let origin: TestOrigin
let eu: TestOrigin
let seller: TestAccount
let postId: string

beforeAll(async () => {
  clock = createClock()
  const world = await createTestWorld(['na', 'eu'], { now: clock.now })
  origin = world.na
  eu = world.eu
})

beforeEach(async () => {
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

const create = (body: object = {}, { token }: { token?: string } = seller, id = postId) =>
  origin.request('POST', `/posts/${id}/images`, { token, body: { ...input, ...body } })
const images = () =>
  origin.ctx.db.selectFrom('images').selectAll().where('account_id', '=', seller.id).orderBy('position').execute()

/** Writes down uploads of earlier as if their photos were deleted since. */
async function recordUploads(count: number, age: number): Promise<void> {
  const at = new Date(clock.now().getTime() - age)
  const rows = Array.from({ length: count }, () => ({
    image_id: crypto.randomUUID(),
    account_id: seller.id,
    created_at: at,
  }))
  await origin.ctx.db.insertInto('image_uploads').values(rows).execute()
}

describe('createImage', () => {
  it('announces a photo and says where to send it: type, key, and ten minutes are the origin’s', async () => {
    const reply = await create({ alt: 'The bike from the left' })
    expect(reply.status).toBe(201)
    const { image, upload } = reply.body
    expect(reply.headers.get('location')).toBe(`/api/v1/images/${image.id}`)
    expect(image).toEqual({
      id: expect.stringMatching(/^na_/),
      state: 'uploading',
      problem: null,
      fileName: 'bike.jpg',
      alt: 'The bike from the left',
      createdAt: clock.now().toISOString(),
      image: null,
    })
    expect(upload.fields).toMatchObject({ key: `uploads/${image.id}`, 'Content-Type': 'image/jpeg' })
    expect(Date.parse(upload.expiresAt)).toBe(clock.now().getTime() + uploadLifetime)
    expect(await images()).toMatchObject([{ id: image.id, post_id: postId, account_id: seller.id, position: 0 }])
  })

  it('puts each behind the last', async () => {
    for (const alt of ['a', 'b', 'c']) await create({ alt })
    expect((await images()).map(({ alt, position }) => [alt, position])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
  })

  it.each(['sold', 'removed', 'expired'] as const)('refuses a post that is %s', async status => {
    const post = await createTestPost(origin, seller, status)
    expect((await create({}, seller, post.id)).body).toMatchObject({ status: 409, code: 'illegal_transition' })
  })

  it('refuses whoever is not the seller, a moderator too, and says of drafts nothing', async () => {
    const draft = await createTestPost(origin, seller, 'draft')
    const others = [await origin.createAccount(), await origin.createAccount({ role: 'moderator' })]
    for (const other of others) {
      expect((await create({}, other)).body).toMatchObject({ status: 403, code: 'forbidden' })
      expect((await create({}, other, draft.id)).body).toMatchObject({ status: 404, code: 'post_not_found' })
    }
    expect((await create({}, await eu.createAccount())).body).toMatchObject({ status: 403, code: 'wrong_region' })
    expect((await create({}, {})).body).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect((await create({}, seller, 'na_nonsense')).body).toMatchObject({ status: 404, code: 'post_not_found' })
    expect(await images()).toEqual([])
  })

  it.each([
    ['image/heic', 'IMG_1.HEIC', /HEIC.*iPhone.*Most Compatible/],
    ['application/octet-stream', 'IMG_1.heic', /HEIC/],
    ['image/svg+xml', 'logo.svg', /SVG/],
    ['image/tiff', 'scan.tif', /TIFF/],
    ['video/mp4', 'clip.mp4', /video/],
    ['application/pdf', 'a.pdf', /PDF/],
    ['text/html', 'bike.jpg', /no photo.*JPEG, PNG, WebP, AVIF or GIF/],
    ['image/jpeg\r\nX-Evil: 1', 'bike.jpg', /no photo/],
  ])('explains kindly why %s (%s) is not taken', async (contentType, fileName, hint) => {
    const reply = await create({ contentType, fileName })
    expect(reply.body).toMatchObject({ status: 415, code: 'unsupported_image', detail: expect.stringMatching(hint) })
  })

  it('knows a type by its other names', async () => {
    expect((await create({ contentType: 'IMAGE/JPG' })).body.upload.fields['Content-Type']).toBe('image/jpeg')
  })

  it('refuses what is larger than 15 MB before it is sent', async () => {
    expect((await create({ bytes: maxUploadBytes })).status).toBe(201)
    expect((await create({ bytes: maxUploadBytes + 1 })).body).toMatchObject({
      status: 413,
      code: 'body_too_large',
      detail: 'A photo may have 15 MB at most.',
    })
  })

  it.each([
    ['../../etc/passwd'],
    ['..\\..\\evil.html'],
    ['a"; filename="b.html'],
    ['x'.repeat(255)],
    ['\u202egpj.exe'],
    ['🚲'.repeat(255)],
    ['日本語 %2e%2e%2f.jpg'],
    ['\u0024{filename}'],
  ])('keeps a name as it is and lets none into a key or a header: %s', async fileName => {
    const reply = await create({ fileName })
    expect(reply.status).toBe(201)
    expect(reply.body.image.fileName).toBe(fileName)
    const { key, ...fields } = reply.body.upload.fields
    expect(key).toMatch(/^uploads\/na_[0-9a-z]{26}$/)
    const around = JSON.stringify([reply.body.upload.url, fields, [...reply.headers]])
    expect(around).not.toContain(fileName.slice(0, 12))
  })

  it.each(['', 'a\0b.jpg', 'a\nb.jpg', 'x'.repeat(256), '\ud800.jpg'])(
    'refuses a name that is none',
    async fileName => {
      expect((await create({ fileName })).body).toMatchObject({
        status: 422,
        errors: [{ field: 'fileName', message: expect.any(String) }],
      })
    },
  )

  it('holds twelve photos a post, however many come at once', async () => {
    for (let n = 0; n < maxImagesPerPost - 1; n++) await createTestImage(origin, seller, postId, { state: 'failed' })
    const statuses = (await Promise.all([create(), create(), create()])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 409, 409])
    expect((await create()).body).toMatchObject({ code: 'too_many_images', detail: expect.stringContaining('12') })
    expect(await images()).toHaveLength(maxImagesPerPost)
    const other = await createTestPost(origin, seller)
    expect((await create({}, seller, other.id)).status).toBe(201)
  })

  it('takes 200 a day from an account, those deleted since too, and says when the next one fits', async () => {
    await recordUploads(maxUploadsPerDay - 1, 23 * hour)
    const { id } = (await create()).body.image
    await origin.request('DELETE', `/images/${id}`, { token: seller.token })
    const reply = await create()
    expect(reply.body).toMatchObject({
      status: 429,
      code: 'rate_limited',
      detail: expect.stringContaining('60 minutes'),
    })
    expect(reply.headers.get('retry-after')).toBe('3600')
    const other = await origin.createAccount()
    expect((await create({}, other, (await createTestPost(origin, other)).id)).status).toBe(201)
    clock.advance(hour - 1_000)
    const token = await origin.signIn(seller.email, seller.password)
    expect((await create({}, { token })).headers.get('retry-after')).toBe('1')
    clock.advance(1_000)
    expect((await create({}, { token })).status).toBe(201)
  })

  it('counts the 200 one by one, also on several posts at once', async () => {
    await recordUploads(maxUploadsPerDay - 2, hour)
    const others = [await createTestPost(origin, seller), await createTestPost(origin, seller)]
    const ids = [postId, postId, ...others.map(({ id }) => id)]
    const statuses = (await Promise.all(ids.map(id => create({}, seller, id)))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 201, 429, 429])
  })

  it('remembers an upload for as long as it counts', async () => {
    await recordUploads(3, 24 * hour)
    await recordUploads(2, 26 * hour)
    const rule = rules['forget uploads']
    if (rule) await prune(origin.ctx, rule, 1_000)
    const left = origin.ctx.db.selectFrom('image_uploads').selectAll().where('account_id', '=', seller.id)
    expect(await left.execute()).toHaveLength(3)
  })

  it('loses the race against whoever sells the post meanwhile', async () => {
    const outcome = await loseRace(
      origin.ctx,
      () => create(),
      trx =>
        trx
          .updateTable('posts')
          .set(row => ({ status: 'sold', sold_at: clock.now(), version: row('version', '+', 1) }))
          .where('id', '=', postId)
          .execute(),
    )
    expect(outcome).toMatchObject({ value: { body: { code: 'illegal_transition' } } })
    expect(await images()).toEqual([])
  })

  it('leaves the version of the post, so that a form which is open stays good', async () => {
    const before = await origin.ctx.db.selectFrom('posts').select('version').where('id', '=', postId).execute()
    await create()
    expect(await origin.ctx.db.selectFrom('posts').select('version').where('id', '=', postId).execute()).toEqual(before)
  })
})
