import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRedis } from '../adapters/redis.ts'
import { requestExport } from '../exports/exports.ts'
import { makeExport } from '../exports/making.ts'
import type { Job } from '../job.ts'
import { runDueTasks } from '../scheduler/scheduler.ts'
import { tasks } from '../scheduler/tasks.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestReport, createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'
import { checkErased } from './erasure-check.ts'

const day = 86_400_000
const displayName = 'Wilhelmina Quux'

let clock: Clock
let world: { na: TestOrigin; eu: TestOrigin }
let na: TestOrigin
let eu: TestOrigin
let person: TestAccount

beforeEach(async () => {
  clock = createClock()
  world = await createTestWorld(['na', 'eu'], { now: clock.now })
  ;({ na, eu } = world)
  person = await na.createAccount({ displayName })
})

/** Everything there is by the clock and by jobs, in both regions, until nothing more happens. */
async function letTimeWork(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await runJobs(world)
    for (const { ctx } of Object.values(world)) await runDueTasks(ctx, tasks)
    clock.advance(11 * 60_000)
  }
}

const deleteAccount = ({ token, password } = person) =>
  na.request('DELETE', '/accounts/me', { token, body: { password } })
const signIn = (password = person.password) =>
  na.request('POST', '/sessions', { body: { email: person.email, password } })
const find = () => na.ctx.db.selectFrom('accounts').selectAll().where('id', '=', person.id).executeTakeFirst()

describe('restoreAccount', () => {
  it('gives a deleted account back to whoever signs in on day 13, and says so', async () => {
    const post = await createTestPost(na, person)
    await deleteAccount()
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(410)
    clock.advance(13 * day)
    await letTimeWork()
    expect((await signIn('not the right one 1')).status).toBe(401)
    const reply = await signIn()
    expect(reply).toMatchObject({ status: 201, body: { restored: true, account: { id: person.id } } })
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(200)
    expect((await signIn()).body).not.toHaveProperty('restored')
    clock.advance(15 * day)
    await letTimeWork()
    expect(await find()).toBeDefined()
  })

  it('refuses on day 14, with every worker stopped', async () => {
    await deleteAccount()
    clock.advance(14 * day - 1)
    expect((await signIn('not the right one 1')).status).toBe(401)
    clock.advance(1)
    expect((await signIn()).status).toBe(401)
    expect(await find()).toMatchObject({ email: person.email })
  })

  it('gives no suspended account back', async () => {
    const moderator = await na.createAccount({ role: 'moderator' })
    const body = { reason: 'Not allowed here' }
    await deleteAccount()
    await na.request('PUT', `/accounts/${person.id}/suspension`, { token: moderator.token, body })
    expect((await signIn()).body.code).toBe('account_suspended')
    expect(await find()).toMatchObject({ deleted_at: expect.any(Date) })
  })
})

describe('eraseAccounts', () => {
  it('leaves nothing of an account in two regions but opaque ids in the audit table', async () => {
    await plantEverything()
    expect(await tablesWith(na)).toEqual(
      expect.arrayContaining([
        'accounts',
        'exports',
        'idempotency_keys',
        'mails',
        'messages',
        'outbox',
        'posts',
        'reports',
      ]),
    )
    expect(await tablesWith(eu)).toEqual(expect.arrayContaining(['messages', 'reports', 'threads']))
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    expect(await find()).toBeUndefined()
    const identity = { id: person.id, email: person.email, displayName }
    for (const { ctx } of [na, eu]) expect(await checkErased(ctx, [identity])).toEqual([])
    expect(await na.ctx.objects.list('')).toEqual([])
    expect(await na.ctx.directory.find(person.email)).toBeUndefined()
    const audit = await na.ctx.db.selectFrom('audit').selectAll().where('subject_id', '=', person.id).execute()
    expect(audit.map(({ action }) => action)).toEqual(['account.suspend', 'account.reinstate', 'account.erase'])
    const again = await na.request('POST', '/accounts', {
      body: { email: person.email, password: person.password, displayName: 'New here', country: 'US' },
    })
    expect(again.status).toBe(202)
  })

  it('tells the other regions first: until the relay has done so the account stays', async () => {
    await deleteAccount()
    await runJobs(world)
    clock.advance(14 * day)
    await runDueTasks(na.ctx, tasks)
    clock.advance(11 * 60_000)
    await runDueTasks(na.ctx, tasks)
    expect(await find()).toMatchObject({ erasing_at: expect.any(Date) })
    const events = na.ctx.db.selectFrom('outbox').selectAll().where('kind', '=', 'account.erased')
    expect(await events.execute()).toMatchObject([{ aggregate_id: person.id, region: 'eu' }])
    await letTimeWork()
    expect(await find()).toBeUndefined()
  })

  it('goes on with what a crash left half done', async () => {
    await createTestPost(na, person)
    await deleteAccount()
    clock.advance(14 * day)
    const remove = na.ctx.objects.remove
    na.ctx.objects.remove = async () => {
      throw new Error('the bucket does not answer')
    }
    await letTimeWork()
    expect(await find()).toBeDefined()
    na.ctx.objects.remove = remove
    await letTimeWork()
    expect(await find()).toBeUndefined()
  })

  it('reports what it finds left, by account and place', async () => {
    await na.ctx.db
      .insertInto('audit')
      .values({ actor_id: 'somebody', action: 'note', subject_id: 'x', reason: `wrote to ${person.email}` })
      .execute()
    const redis = createRedis(na.ctx.config.redis.region)
    await redis.set('post:1', JSON.stringify({ seller: person.id }))
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    const leftovers = na.ctx.db.selectFrom('audit').selectAll().where('action', '=', 'account.leftover')
    expect(await leftovers.execute()).toMatchObject([
      { subject_id: person.id, reason: 'left in audit.reason, cache post:1' },
    ])
  })
})

/** Leaves a trace of the person wherever one can be left. */
async function plantEverything(): Promise<void> {
  const [neighbour, european] = [await na.createAccount(), await eu.createAccount()]
  const own = await createTestPost(na, person, 'active', { description: `Ask for ${displayName}, ${person.email}` })
  await createTestPost(na, person, 'sold')
  const gone = await createTestPost(na, person)
  await na.request('DELETE', `/posts/${gone.id}`, { token: person.token })
  const draft = { token: person.token, headers: { 'idempotency-key': 'once' }, body: { text: `I am ${displayName}` } }
  const theirs = await createTestPost(na, neighbour)
  const theirsInEurope = await createTestPost(eu, european)
  await na.request('POST', `/posts/${theirs.id}/messages`, draft)
  await eu.request('POST', `/posts/${theirsInEurope.id}/messages`, draft)
  await createTestThread(na, neighbour, own.id, `Hello ${displayName}`)
  await createTestThread(na, european, own.id, 'Hello from Europe')
  await createTestReport(na, `/posts/${theirs.id}`, person.token, `Says ${person.email}`)
  await createTestReport(eu, `/posts/${theirsInEurope.id}`, person.token)
  await createTestReport(na, `/posts/${own.id}`, neighbour.token, `${displayName} again`)
  await createTestReport(na, `/accounts/${person.id}`, neighbour.token)
  await na.request('POST', '/password-resets', { body: { email: person.email } })
  const moderator = await na.createAccount({ role: 'moderator' })
  const suspension = `/accounts/${person.id}/suspension`
  await na.request('PUT', suspension, { token: moderator.token, body: { reason: 'By mistake' } })
  await na.request('DELETE', suspension, { token: moderator.token })
  person.token = await na.signIn(person.email, person.password)
  await runJobs(world)
  const { id } = await requestExport(na.ctx, person.actor)
  await makeExport(na.ctx, { payload: { exportId: id } } as Job<'export.requested'>)
  await runJobs(world)
}

/** The tables in which the person is named, by a way of looking that is not the one under test. */
async function tablesWith({ ctx }: TestOrigin): Promise<string[]> {
  const tables = await ctx.db.introspection.getTables()
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`SELECT t::text AS row FROM ${sql.table(name)} t`.execute(ctx.db)
    if (rows.some(({ row }) => [person.id, person.email, displayName].some(text => row.includes(text))))
      found.push(name)
  }
  return found
}
