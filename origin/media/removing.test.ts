import { beforeEach, describe, expect, it } from 'vitest'
import { uploadLifetime } from '../../shared/media.ts'
import { clearEndedPosts } from '../life-cycle/clearing.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, keysOf } from '../testing/images.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { deleteImagesOfPosts } from './removing.ts'

const day = 86_400_000
const states = ['uploading', 'processing', 'ready', 'failed'] as const

let clock: Clock
let origin: TestOrigin
let seller: TestAccount

beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount()
})

const remove = (path: string) => origin.request('DELETE', path, { token: seller.token })
const rowsOf = (postId: string) =>
  origin.ctx.db.selectFrom('images').select('id').where('post_id', '=', postId).execute()
const removals = () =>
  origin.ctx.db
    .selectFrom('outbox')
    .select(['payload', 'claimed_until as notBefore'])
    .where('kind', '=', 'image.removed')
    .orderBy('id')
    .execute()

/** A photo of each state. */
async function fill(postId: string): Promise<string[]> {
  const ids: string[] = []
  for (const state of states) ids.push(await createTestImage(origin, seller, postId, { state }))
  return ids
}

/** What lies in the bucket of some photos before and after the jobs. */
async function bytesThroughJobs(ids: string[]): Promise<[before: number, after: number]> {
  const before = (await keysOf(origin, ...ids)).length
  await runJobs({ na: origin })
  return [before, (await keysOf(origin, ...ids)).length]
}

describe('every way on which a post goes takes the bytes of its photos along', () => {
  it.each(['active', 'draft', 'sold', 'withdrawn', 'expired', 'removed'] as const)(
    'deletePost of one that is %s',
    async status => {
      const post = await createTestPost(origin, seller, status)
      const other = await createTestPost(origin, seller)
      const ids = await fill(post.id)
      const kept = await createTestImage(origin, seller, other.id)
      expect((await remove(`/posts/${post.id}`)).status).toBe(204)
      expect(await rowsOf(post.id)).toEqual([])
      expect(await bytesThroughJobs(ids)).toEqual([4, 0])
      expect(await keysOf(origin, kept)).toHaveLength(2)
    },
  )

  it('clearEndedPosts', async () => {
    const post = await createTestPost(origin, seller, 'withdrawn')
    const ids = await fill(post.id)
    clock.advance(90 * day + 1_000)
    expect(await clearEndedPosts(origin.ctx, 50)).toBe(1)
    expect(await rowsOf(post.id)).toEqual([])
    expect(await bytesThroughJobs(ids)).toEqual([4, 0])
  })

  it('deleteImage, in every state of the photo', async () => {
    const post = await createTestPost(origin, seller)
    const ids = await fill(post.id)
    for (const id of ids) expect((await remove(`/images/${id}`)).status).toBe(204)
    expect(await bytesThroughJobs(ids)).toEqual([4, 0])
  })
})

describe('deleteImagesOfPosts', () => {
  it('leaves the bytes that demo photos share', async () => {
    const post = await createTestPost(origin, seller)
    await createTestImage(origin, seller, post.id, { folder: 'demo/bicycle-1' })
    await remove(`/posts/${post.id}`)
    await runJobs({ na: origin })
    expect(await origin.ctx.objects.list('demo/')).toHaveLength(2)
  })

  it('asks once more when no upload can be under way any more, so that a late file does not stay', async () => {
    const post = await createTestPost(origin, seller)
    const id = await createTestImage(origin, seller, post.id, { state: 'uploading' })
    const old = await createTestImage(origin, seller, post.id, { age: day })
    await remove(`/posts/${post.id}`)
    const events = await removals()
    const both = { folders: [`media/${id}`, `media/${old}`], keys: [`uploads/${id}`, `uploads/${old}`] }
    const late = { folders: [`media/${id}`], keys: [`uploads/${id}`] }
    expect(events.map(({ payload }) => payload)).toEqual([both, late])
    expect(events[0]?.notBefore).toBeNull()
    expect(Number(events[1]?.notBefore) - clock.now().getTime()).toBeGreaterThan(uploadLifetime)
  })

  it('splits what is much into several jobs', async () => {
    const ids: string[] = []
    for (let n = 0; n < 9; n++) ids.push((await createTestPost(origin, seller)).id)
    for (const id of ids)
      for (let n = 0; n < 12; n++) await createTestImage(origin, seller, id, { state: 'failed', age: day })
    const { db } = origin.ctx
    await db.transaction().execute(trx => deleteImagesOfPosts(trx, ids, clock.now()))
    expect((await removals()).map(({ payload }) => (payload.keys as string[]).length)).toEqual([100, 8])
  })

  it('lets nobody add a photo meanwhile: whoever waits finds the post gone', async () => {
    const post = await createTestPost(origin, seller)
    const body = { fileName: 'a.jpg', contentType: 'image/jpeg', bytes: 10 }
    const create = () => origin.request('POST', `/posts/${post.id}/images`, { token: seller.token, body })
    const outcome = await loseRace(origin.ctx, create, async trx => {
      await deleteImagesOfPosts(trx, [post.id], clock.now())
      await trx.deleteFrom('posts').where('id', '=', post.id).execute()
    })
    expect(outcome).toMatchObject({ value: { status: 404, body: { code: 'post_not_found' } } })
  })

  it('waits for whoever adds a photo, and takes that one along', async () => {
    const post = await createTestPost(origin, seller)
    const outcome = await loseRace(
      origin.ctx,
      () => remove(`/posts/${post.id}`),
      async trx => {
        await trx.selectFrom('posts').select('id').where('id', '=', post.id).forUpdate().execute()
        await createTestImage({ ...origin, ctx: { ...origin.ctx, db: trx } }, seller, post.id)
      },
    )
    expect(outcome).toMatchObject({ value: { status: 204 } })
    expect(await rowsOf(post.id)).toEqual([])
    await runJobs({ na: origin })
    expect(await origin.ctx.objects.list('')).toEqual([])
  })
})

describe('image.removed', () => {
  it('is repeated harmlessly, also when the bucket failed half way', async () => {
    const post = await createTestPost(origin, seller)
    const ids = await fill(post.id)
    await remove(`/posts/${post.id}`)
    const { list } = origin.ctx.objects
    origin.ctx.objects.list = async () => {
      throw new Error('the bucket does not answer')
    }
    await expect(runJobs({ na: origin })).rejects.toThrow('does not answer')
    origin.ctx.objects.list = list
    expect(await bytesThroughJobs(ids)).toEqual([expect.any(Number), 0])
    await origin.ctx.db.updateTable('outbox').set({ done_at: null }).execute()
    expect(await bytesThroughJobs(ids)).toEqual([0, 0])
  })
})
