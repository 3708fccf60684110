import exifr from 'exifr'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { maxUploadBytes } from '../../shared/media.ts'
import type { ObjectStore } from '../adapters/s3.ts'
import type { Job } from '../job.ts'
import { tellingParts } from '../testing/bare.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { keysOf } from '../testing/images.ts'
import { createTestPhoto, noise, somePicture, tellingExif } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { createDecoders } from './decoding.ts'
import { failImage } from './failing.ts'
import { originalKey } from './keys.ts'
import { PhotoProblem } from './photo.ts'
import { processImage, processPhoto } from './processing.ts'

let clock: Clock
let origin: TestOrigin
let seller: TestAccount
let postId: string
let jpeg: Buffer
let objects: ObjectStore
const { decode } = createDecoders()
beforeAll(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
  jpeg = await somePicture(800, 600).jpeg().withExif(tellingExif).toBuffer()
})
beforeEach(() => {
  objects = origin.ctx.objects
})
afterEach(() => {
  origin.ctx.objects = objects
})

const create = (file: Uint8Array | null, post = postId) => createTestPhoto(origin.ctx, seller, post, file)
const run = (imageId: string) => processImage(origin.ctx, { payload: { imageId } } as Job<'image.uploaded'>)
const rowOf = (id: string) => origin.ctx.db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
async function bytesAt(key: string) {
  const object = await objects.get(key)
  return object && { ...object, bytes: new Uint8Array(await new Response(object.body).arrayBuffer()) }
}
/** Tags that were purged by jobs since the last look. */
async function purged(): Promise<string[]> {
  const rows = await origin.ctx.db.deleteFrom('outbox').where('kind', '=', 'purge').returning('payload').execute()
  return rows.flatMap(({ payload }) => payload.tags as string[])
}

describe('processImage', () => {
  it('makes every step that the photo fills and one of its own size, as WebP and JPEG, and removes the file', async () => {
    expect(await exifr.parse(jpeg, true)).toMatchObject({ Make: 'Spyphone' })
    const id = await create(jpeg)
    await run(id)
    const row = await rowOf(id)
    expect(row).toMatchObject({ state: 'ready', problem: null, width: 800, height: 600, attempts: 1, held_until: null })
    expect(row?.variants).toEqual([
      { step: 320, width: 320, height: 240 },
      { step: 640, width: 640, height: 480 },
      { step: 1280, width: 800, height: 600 },
    ])
    expect(row?.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(row?.settled_at).toEqual(clock.now())
    const keys = ['320', '640', '1280'].flatMap(step => [`${row?.folder}/${step}.jpg`, `${row?.folder}/${step}.webp`])
    expect(await keysOf(origin, id)).toEqual(keys.sort())
    for (const key of keys) {
      const object = await bytesAt(key)
      expect(object?.contentType).toBe(key.endsWith('webp') ? 'image/webp' : 'image/jpeg')
      expect(tellingParts(object?.bytes ?? new Uint8Array())).toEqual([])
    }
  })

  it('lets everybody keep what it writes for a year', async () => {
    const id = await create(jpeg)
    const said: unknown[] = []
    origin.ctx.objects = {
      ...objects,
      async put(key, body, options) {
        said.push(options.cacheControl)
        await objects.put(key, body, options)
      },
    }
    await run(id)
    expect(said).toEqual(Array.from({ length: 6 }, () => 'public, max-age=31536000, immutable'))
  })

  it('is seen on the post, which is purged with its lists once it is ready', async () => {
    const post = await createTestPost(origin, seller)
    const id = await create(jpeg, post.id)
    await purged()
    await run(id)
    expect(await purged()).toEqual(expect.arrayContaining([`post:${post.id}`, 'list:na:US:bicycles']))
    const { images, version } = (await origin.request('GET', `/posts/${post.id}`)).body
    expect(images).toEqual([expect.objectContaining({ id, width: 800, height: 600, alt: '' })])
    expect(images[0].thumbhash).toMatch(/^[\w+/]+=*$/)
    expect(version).toBe(post.version)
    await run(id)
    expect(await purged()).toEqual([])
  })

  it('does nothing more when it comes again, but for what was left to do', async () => {
    const id = await create(jpeg)
    await run(id)
    const [row, keys] = [await rowOf(id), await keysOf(origin, id)]
    await objects.put(originalKey(id), jpeg, { contentType: 'image/jpeg' })
    await run(id)
    expect([await rowOf(id), await keysOf(origin, id)]).toEqual([row, keys])
  })

  it.each([
    ['unsupported', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['unsupported', () => somePicture(90, 60).tiff().toBuffer()],
    ['unsupported', async () => noise(2_000)],
    ['unsupported', async () => new Uint8Array()],
    ['unreadable', async () => jpeg.subarray(0, jpeg.length / 2)],
    ['unreadable', async () => Buffer.from('GIF89a/*<script>*/=1')],
    ['too_large', async () => Buffer.concat([jpeg, Buffer.alloc(maxUploadBytes)])],
    ['lost', async () => null],
  ])('says "%s" and keeps nothing', async (problem, file) => {
    const id = await create(await file())
    await purged()
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem, settled_at: clock.now(), held_until: null })
    expect(await keysOf(origin, id)).toEqual([])
    expect(await purged()).toEqual([])
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem, attempts: 1 })
  })

  it('goes by what a file is and not by what it is called', async () => {
    const id = await create(await somePicture(90, 60).png().toBuffer())
    await origin.ctx.db.updateTable('images').set({ content_type: 'image/gif' }).where('id', '=', id).execute()
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'ready', width: 90 })
  })

  it('goes on where a killed worker stopped, once that one gives no sign of life', async () => {
    const id = await create(jpeg)
    const killed = new Promise<never>(() => {})
    let begun = () => {}
    const beginning = new Promise<void>(resolve => {
      begun = resolve
    })
    const frozen = { ...origin.ctx, db: origin.ctx.db, now: () => new Date(0) } // its signs of life are of no worth
    void processPhoto(frozen, id, () => {
      begun()
      return killed
    })
    await beginning
    const until = new Date(clock.now().getTime() + 12_000)
    await origin.ctx.db.updateTable('images').set({ held_until: until }).where('id', '=', id).execute()
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'processing', attempts: 1 })
    clock.advance(12_000)
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'ready', attempts: 2 })
  })

  it('is not to blame when no decoder can be started, or the bucket does not answer', async () => {
    const id = await create(jpeg)
    const broken = async () => {
      throw new Error('Cannot start a decoder')
    }
    await expect(processPhoto(origin.ctx, id, broken)).rejects.toThrow('Cannot start a decoder')
    origin.ctx.objects = { ...objects, put: broken }
    await expect(run(id)).rejects.toThrow()
    origin.ctx.objects = objects
    expect(await rowOf(id)).toMatchObject({ state: 'processing', attempts: 0 })
    await run(id)
    expect(await rowOf(id)).toMatchObject({ state: 'ready', attempts: 1 })
  })
})

describe('processImage against others', () => {
  /** Decodes, and lets something happen before anybody knows. */
  const decodeAfter = (what: () => Promise<unknown>) => async (bytes: Uint8Array) => {
    const photo = await decode(bytes)
    await what()
    return photo
  }

  it('leaves nothing of a photo that was deleted meanwhile', async () => {
    const id = await create(jpeg)
    const remove = () => origin.request('DELETE', `/images/${id}`, { token: seller.token })
    await processPhoto(origin.ctx, id, decodeAfter(remove))
    expect(await rowOf(id)).toBeUndefined()
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('leaves nothing of one that goes at the moment in which a worker takes it', async () => {
    const id = await create(jpeg)
    await loseRace(
      origin.ctx,
      () => processPhoto(origin.ctx, id, decode),
      trx => trx.deleteFrom('images').where('id', '=', id).execute(),
    )
    expect(await rowOf(id)).toBeUndefined()
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('accepts that another worker has given it up', async () => {
    const id = await create(jpeg)
    const giveUp = () =>
      origin.ctx.db.transaction().execute(trx => failImage(trx, { id, state: 'processing' }, 'too_slow', clock.now()))
    await processPhoto(origin.ctx, id, decodeAfter(giveUp))
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem: 'too_slow', variants: null })
    expect(await keysOf(origin, id)).toEqual([])
  })

  it('does not spoil what another worker has made ready', async () => {
    const id = await create(jpeg)
    let ready: unknown
    await processPhoto(origin.ctx, id, async () => {
      clock.advance(12_001) // longer than it is held: another one takes it
      await run(id)
      ready = await rowOf(id)
      throw new PhotoProblem('too_slow', 'late')
    })
    expect(ready).toMatchObject({ state: 'ready' })
    expect(await rowOf(id)).toEqual(ready)
    expect(await keysOf(origin, id)).toHaveLength(6)
  })
})
