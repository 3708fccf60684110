import { beforeEach, describe, expect, it } from 'vitest'
import type { Job } from '../job.ts'
import { runDueTasks } from '../scheduler/scheduler.ts'
import { tasks } from '../scheduler/tasks.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, keysOf, someJpeg } from '../testing/images.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestPhoto, somePicture } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { attempt, mostAttempts } from './attempts.ts'
import { removeOrphans } from './orphans.ts'
import { processImage } from './processing.ts'
import { askAgain, clearUnfinishedUploads } from './sweeping.ts'

const hour = 3_600_000
const day = 24 * hour
const file = { contentType: 'image/jpeg' }

let clock: Clock
let origin: TestOrigin
let seller: TestAccount
let postId: string

beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

const find = (id: string) => origin.ctx.db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
const run = (imageId: string) => processImage(origin.ctx, { payload: { imageId } } as Job<'image.uploaded'>)

/** Takes the questions for variants that nobody has answered, as a queue that loses them does. @returns of which photos */
async function loseQuestions(): Promise<unknown[]> {
  const rows = await origin.ctx.db
    .deleteFrom('outbox')
    .where('kind', '=', 'image.uploaded')
    .returning('payload')
    .execute()
  return rows.map(({ payload }) => payload.imageId)
}

/** What a worker leaves that is killed in the midst of an attempt. */
async function dieOf(id: string): Promise<void> {
  await origin.ctx.db
    .updateTable('images')
    .set(row => ({ attempts: row('attempts', '+', 1), held_until: new Date(clock.now().getTime() + 12_000) }))
    .where('id', '=', id)
    .execute()
}

describe('clearUnfinishedUploads', () => {
  it('takes row and bytes of what was announced an hour ago, and nothing else', async () => {
    const young = await createTestImage(origin, seller, postId, { state: 'uploading', age: hour - 1_000 })
    const others = []
    for (const state of ['processing', 'ready', 'failed'] as const)
      others.push(await createTestImage(origin, seller, postId, { state, age: 2 * hour }))
    const old = await createTestImage(origin, seller, postId, { state: 'uploading', age: hour })
    expect(await clearUnfinishedUploads(origin.ctx, 50)).toBe(1)
    expect(await find(old)).toBeUndefined()
    for (const id of [young, ...others]) expect(await find(id)).toBeDefined()
    expect(await keysOf(origin, old)).toHaveLength(1)
    await runJobs({ na: origin })
    expect(await keysOf(origin, old)).toEqual([])
    expect(await keysOf(origin, young)).toHaveLength(1)
  })

  it('lets whoever completes it at that moment win', async () => {
    const id = await createTestImage(origin, seller, postId, { state: 'uploading', age: hour })
    await origin.ctx.db.transaction().execute(async trx => {
      await trx.updateTable('images').set({ state: 'processing', asked_at: clock.now() }).where('id', '=', id).execute()
      expect(await clearUnfinishedUploads(origin.ctx, 50)).toBe(0)
    })
    expect(await find(id)).toMatchObject({ state: 'processing' })
  })
})

describe('askAgain', () => {
  it('asks again within seconds for a photo whose message vanished, and makes it ready', async () => {
    const id = await createTestPhoto(origin.ctx, seller, postId, await somePicture(64, 48).jpeg().toBuffer())
    clock.advance(9_000)
    expect(await askAgain(origin.ctx, 50)).toBe(0)
    clock.advance(1_000)
    expect(await askAgain(origin.ctx, 50)).toBe(1)
    expect(await askAgain(origin.ctx, 50)).toBe(0)
    await runJobs({ na: origin })
    expect(await find(id)).toMatchObject({ state: 'ready', attempts: 1, held_until: null })
    clock.advance(hour)
    expect(await askAgain(origin.ctx, 50)).toBe(0)
  })

  it('asks ever more rarely, down to once a minute, for what many others are before', async () => {
    await createTestImage(origin, seller, postId, { state: 'processing' })
    const asked: number[] = []
    for (let second = 1; second <= 300; second++) {
      clock.advance(1_000)
      if ((await askAgain(origin.ctx, 50)) > 0) asked.push(second)
    }
    expect(asked).toEqual([10, 20, 40, 80, 140, 200, 260])
  })

  it('leaves a photo that a worker has, and asks when that one gives no sign of life', async () => {
    const id = await createTestImage(origin, seller, postId, { state: 'processing' })
    await dieOf(id)
    clock.advance(11_999)
    expect(await askAgain(origin.ctx, 50)).toBe(0)
    clock.advance(1)
    expect(await askAgain(origin.ctx, 50)).toBe(1)
    expect(await loseQuestions()).toEqual([id])
  })

  it('gives a photo up that has ended its workers, within a minute, and says so', async () => {
    const id = await createTestImage(origin, seller, postId, { state: 'processing' })
    let seconds = 0
    for (; (await find(id))?.state === 'processing' && seconds < 600; seconds++) {
      const row = await find(id)
      if (row && (row.held_until ?? clock.now()) <= clock.now() && row.attempts < mostAttempts) {
        if (seconds === 0 || (await loseQuestions()).length > 0) await dieOf(id)
      }
      clock.advance(1_000)
      if (seconds % 3 === 0) await askAgain(origin.ctx, 50)
    }
    expect(await find(id)).toMatchObject({ state: 'failed', problem: 'unreadable', attempts: mostAttempts })
    expect(seconds).toBeLessThan(60)
    await runJobs({ na: origin })
    expect(await keysOf(origin, id)).toEqual([])
    const [seen] = (await origin.request('GET', `/posts/${postId}/images`, { token: seller.token })).body.items
    expect(seen).toMatchObject({ id, state: 'failed', problem: 'unreadable' })
  })

  it('does so from the scheduler', async () => {
    await createTestImage(origin, seller, postId, { state: 'processing', age: hour })
    await runDueTasks(origin.ctx, tasks)
    expect(await loseQuestions()).toHaveLength(1)
  })
})

describe('attempt', () => {
  it('lets one worker at a time have a photo', async () => {
    const id = await createTestImage(origin, seller, postId, { state: 'processing' })
    const begun: number[] = []
    let end = () => {}
    const first = attempt(origin.ctx, id, async row => {
      begun.push(row.attempts)
      await new Promise<void>(resolve => {
        end = resolve
      })
    })
    await expect.poll(() => begun).toEqual([1])
    await attempt(origin.ctx, id, async row => void begun.push(row.attempts))
    expect(begun).toEqual([1])
    end()
    await first
    expect(await find(id)).toMatchObject({ attempts: 1 })
  })

  it('does not count one that throws: an outage of the bucket ends no photo', async () => {
    const id = await createTestPhoto(origin.ctx, seller, postId, await somePicture(64, 48).jpeg().toBuffer())
    const { get } = origin.ctx.objects
    origin.ctx.objects.get = async () => {
      throw new Error('the bucket does not answer')
    }
    for (let n = 0; n < 2 * mostAttempts; n++) await expect(run(id)).rejects.toThrow('does not answer')
    expect(await find(id)).toMatchObject({ state: 'processing', attempts: 0, held_until: null })
    origin.ctx.objects.get = get
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'ready', attempts: 1 })
  })

  it('has nothing to do with what is settled or gone', async () => {
    const id = await createTestImage(origin, seller, postId)
    const work = async () => {
      throw new Error('begun')
    }
    await attempt(origin.ctx, id, work)
    await attempt(origin.ctx, 'na_01m8348d000000000000000004', work)
    expect(await find(id)).toMatchObject({ attempts: 0 })
  })
})

describe('removeOrphans', () => {
  const put = (key: string) => origin.ctx.objects.put(key, someJpeg(10), file)
  const list = async () => [
    ...(await origin.ctx.objects.list('media/')),
    ...(await origin.ctx.objects.list('uploads/')),
  ]

  it('removes bytes of a day ago that no photo needs, and leaves all others', async () => {
    const ids = new Map<string, string>()
    for (const state of ['uploading', 'processing', 'ready', 'failed'] as const)
      ids.set(state, await createTestImage(origin, seller, postId, { state }))
    const needed = await list()
    for (const id of ids.values()) for (const key of [`media/${id}/640.webp`, `uploads/${id}`]) await put(key)
    for (const key of ['media/na_gone/320.jpg', 'media/na_gone/320.webp', 'uploads/na_gone']) await put(key)
    await origin.ctx.objects.put('demo/bicycle-1/320.webp', someJpeg(10), file)
    const all = await list()
    await removeOrphans(origin.ctx, 1_000)
    clock.advance(day - 1)
    await removeOrphans(origin.ctx, 1_000)
    expect(await list()).toEqual(all)
    clock.advance(1)
    await removeOrphans(origin.ctx, 1_000)
    const kept = [...needed, `media/${ids.get('processing')}/640.webp`, `media/${ids.get('ready')}/640.webp`]
    expect((await list()).sort()).toEqual(kept.sort())
    expect(await origin.ctx.objects.list('demo/')).toHaveLength(1)
  })

  it('goes on where it stopped, a page a run, and begins anew at the end', async () => {
    for (let n = 0; n < 5; n++) await put(`media/na_gone${n}/320.jpg`)
    clock.advance(day)
    const left: number[] = []
    for (let round = 0; round < 4; round++) {
      await removeOrphans(origin.ctx, 2)
      left.push((await list()).length)
    }
    expect(left).toEqual([3, 1, 0, 0])
    await put('media/na_gone0/320.jpg')
    clock.advance(day)
    for (let round = 0; round < 2; round++) await removeOrphans(origin.ctx, 2)
    expect(await list()).toEqual([])
  })
})
