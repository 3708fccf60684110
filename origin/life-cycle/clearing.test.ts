import { beforeEach, describe, expect, it } from 'vitest'
import type { OwnStatus } from '../../shared/post.ts'
import { renewPost } from '../posts/renewing.ts'
import { runDueTasks } from '../scheduler/scheduler.ts'
import { tasks } from '../scheduler/tasks.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { type TestAccount, uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestReport, createTestThread } from '../testing/messages.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { clearEndedPosts, clearMootReports } from './clearing.ts'
import { clearUnverifiedAccounts } from './unverified.ts'

const day = 86_400_000

let clock: Clock
let origin: TestOrigin
let seller: TestAccount

beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount()
})

/** Comes back when all that was due is done. */
async function advance(milliseconds: number): Promise<void> {
  clock.advance(milliseconds)
  await runDueTasks(origin.ctx, tasks)
}

const statusOf = async (id: string) => (await origin.request('GET', `/posts/${id}`)).status

describe('clearEndedPosts', () => {
  it.each<OwnStatus>(['withdrawn', 'sold', 'expired', 'removed'])(
    'deletes a %s post 90 days after its end: 410 before, 404 after',
    async status => {
      const { id, expiresAt } = await createTestPost(origin, seller, status)
      if (status === 'sold') clock.advance(30 * day) // until then its page is shown
      const sinceEnd = status === 'expired' ? clock.now().getTime() - Number(new Date(expiresAt ?? 0)) : 0
      await advance((status === 'sold' ? 60 : 90) * day - sinceEnd - 1_000)
      expect(await statusOf(id)).toBe(410)
      await advance(3_600_000)
      expect(await statusOf(id)).toBe(404)
    },
  )

  it('leaves drafts and what is up alone', async () => {
    const draft = await createTestPost(origin, seller, 'draft')
    const renewed = await createTestPost(origin, seller)
    for (let month = 0; month < 5; month++) {
      await advance(29 * day)
      await renewPost(origin.ctx, seller.actor, renewed.id)
    }
    expect(await statusOf(renewed.id)).toBe(200)
    const kept = await origin.ctx.db.selectFrom('posts').select('id').where('id', '=', draft.id).execute()
    expect(kept).toHaveLength(1)
  })

  it('passes a post by that is being revived at the last moment', async () => {
    const { id } = await createTestPost(origin, seller)
    await turnBack(origin, id, 120 * day)
    const expired = { expires_at: new Date(clock.now().getTime() - 90 * day - 1) }
    await origin.ctx.db.updateTable('posts').set(expired).where('id', '=', id).execute()
    await origin.ctx.db.transaction().execute(async trx => {
      await trx.updateTable('posts').set({ version: 7 }).where('id', '=', id).execute()
      expect(await clearEndedPosts(origin.ctx, 10)).toBe(0)
    })
    expect(await clearEndedPosts(origin.ctx, 10)).toBe(1)
  })

  it('deletes what two people said about it once neither has written for 90 days', async () => {
    const buyer = await origin.createAccount()
    const post = await createTestPost(origin, seller)
    await createTestThread(origin, buyer, post.id)
    await origin.request('DELETE', `/posts/${post.id}`, { token: seller.token })
    const count = async () => (await origin.ctx.db.selectFrom('threads').select('id').execute()).length
    await advance(90 * day - 1_000)
    expect(await count()).toBe(1)
    await advance(3_600_000)
    expect(await count()).toBe(0)
  })

  it('deletes with a post what hangs on it, and tells a buyer of another region', async () => {
    const world = await createTestWorld(['na', 'eu'], { now: clock.now })
    const { na, eu } = world
    const owner = await na.createAccount()
    const [near, far] = [await na.createAccount(), await eu.createAccount()]
    const { id } = await createTestPost(na, owner, 'withdrawn')
    await na.request('PUT', `/posts/${id}/publication`, { token: owner.token })
    const threads = [await createTestThread(na, near, id), await createTestThread(na, far, id)]
    await createTestReport(na, `/posts/${id}`, near.token)
    await na.request('DELETE', `/posts/${id}/publication`, { token: owner.token })
    await runJobs(world)
    const listed = async ({ region }: TestOrigin, account: TestAccount) => {
      const { email, password } = account
      const token = await world[region as 'na' | 'eu'].signIn(email, password)
      const { items } = (await world[region as 'na' | 'eu'].request('GET', '/threads', { token })).body
      return items.map((item: { id: string }) => item.id)
    }
    clock.advance(90 * day - 1_000)
    await clearEndedPosts(na.ctx, 10)
    expect([await listed(na, near), await listed(eu, far)]).toEqual(threads.map(thread => [thread.id]))
    clock.advance(2_000)
    expect(await clearEndedPosts(na.ctx, 10)).toBe(1)
    await runJobs(world)
    expect([await listed(na, near), await listed(eu, far), await listed(na, owner)]).toEqual([[], [], []])
    for (const table of ['threads', 'messages', 'reports'] as const)
      expect(await na.ctx.db.selectFrom(table).select('id').execute()).toEqual([])
    const mirrors = await eu.ctx.db.selectFrom('thread_mirrors').selectAll().execute()
    expect(mirrors).toMatchObject([{ post_title: '', deleted_at: clock.now() }])
  })

  it('leaves a conversation that is younger than 90 days, closed, and deletes it then', async () => {
    const buyer = await origin.createAccount()
    const { id } = await createTestPost(origin, seller)
    const thread = await createTestThread(origin, buyer, id)
    await origin.request('DELETE', `/posts/${id}/publication`, { token: seller.token })
    clock.advance(60 * day)
    const token = await origin.signIn(seller.email, seller.password)
    await origin.request('POST', `/threads/${thread.id}/messages`, { token, body: { text: 'It is in the shed' } })
    await advance(31 * day)
    expect(await statusOf(id)).toBe(404)
    const reader = await origin.signIn(buyer.email, buyer.password)
    const read = () => origin.request('GET', `/threads/${thread.id}`, { token: reader })
    expect((await read()).body).toMatchObject({ open: false, post: { title: 'Dutch city bike' } })
    const more = { token: reader, body: { text: 'Which shed?' } }
    expect((await origin.request('POST', `/threads/${thread.id}/messages`, more)).body.code).toBe('messages_closed')
    await advance(59 * day + 1_000)
    expect(await origin.ctx.db.selectFrom('threads').select('id').execute()).toEqual([])
  })

  it('leaves a conversation of which a message was reported lately to the moderators', async () => {
    const buyer = await origin.createAccount()
    const { id } = await createTestPost(origin, seller)
    const thread = await createTestThread(origin, buyer, id)
    await origin.request('DELETE', `/posts/${id}/publication`, { token: seller.token })
    clock.advance(80 * day)
    const token = await origin.signIn(seller.email, seller.password)
    const { items } = (await origin.request('GET', `/threads/${thread.id}/messages`, { token })).body
    await createTestReport(origin, `/messages/${items[0].id}`, token)
    const kept = async () => [
      (await origin.ctx.db.selectFrom('threads').select('id').execute()).length,
      (await origin.ctx.db.selectFrom('reports').select('id').execute()).length,
    ]
    await advance(20 * day)
    expect(await statusOf(id)).toBe(404)
    expect(await kept()).toEqual([1, 1])
    await advance(71 * day)
    await advance(3_600_000) // the report was open for as long as its message was there
    expect(await kept()).toEqual([0, 0])
  })

  it('lets the tombstone of a deleted post go after 90 days', async () => {
    const { id } = await createTestPost(origin, seller)
    await origin.request('DELETE', `/posts/${id}`, { token: seller.token })
    await advance(90 * day - 1_000)
    expect(await statusOf(id)).toBe(410)
    await advance(3_600_000)
    expect(await statusOf(id)).toBe(404)
  })
})

describe('reports', () => {
  const ids = async () =>
    (await origin.ctx.db.selectFrom('reports').select('id').orderBy('id').execute()).map(row => row.id)
  const decide = async (id: string) => {
    const { token } = await origin.createAccount({ role: 'moderator' })
    const body = { outcome: 'dismiss', reason: 'Nothing wrong' }
    expect((await origin.request('PUT', `/reports/${id}/decision`, { token, body })).status).toBe(204)
  }

  it('that are decided are forgotten after 180 days, whatever became of the post', async () => {
    const { token } = await origin.createAccount()
    const { id: post } = await createTestPost(origin, seller)
    const report = await createTestReport(origin, `/posts/${post}`, token)
    await decide(report)
    await advance(180 * day - 1_000)
    expect(await statusOf(post)).toBe(404)
    expect(await ids()).toEqual([report])
    await advance(3_600_000)
    expect(await ids()).toEqual([])
  })

  it('that are open outlive what their seller deletes by 90 days, and wait for as long as what is there', async () => {
    const { token } = await origin.createAccount()
    const [gone, there] = [await createTestPost(origin, seller), await createTestPost(origin, seller)]
    const moot = await createTestReport(origin, `/posts/${gone.id}`, token)
    const [open, about] = [
      await createTestReport(origin, `/posts/${there.id}`, token),
      await createTestReport(origin, `/accounts/${seller.id}`, token),
    ]
    await origin.request('DELETE', `/posts/${gone.id}`, { token: seller.token })
    await advance(90 * day - 1_000)
    expect(await ids()).toEqual([moot, open, about].sort())
    await advance(3_600_000)
    expect(await ids()).toEqual([open, about].sort())
    await advance(40 * day) // the other post ended 100 days ago
    expect(await ids()).toEqual([about])
  })

  it('are left alone while a moderator decides them', async () => {
    const { token } = await origin.createAccount()
    const { id } = await createTestPost(origin, seller)
    const report = await createTestReport(origin, `/posts/${id}`, token)
    await origin.request('DELETE', `/posts/${id}`, { token: seller.token })
    clock.advance(91 * day)
    await origin.ctx.db.transaction().execute(async trx => {
      await trx.updateTable('reports').set({ text: 'held' }).where('id', '=', report).execute()
      expect(await clearMootReports(origin.ctx, 10)).toBe(0)
    })
    expect(await clearMootReports(origin.ctx, 10)).toBe(1)
  })
})

describe('clearUnverifiedAccounts', () => {
  async function register(email = uniqueEmail()) {
    const body = { email, password: 'a good and long one 7', displayName: 'New', country: 'US' }
    expect((await origin.request('POST', '/accounts', { body })).status).toBe(202)
    return email
  }
  const find = (email: string) =>
    origin.ctx.db.selectFrom('accounts').select(['id', 'in_directory']).where('email', '=', email).executeTakeFirst()

  it('deletes an account that nobody verified in 14 days, and lets its address go', async () => {
    const email = await register()
    await origin.mails()
    await advance(14 * day - 1_000)
    expect(await find(email)).toBeDefined()
    await advance(3_600_000)
    expect(await find(email)).toBeUndefined()
    expect(await origin.ctx.directory.find(email)).toBeUndefined()
  })

  it('waits for a link that was sent a moment ago', async () => {
    const email = await register()
    await advance(14 * day - 3_600_000)
    await register(email)
    await origin.mails()
    await advance(3_600_000)
    expect(await find(email)).toBeDefined()
    await advance(14 * day)
    expect(await find(email)).toBeUndefined()
  })

  it.each([
    ['registers', (email: string) => register(email)],
    [
      'asks for the mail',
      (email: string) => origin.request('POST', '/accounts/verification-mails', { body: { email } }),
    ],
  ])('waits for the mail of somebody who %s again, however late it is sent', async (_, again) => {
    const email = await register()
    await origin.mails()
    await advance(14 * day - 1_000)
    await again(email)
    await advance(3_600_000)
    expect(await origin.mails()).toMatchObject([{ to: email, subject: 'Confirm your address' }])
    await advance(14 * day)
    expect(await find(email)).toBeUndefined()
  })

  it('leaves an account alone that is verified at that moment, in the directory too', async () => {
    const email = await register()
    clock.advance(14 * day)
    const outcome = await loseRace(
      origin.ctx,
      () => clearUnverifiedAccounts(origin.ctx, 10),
      trx => trx.updateTable('accounts').set({ verified_at: clock.now() }).where('email', '=', email).execute(),
    )
    expect(outcome.status).toBe('fulfilled')
    expect(await find(email)).toMatchObject({ in_directory: true })
    expect(await origin.ctx.directory.find(email)).toBe('na')
  })

  it('leaves everything as it is while Redis does not answer', async () => {
    const email = await register()
    clock.advance(14 * day)
    await origin.redis.stop()
    await expect(clearUnverifiedAccounts(origin.ctx, 10)).rejects.toMatchObject({ code: 'service_unavailable' })
    await origin.redis.start()
    expect(await find(email)).toBeDefined()
    expect(await clearUnverifiedAccounts(origin.ctx, 10)).toBe(1)
    expect(await find(email)).toBeUndefined()
  })
})

it('what is forgotten by age goes in batches, and what is young stays', async () => {
  const { ctx } = origin
  const session = (await ctx.db.selectFrom('sessions').select('id').execute())[0]?.id
  await ctx.db
    .insertInto('processed_jobs')
    .values(
      Array.from({ length: 1_201 }, () => ({ id: crypto.randomUUID(), kind: 'purge', processed_at: clock.now() })),
    )
    .execute()
  const count = async () => (await ctx.db.selectFrom('processed_jobs').select('id').execute()).length
  await advance(44 * day)
  expect(await count()).toBe(1_201)
  await advance(2 * day)
  expect(await count()).toBe(0)
  const sessions = () => ctx.db.selectFrom('sessions').select('id').execute()
  expect(await sessions()).toEqual([{ id: session }])
  await advance(74 * day) // it ended 30 days ago
  expect(await sessions()).toEqual([])
  expect(await ctx.db.selectFrom('refresh_tokens').selectAll().execute()).toEqual([])
})
