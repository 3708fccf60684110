import { beforeEach, expect, it } from 'vitest'
import { withdrawPost } from '../posts/publishing.ts'
import { renewPost } from '../posts/renewing.ts'
import { sellPost } from '../posts/selling.ts'
import { runDueTasks } from '../scheduler/scheduler.ts'
import { tasks } from '../scheduler/tasks.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { remindOfEnds } from './end-mails.ts'

const hour = 3_600_000
const day = 24 * hour

let clock: Clock
let origin: TestOrigin
let seller: TestAccount

beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount()
})

/** The mails about a post's end that were asked for, in order. */
async function asked(): Promise<{ mail: string; postId: string; expiresAt: string }[]> {
  const rows = await origin.ctx.db
    .selectFrom('outbox')
    .select('payload')
    .where('kind', '=', 'mail.requested')
    .orderBy('id')
    .execute()
  return rows
    .map(({ payload }) => payload as { mail: string; data: { postId: string; expiresAt: string } })
    .filter(({ mail }) => mail.startsWith('post-expire'))
    .map(({ mail, data }) => ({ mail, ...data }))
}

/** A post that ends in so many milliseconds, published when it must have been. */
async function postEndingIn(milliseconds: number) {
  const post = await createTestPost(origin, seller)
  const turned = Number(new Date(post.expiresAt ?? 0)) - clock.now().getTime() - milliseconds
  await turnBack(origin, post.id, turned)
  return { id: post.id, expiresAt: new Date(clock.now().getTime() + milliseconds).toISOString() }
}

const run = () => runDueTasks(origin.ctx, tasks)
const mail = (name: string, { id, expiresAt }: { id: string; expiresAt: string }) => ({
  mail: name,
  postId: id,
  expiresAt,
})

it('a seller is reminded 3 days before the end and told at the end, once each', async () => {
  const post = await postEndingIn(3 * day + hour)
  await run()
  expect(await asked()).toEqual([])
  clock.advance(hour)
  await run()
  clock.advance(2 * hour)
  await run()
  expect(await asked()).toEqual([mail('post-expires-soon', post)])
  clock.advance(3 * day)
  await run()
  clock.advance(day)
  await run()
  expect(await asked()).toEqual([mail('post-expires-soon', post), mail('post-expired', post)])
})

it('after an outage of 10 days each mail that still makes sense is asked for exactly once', async () => {
  const ends = [1, 4, 7, 9.9, 10.2, 11, 12.9, 13.5, 20]
  const posts = []
  for (const inDays of ends) posts.push(await postEndingIn(inDays * day))
  const longGone = await postEndingIn(-25 * day)
  clock.advance(10 * day)
  await Promise.all([run(), run(), run()])
  clock.advance(5 * 60_000)
  await Promise.all([run(), run()])
  const expected = posts.flatMap((post, i) => {
    const left = (ends[i] ?? 0) - 10
    if (left <= 0) return [mail('post-expired', post)]
    return left > 0.5 && left <= 3 ? [mail('post-expires-soon', post)] : []
  })
  expect(expected).toHaveLength(4 + 2)
  const sorted = (list: { mail: string; postId: string }[]) => list.toSorted((a, b) => (a.postId < b.postId ? -1 : 1))
  expect(sorted(await asked())).toEqual(sorted(expected))
  expect((await asked()).map(({ postId }) => postId)).not.toContain(longGone.id)
})

it('two schedulers at once ask once for each of many posts', async () => {
  for (let i = 0; i < 7; i++) await postEndingIn(2 * day)
  const counts = await Promise.all([1, 2, 3].map(() => remindOfEnds(origin.ctx, 3)))
  expect(counts.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(7)
  while ((await remindOfEnds(origin.ctx, 3)) > 0);
  expect(new Set((await asked()).map(({ postId }) => postId)).size).toBe(7)
  expect(await asked()).toHaveLength(7)
})

it('a renewal makes another end, with mails of its own', async () => {
  const post = await postEndingIn(2 * day)
  await run()
  clock.advance(day)
  const renewed = await renewPost(origin.ctx, seller.actor, post.id)
  await run()
  expect(await asked()).toEqual([mail('post-expires-soon', post)])
  clock.advance(27 * day + hour)
  await run()
  expect(await asked()).toEqual([
    mail('post-expires-soon', post),
    mail('post-expires-soon', { id: post.id, expiresAt: renewed.expiresAt ?? '' }),
  ])
})

it('a renewal that is under way makes the scheduler pass the post by', async () => {
  const post = await postEndingIn(2 * day)
  await origin.ctx.db.transaction().execute(async trx => {
    await trx.updateTable('posts').set({ version: 9 }).where('id', '=', post.id).execute()
    expect(await remindOfEnds(origin.ctx, 10)).toBe(0)
  })
  expect(await remindOfEnds(origin.ctx, 10)).toBe(1)
})

it('a note of the scheduler is no reason for a renewal to fail', async () => {
  const post = await postEndingIn(2 * day)
  const outcome = await loseRace(
    origin.ctx,
    () => renewPost(origin.ctx, seller.actor, post.id),
    trx => trx.updateTable('posts').set({ reminded_for: post.expiresAt }).where('id', '=', post.id).execute(),
  )
  expect(outcome.status).toBe('fulfilled')
})

it('a post that was renewed, sold or withdrawn before the mail is written is not spoken of', async () => {
  const posts = [await postEndingIn(2 * day), await postEndingIn(2 * day), await postEndingIn(2 * day)] as const
  await origin.mails()
  await run()
  expect(await asked()).toHaveLength(3)
  await renewPost(origin.ctx, seller.actor, posts[0].id)
  await sellPost(origin.ctx, seller.actor, posts[1].id)
  await withdrawPost(origin.ctx, seller.actor, posts[2].id)
  expect((await origin.mails()).filter(({ to }) => to === seller.email)).toEqual([])
})

it('an expired post is gone from its page, every list and the count, though no job has ever run', async () => {
  const post = await postEndingIn(day)
  const look = async () => {
    const page = await origin.request('GET', `/posts/${post.id}`)
    const list = await origin.request('GET', '/posts?country=US')
    const counts = await origin.request('GET', '/post-counts?country=US')
    return [page.status, list.body.items.length, counts.body.total]
  }
  expect(await look()).toEqual([200, 1, 1])
  clock.advance(day)
  expect(await look()).toEqual([410, 0, 0])
})

it('imported posts and those of suspended sellers say nothing', async () => {
  const imported = await postEndingIn(2 * day)
  await origin.ctx.db.updateTable('posts').set({ external_id: 'x' }).where('id', '=', imported.id).execute()
  const hidden = await postEndingIn(-day)
  await origin.ctx.db.updateTable('posts').set({ seller_hidden: true }).where('id', '=', hidden.id).execute()
  await run()
  expect(await asked()).toEqual([])
})

it('withdrawn and sold posts say nothing', async () => {
  for (const state of ['withdrawn', 'sold'] as const) {
    const post = await createTestPost(origin, seller, state)
    await turnBack(origin, post.id, 28 * day)
  }
  await run()
  expect(await asked()).toEqual([])
})
