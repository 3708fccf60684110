import exifr from 'exifr'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../job.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPhoto, noise, somePicture, tellingExif } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { originalKey } from './keys.ts'
import { processImage } from './processing.ts'

let origin: TestOrigin
let seller: TestAccount
let postId: string
let jpeg: Buffer
beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
  jpeg = await somePicture(800, 600).jpeg().withExif(tellingExif).toBuffer()
})

const create = (file: Uint8Array | null) => createTestPhoto(origin.ctx, seller, postId, file)
const run = (imageId: string) => processImage(origin.ctx, { payload: { imageId } } as Job<'image.uploaded'>)
const rowOf = (id: string) => origin.ctx.db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
async function bytesAt(key: string) {
  const object = await origin.ctx.objects.get(key)
  return object && { ...object, bytes: new Uint8Array(await new Response(object.body).arrayBuffer()) }
}

describe('processImage', () => {
  it('makes every step that the photo fills and one of its own size, as WebP and JPEG, and removes the file', async () => {
    expect(await exifr.parse(jpeg, true)).toMatchObject({ Make: 'Spyphone' })
    const id = await create(jpeg)
    await run(id)
    const row = await rowOf(id)
    expect(row).toMatchObject({ state: 'ready', problem: null, width: 800, height: 600, attempts: 1 })
    expect(row?.variants).toEqual([
      { step: 320, width: 320, height: 240 },
      { step: 640, width: 640, height: 480 },
      { step: 1280, width: 800, height: 600 },
    ])
    expect(row?.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(row?.settled_at).not.toBeNull()
    const keys = ['320', '640', '1280'].flatMap(step => [`${row?.folder}/${step}.jpg`, `${row?.folder}/${step}.webp`])
    expect(await origin.ctx.objects.list(`${row?.folder}/`)).toEqual(keys.sort())
    for (const key of keys) {
      const object = await bytesAt(key)
      expect(object?.contentType).toBe(key.endsWith('webp') ? 'image/webp' : 'image/jpeg')
      expect((await sharp(object?.bytes).metadata()).exif).toBeUndefined()
      if (key.endsWith('.jpg')) expect(await exifr.parse(object?.bytes ?? new Uint8Array(), true)).toBeUndefined()
    }
    expect(await bytesAt(originalKey(id))).toBeUndefined()
  })

  it('does nothing more when it comes again', async () => {
    const id = await create(jpeg)
    await run(id)
    const row = await rowOf(id)
    await run(id)
    expect(await rowOf(id)).toEqual(row)
  })

  it.each([
    ['unsupported', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['unsupported', async () => noise(2_000)],
    ['unreadable', async () => jpeg.subarray(0, jpeg.length / 2)],
    ['lost', async () => null],
  ])('says "%s"', async (problem, file) => {
    const id = await create(await file())
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem })
    expect(await bytesAt(originalKey(id))).toBeUndefined()
  })

  it('leaves nothing of a photo that was deleted meanwhile', async () => {
    const id = await create(jpeg)
    const { folder = '' } = (await rowOf(id)) ?? {}
    const { objects } = origin.ctx
    const put: typeof objects.put = async (...all) => {
      await origin.ctx.db.deleteFrom('images').where('id', '=', id).execute()
      await objects.put(...all)
    }
    await processImage({ ...origin.ctx, objects: { ...objects, put } }, {
      payload: { imageId: id },
    } as Job<'image.uploaded'>)
    expect(await rowOf(id)).toBeUndefined()
    expect(await objects.list(folder)).toEqual([])
    expect(await bytesAt(originalKey(id))).toBeUndefined()
  })
})
