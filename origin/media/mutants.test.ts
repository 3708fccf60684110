import type { Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { tellingParts } from '../testing/bare.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { mutantsOf } from '../testing/mutants.ts'
import { createTestPhoto, somePicture, tellingExif } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { hasRealPhotos, realPhotos } from '../testing/real-photos.ts'
import { createDecoders } from './decoding.ts'
import { originalKey } from './keys.ts'
import { processPhoto } from './processing.ts'

const seed = 'mutants'
const atOnce = 6
const enough = 600_000

let origin: TestOrigin
let seller: TestAccount
let postId: string
beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

const talking = (picture: Sharp) => picture.withExif(tellingExif)
const goodFiles = () => {
  const picture = () => talking(somePicture(120, 90))
  return Promise.all([
    picture().jpeg().toBuffer(),
    picture().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    picture().png().toBuffer(),
    picture().png({ progressive: true, palette: true }).toBuffer(),
    picture().webp().toBuffer(),
    picture().webp({ lossless: true }).toBuffer(),
    picture().avif({ effort: 0 }).toBuffer(),
    somePicture(120, 90).gif().toBuffer(),
  ])
}

/** Sends damaged files through all that a worker does, several at a time, and holds what comes out against what is promised. */
async function expectHarmless(files: Buffer[], count: number): Promise<void> {
  const { ctx } = origin
  const decoders = createDecoders()
  const mutants = mutantsOf(files, count, seed)
  const ids: string[] = []
  const outcomes: Record<string, number> = {}
  const work = async () => {
    for (const mutant of mutants) {
      const id = await createTestPhoto(ctx, seller, postId, mutant)
      ids.push(id)
      await processPhoto(ctx, id, decoders.decode)
      const row = await ctx.db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const outcome = row.state === 'failed' ? `failed ${row.problem}` : row.state
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      const keys = await ctx.objects.list(`${row.folder}/`)
      expect(keys).toHaveLength(2 * (row.variants?.length ?? 0))
      for (const key of keys) {
        const object = await ctx.objects.get(key)
        const bytes = Buffer.from(await new Response(object?.body).arrayBuffer())
        expect(tellingParts(bytes)).toEqual([])
        expect(bytes.equals(mutant)).toBe(false)
      }
      await ctx.objects.remove(keys)
      expect(await ctx.objects.get(originalKey(id))).toBeUndefined()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  expect(ids).toHaveLength(count)
  const { ready = 0 } = outcomes
  expect(Object.keys(outcomes)).not.toContain('processing')
  // Neither is all of it refused nor is all of it taken, or nothing would have been tested.
  expect(ready).toBeGreaterThan(count / 20)
  expect(ready).toBeLessThan((count * 19) / 20)
}

describe('processPhoto with damaged files', () => {
  it(
    'ends 2,000 in a picture without metadata or a reason, and lives',
    async () => {
      await expectHarmless(await goodFiles(), 2_000)
    },
    enough,
  )

  it.skipIf(!hasRealPhotos)(
    'ends 100 real ones as well (skipped where ../shared/data/photos is absent)',
    async () => {
      const files = [...realPhotos('camera').slice(0, 3), ...realPhotos('items').slice(0, 5)]
      await expectHarmless(
        files.map(({ bytes }) => bytes),
        100,
      )
    },
    enough,
  )
})
