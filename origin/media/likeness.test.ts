import { sql } from 'kysely'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../infra/local/demo/random.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage } from '../testing/images.ts'
import { createTestPhoto, somePicture } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { hasRealPhotos, realPhotos } from '../testing/real-photos.ts'
import { createDecoders } from './decoding.ts'
import { mostDifferent, recordLikenesses, selectNearest } from './likeness.ts'
import { processPhoto } from './processing.ts'

let origin: TestOrigin
const { decode } = createDecoders()
beforeAll(async () => {
  origin = await createTestOrigin()
})

type Seller = TestAccount & { postId: string }
async function createSeller(): Promise<Seller> {
  const account = await origin.createAccount()
  return { ...account, postId: (await createTestPost(origin, account)).id }
}
const likenessesOf = (...ids: string[]) =>
  origin.ctx.db
    .selectFrom('image_likenesses')
    .select(['image_id', 'other_id', 'distance'])
    .where('image_id', 'in', ids)
    .orderBy('distance')
    .execute()

/** A photo that is ready and has a hash, without a file. */
async function createHashed(seller: Seller, hash: bigint | null): Promise<string> {
  const id = await createTestImage(origin, seller, seller.postId)
  const perceptual_hash = hash === null ? null : BigInt.asIntN(64, hash).toString()
  await origin.ctx.db.updateTable('images').set({ perceptual_hash }).where('id', '=', id).execute()
  return id
}

const random = createRandom('hashes')
const randomHash = () => [0, 16, 32, 48].reduce((hash, at) => hash | (BigInt(random.int(0, 65_535)) << BigInt(at)), 0n)
/** The hash with so many of its bits turned. */
function turnBits(hash: bigint, count: number): bigint {
  const places = new Set<number>()
  while (places.size < count) places.add(random.int(0, 63))
  return [...places].reduce((turned, place) => turned ^ (1n << BigInt(place)), hash)
}
const bitsBetween = (a: bigint, b: bigint) => (a ^ b).toString(2).replaceAll('0', '').length

describe('recordLikenesses', () => {
  it('finds the same picture of another account, encoded and scaled anew, when its variants are made', async () => {
    const [one, other] = [await createSeller(), await createSeller()]
    const send = async (seller: Seller, file: Buffer) => {
      const id = await createTestPhoto(origin.ctx, seller, seller.postId, file)
      await processPhoto(origin.ctx, id, decode)
      return id
    }
    const first = await send(one, await somePicture(800, 600, 5).jpeg().toBuffer())
    expect(await likenessesOf(first)).toEqual([])
    await send(one, await somePicture(800, 600, 5).webp().toBuffer())
    const copy = await send(
      other,
      await somePicture(640, 480, 5).modulate({ brightness: 1.1 }).jpeg({ quality: 50 }).toBuffer(),
    )
    await send(other, await somePicture(800, 600, 9).jpeg().toBuffer())
    const found = await likenessesOf(copy)
    expect(found).toHaveLength(2)
    expect(found).toContainEqual({ image_id: copy, other_id: first, distance: expect.any(Number) })
    await recordLikenesses(origin.ctx, copy)
    await recordLikenesses(origin.ctx, first)
    expect(await likenessesOf(copy, first)).toEqual(found)
  })

  it('finds every hash within the bound, whichever bits differ, and none beyond', async () => {
    const [one, other] = [await createSeller(), await createSeller()]
    for (let round = 0; round < 12; round++) {
      const hash = randomHash()
      const near = await Promise.all(
        [...Array(mostDifferent + 1).keys()].map(bits => createHashed(one, turnBits(hash, bits))),
      )
      for (const bits of [8, 9, 20]) await createHashed(one, turnBits(hash, bits))
      const id = await createHashed(other, hash)
      await recordLikenesses(origin.ctx, id)
      expect(await likenessesOf(id)).toEqual(near.map((other_id, distance) => ({ image_id: id, other_id, distance })))
    }
  })

  it('counts no picture of the same account, and none that shows nothing', async () => {
    const [one, other] = [await createSeller(), await createSeller()]
    const hash = randomHash()
    const [id, plain] = [await createHashed(one, hash), await createHashed(one, null)]
    await createHashed(one, hash)
    await createHashed(other, null)
    for (const each of [id, plain]) await recordLikenesses(origin.ctx, each)
    expect(await likenessesOf(id, plain)).toEqual([])
  })

  it('writes the nearest twenty of many', async () => {
    const [one, other] = [await createSeller(), await createSeller()]
    const hash = randomHash()
    for (let n = 0; n < 25; n++) await createHashed(one, turnBits(hash, n < 5 ? 4 : 2))
    const id = await createHashed(other, hash)
    await recordLikenesses(origin.ctx, id)
    expect((await likenessesOf(id)).map(({ distance }) => distance)).toEqual(Array.from({ length: 20 }, () => 2))
  })

  it('goes with either photo, and knows nothing of one that is gone', async () => {
    const [one, other] = [await createSeller(), await createSeller()]
    const hash = randomHash()
    const [id, copy] = [await createHashed(one, hash), await createHashed(other, hash)]
    await recordLikenesses(origin.ctx, copy)
    expect(await likenessesOf(copy)).toHaveLength(1)
    await origin.ctx.db.deleteFrom('images').where('id', '=', id).execute()
    expect(await likenessesOf(copy)).toEqual([])
    await recordLikenesses(origin.ctx, id)
  })
})

describe('selectNearest', () => {
  it('reads four indexes and not the table, among many', async () => {
    const seller = await createSeller()
    await sql`
      INSERT INTO images (id, post_id, account_id, position, state, file_name, content_type, bytes, folder, variants, width, height,
        color, thumbhash, perceptual_hash, created_at, settled_at)
      SELECT 'na_crowd' || i, ${seller.postId}, ${seller.id}, i, 'ready', '', '', 1, '', '[]', 1, 1, '', '',
        ('x' || md5(i::text))::bit(64)::bigint, now(), now()
      FROM generate_series(1, 30000) AS i`.execute(origin.ctx.db)
    await sql`ANALYZE images`.execute(origin.ctx.db)
    const { rows } = await sql<{ 'QUERY PLAN': string }>`EXPLAIN ${selectNearest('-81985529216486896')}`.execute(
      origin.ctx.db,
    )
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    for (const shift of [0, 16, 32, 48]) expect(plan).toContain(`Bitmap Index Scan on images_hash_${shift}`)
    expect(plan).not.toContain('Seq Scan')
  })
})

describe.skipIf(!hasRealPhotos)('the bound, with real photos (skipped where ../shared/data/photos is absent)', () => {
  const changes: Record<string, (picture: Sharp) => Sharp> = {
    'as JPEG of low quality': picture => picture.resize(320).jpeg({ quality: 30 }),
    'as WebP': picture => picture.resize(500).webp({ quality: 40 }),
    'half as large': picture => picture.resize(200).jpeg(),
    larger: picture => picture.resize(900).jpeg(),
    stretched: picture => picture.resize(400, 400, { fit: 'fill' }).jpeg(),
    lighter: picture => picture.modulate({ brightness: 1.2 }).jpeg(),
    darker: picture => picture.modulate({ brightness: 0.8 }).jpeg(),
    paler: picture => picture.modulate({ saturation: 0.3 }).jpeg(),
    blurred: picture => picture.blur(2).jpeg(),
  }
  const hashOf = async (bytes: Buffer) => (await decode(bytes)).hash ?? 0n
  const hashes: bigint[] = []
  beforeAll(async () => {
    hashes.push(...(await Promise.all(realPhotos('items').map(({ bytes }) => hashOf(bytes)))))
  })

  it.each(Object.entries(changes))('holds a photo %s for the same', async (_, change) => {
    const changed = realPhotos('items')
      .slice(0, 8)
      .map(async ({ bytes }) => hashOf(await change(sharp(bytes)).toBuffer()))
    const distances = (await Promise.all(changed)).map((hash, i) => bitsBetween(hash, hashes[i] ?? 0n))
    expect(Math.max(...distances)).toBeLessThanOrEqual(mostDifferent)
  })

  it('holds no two photos for the same', () => {
    const distances = hashes.flatMap((hash, i) => hashes.slice(0, i).map(other => bitsBetween(hash, other)))
    expect(Math.min(...distances)).toBeGreaterThan(2 * mostDifferent)
  })
})
