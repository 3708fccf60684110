import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OpenSearch } from '../adapters/opensearch.ts'
import { createRedis } from '../adapters/redis.ts'
import { requestExport } from '../exports/exports.ts'
import { runDueTasks, type Task } from '../scheduler/scheduler.ts'
import { tasks } from '../scheduler/tasks.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, keysOf } from '../testing/images.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestReport } from '../testing/messages.ts'
import { createTestPhoto } from '../testing/photos.ts'
import { createTestPost } from '../testing/posts.ts'
import { tracesIn } from '../testing/traces.ts'
import { checkErased } from './erasure-check.ts'

const day = 86_400_000
const displayName = 'Wilhelmina Quux'
const title = 'Grandfather clock of Zwiebelfeld'
const description = 'Strikes each hour but one, and nobody knows why.'
const words = 'Ring at the green door in Lantern Lane'

let clock: Clock
let world: { na: TestOrigin; eu: TestOrigin }
let na: TestOrigin
let eu: TestOrigin
let person: TestAccount
/** Whom the person has to do with, one in each region. */
let neighbours: { na: TestAccount; eu: TestAccount }

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
    const texts = await plantEverything()
    const places = async (origin: TestOrigin) => (await tracesIn(origin, texts)).map(trace => trace.split(/[:.]/)[0])
    expect(await places(na)).toEqual(expect.arrayContaining(tablesOfHome))
    expect(await places(eu)).toEqual(expect.arrayContaining(tablesElsewhere))
    await deleteAccount()
    clock.advance(13 * day)
    await copyDataOf(na, neighbours.na)
    await copyDataOf(eu, neighbours.eu)
    expect(await tracesIn(na, texts)).toContain(`bucket threads.json: ${title}`)
    expect(await tracesIn(eu, texts)).toContain(`bucket threads.json: ${title}`)
    clock.advance(day)
    await letTimeWork()
    await createTestPost(na, await na.createAccount(), 'active', { title: 'Life goes on' })
    expect(await find()).toBeUndefined()
    expect((await tracesIn(na, texts)).filter(trace => !isOpaque(trace))).toEqual([])
    expect(await tracesIn(eu, texts)).toEqual([])
    expect([await leftovers(na), await leftovers(eu)]).toEqual([[], []])
    expect(await na.ctx.directory.find(person.email)).toBeUndefined()
    const identity = { id: person.id, addresses: [person.email], words: [displayName, title, description, words] }
    for (const { ctx } of [na, eu]) expect(await checkErased(ctx, [identity])).toEqual([])
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

  it('takes the bytes of the photos along, without waiting for a job', async () => {
    const ids: string[] = []
    for (const state of ['uploading', 'processing', 'ready', 'failed'] as const) {
      const post = await createTestPost(na, person, 'active')
      ids.push(await createTestImage(na, person, post.id, { state, fileName: `${displayName}.jpg` }))
    }
    const neighbour = await na.createAccount()
    const kept = await createTestImage(na, neighbour, (await createTestPost(na, neighbour)).id)
    await deleteAccount()
    clock.advance(14 * day)
    await runDueTasks(na.ctx, [taskNamed('announce erasures')])
    await runJobs(world)
    expect(await keysOf(na, ...ids)).toHaveLength(4)
    await runDueTasks(na.ctx, [taskNamed('erase accounts')])
    expect(await find()).toBeUndefined()
    expect(await keysOf(na, ...ids)).toEqual([])
    expect(await keysOf(na, kept)).toHaveLength(2)
    expect(await leftovers(na)).toEqual([])
  })

  it('reports photos whose bytes would not go', async () => {
    const id = await createTestImage(na, person, (await createTestPost(na, person)).id)
    const { remove } = na.ctx.objects
    na.ctx.objects.remove = keys => remove(keys.filter(key => !key.endsWith('.webp')))
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    expect(await leftovers(na)).toMatchObject([
      { subject_id: person.id, reason: `left in bucket media/${id}/320.webp` },
    ])
  })

  it('reports what it finds left, by account and place: ids, addresses, and words that were nobody else’s', async () => {
    await createTestPost(na, person, 'active', { title })
    await createTestPost(na, person, 'active', { title: 'Nearly new bicycle' })
    await createTestPost(na, await na.createAccount(), 'active', { title: 'Nearly new bicycle, blue' })
    await note(`wrote to ${person.email}`)
    await fail('job 1', `no room for "${title}"`)
    await fail('job 2', 'no room for "Nearly new bicycle"')
    const redis = createRedis(na.ctx.config.redis.region)
    await redis.set('post:1', JSON.stringify({ seller: person.id }))
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    expect(await leftovers(na)).toMatchObject([
      { subject_id: person.id, reason: 'left in audit.reason, job_failures.last_error, cache post:1' },
    ])
    const failures = await na.ctx.db.selectFrom('job_failures').select(['id', 'last_error']).execute()
    expect(failures).toHaveLength(2)
  })

  it('reports documents that are left in a search index', async () => {
    const created_at = na.ctx.now()
    await na.ctx.db.insertInto('search_indexes').values({ name: 'one', state: 'live', created_at }).execute()
    const asked: unknown[] = []
    const count: OpenSearch['count'] = async (...question) => asked.push(question)
    const client = { count, indexesOf: async () => ['one'] } as unknown as OpenSearch
    na.ctx.openSearch = { client, alias: 'posts' }
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    expect(asked).toEqual([['one', { term: { seller: person.id } }]])
    expect(await leftovers(na)).toMatchObject([{ subject_id: person.id, reason: 'left in search index' }])
  })

  it('finds in another region what a seller’s title is left in', async () => {
    await plantEverything()
    await fail('job 1', `no room for "${title}"`, eu)
    await deleteAccount()
    clock.advance(14 * day)
    await letTimeWork()
    expect(await leftovers(na)).toEqual([])
    expect(await leftovers(eu)).toMatchObject([{ subject_id: person.id, reason: 'left in job_failures.last_error' }])
  })
})

function note(reason: string, { ctx } = na) {
  return ctx.db.insertInto('audit').values({ actor_id: 'x', action: 'note', subject_id: 'x', reason }).execute()
}

function fail(id: string, last_error: string, { ctx } = na) {
  const at = ctx.now()
  const row = { id, queue: 'mail', kind: null, failures: 1, last_error, first_failed_at: at, last_failed_at: at }
  return ctx.db.insertInto('job_failures').values(row).execute()
}

function leftovers({ ctx }: TestOrigin) {
  return ctx.db.selectFrom('audit').selectAll().where('action', '=', 'account.leftover').execute()
}

const tablesOfHome = [
  'images',
  'accounts',
  'audit',
  'exports',
  'idempotency_keys',
  'mails',
  'messages',
  'outbox',
  'posts',
  'reports',
]
const tablesElsewhere = ['mails', 'messages', 'outbox', 'reports', 'thread_mirrors', 'threads']
function taskNamed(name: string): Task {
  const task = tasks.find(task => task.name === name)
  if (!task) throw new Error(`There is no task "${name}"`)
  return task
}

/** Who did what to whom is never forgotten, by ids that say nothing any more. */
const isOpaque = (trace: string) => /^audit\.(actor|subject)_id: [a-z]{2}_\w+$/.test(trace)

/** Leaves a trace of the person wherever one can be left. @returns the texts by which they would be known */
async function plantEverything(): Promise<string[]> {
  neighbours = { na: await na.createAccount(), eu: await eu.createAccount() }
  const { na: neighbour, eu: european } = neighbours
  const own = await createTestPost(na, person, 'active', { title, description })
  const photo = await createTestPhoto(na.ctx, person, own.id, Buffer.from(`by ${displayName}`))
  await na.ctx.db
    .updateTable('images')
    .set({ alt: `${displayName} beside it` })
    .where('id', '=', photo)
    .execute()
  await createTestPost(na, person, 'sold')
  const gone = await createTestPost(na, person)
  await na.request('DELETE', `/posts/${gone.id}`, { token: person.token })
  const draft = { token: person.token, headers: { 'idempotency-key': 'once' }, body: { text: `I am ${displayName}` } }
  const theirs = await createTestPost(na, neighbour)
  const theirsInEurope = await createTestPost(eu, european)
  await na.request('POST', `/posts/${theirs.id}/messages`, draft)
  const abroad = await eu.request('POST', `/posts/${theirsInEurope.id}/messages`, draft)
  for (const { token } of Object.values(neighbours)) {
    const first = { token, headers: { 'idempotency-key': 'once' }, body: { text: `Hello ${displayName}` } }
    const thread = await na.request('POST', `/posts/${own.id}/messages`, first)
    await na.request('POST', `/threads/${thread.body.id}/messages`, { token: person.token, body: { text: words } })
  }
  const report = await createTestReport(na, `/posts/${theirs.id}`, person.token, `Says ${person.email}`)
  await createTestReport(eu, `/posts/${theirsInEurope.id}`, person.token)
  await createTestReport(na, `/posts/${own.id}`, neighbour.token, `${displayName} again`)
  await createTestReport(na, `/accounts/${person.id}`, neighbour.token)
  const said = await eu.request('GET', `/threads/${abroad.body.id}/messages`, { token: person.token })
  const message = await createTestReport(eu, `/messages/${said.body.items[0].id}`, european.token)
  await na.request('POST', '/password-resets', { body: { email: person.email } })
  const judge = (await na.createAccount({ role: 'moderator' })).token
  const rude = await na.request('POST', `/posts/${own.id}/messages`, { token: european.token, body: { text: 'Rude' } })
  const told = await na.request('GET', `/threads/${rude.body.id}/messages`, { token: person.token })
  const rudeness = await createTestReport(na, `/messages/${told.body.items[0].id}`, person.token)
  const removing = { outcome: 'remove', reason: 'Rude words' }
  await na.request('PUT', `/reports/${rudeness}/decision`, { token: judge, body: removing })
  const suspension = `/accounts/${person.id}/suspension`
  await na.request('PUT', suspension, { token: judge, body: { reason: `${displayName} by mistake` } })
  await na.request('DELETE', suspension, { token: judge })
  const removal = `/posts/${own.id}/removal`
  await na.request('PUT', removal, { token: judge, body: { reason: `${displayName} may not sell it` } })
  await na.request('DELETE', removal, { token: judge })
  const decision = { outcome: 'dismiss', reason: `${displayName} may say so` }
  await na.request('PUT', `/reports/${report}/decision`, {
    token: judge,
    body: { ...decision, reason: 'Nothing wrong' },
  })
  const judgeInEurope = (await eu.createAccount({ role: 'moderator' })).token
  await eu.request('PUT', `/reports/${message}/decision`, { token: judgeInEurope, body: decision })
  person.token = await na.signIn(person.email, person.password)
  await runJobs(world)
  // a mail that waits: SES is not to be had for some weeks
  const data = sql<string>`data || ${JSON.stringify({ postTitle: title })}::jsonb`
  const waiting = { state: 'queued', due_at: new Date(clock.now().getTime() + 30 * day), data } as const
  await eu.ctx.db.updateTable('mails').set(waiting).where('kind', '=', 'new-message').execute()
  await copyDataOf(na, person)
  return [person.id, person.email, own.id, displayName, title, description, words]
}

/** Lets an account have a copy of its data. */
async function copyDataOf({ ctx }: TestOrigin, { actor }: TestAccount): Promise<void> {
  await requestExport(ctx, actor)
  await runJobs(world)
}
