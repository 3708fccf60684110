import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JobPayload } from '../../shared/jobs.ts'
import type { Mail } from '../adapters/ses.ts'
import { sendRequestedMail } from '../mail/sending.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'
import { deleteForgottenThreads } from './deleting.ts'
import { keepThreadNews } from './mirrors.ts'

let world: { na: TestOrigin; eu: TestOrigin }
let na: TestOrigin
let eu: TestOrigin
let seller: TestAccount
let buyer: TestAccount

beforeAll(async () => {
  world = await createTestWorld(['na', 'eu'])
  ;({ na, eu } = world)
  seller = await na.createAccount({ displayName: 'Sam Seller' })
  buyer = await eu.createAccount({ displayName: 'Bea Buyer' })
  await createTestPost(na, seller)
  await runJobs(world)
})

const listOf = async (origin: TestOrigin, { token }: TestAccount) =>
  (await origin.request('GET', '/threads', { token })).body
const to = (mails: Mail[], { email }: TestAccount) => mails.filter(mail => mail.to === email)

describe('a buyer of another region', () => {
  it('writes, is answered, and finds the thread in the list at home, by title alone', async () => {
    const post = await createTestPost(na, seller, 'active', { title: 'Walnut sideboard' })
    const thread = await createTestThread(na, buyer, post.id, 'My words from far away')
    expect((await listOf(eu, buyer)).items).toEqual([])
    const first = await runJobs(world)
    const toSeller = to(first, seller).filter(({ subject }) => subject.includes('Bea Buyer'))
    expect(toSeller).toHaveLength(1)
    expect(toSeller[0]?.text).toContain('My words from far away')
    expect(await listOf(eu, buyer)).toMatchObject({
      unread: 0,
      items: [{ id: thread.id, role: 'buyer', post: { id: post.id, title: post.title, price: null }, last: null }],
    })
    const path = `/threads/${thread.id}`
    await na.request('POST', `${path}/messages`, { token: seller.token, body: { text: 'Words of the seller' } })
    const second = await runJobs(world)
    const [mail] = to(second, buyer)
    expect(mail?.subject).toContain('Walnut sideboard')
    expect(JSON.stringify(mail)).not.toMatch(/Words of the seller|Sam Seller/)
    expect(await listOf(eu, buyer)).toMatchObject({ unread: 1, items: [{ unread: 1 }] })
    const stored = await eu.ctx.db.selectFrom('thread_mirrors').selectAll().where('thread_id', '=', thread.id).execute()
    expect(JSON.stringify(stored)).not.toMatch(/Words|Sam/)

    expect((await na.request('GET', path, { token: buyer.token })).body).toMatchObject({
      other: { name: 'Sam Seller' },
      unread: 1,
      last: { text: 'Words of the seller' },
    })
    await na.request('PUT', `${path}/read`, { token: buyer.token, body: { upTo: 2 } })
    await runJobs(world)
    expect(await listOf(eu, buyer)).toMatchObject({ unread: 0, items: [{ unread: 0 }] })
    expect(await listOf(na, seller)).toMatchObject({ unread: 1, items: [{ other: { name: 'Bea Buyer' } }] })
  })

  it('is answered once for each key, though their account is elsewhere', async () => {
    const post = await createTestPost(na, seller)
    const send = () =>
      na.request('POST', `/posts/${post.id}/messages`, {
        token: buyer.token,
        body: { text: 'Once' },
        headers: { 'idempotency-key': 'a-form-of-mine' },
      })
    const ids = [(await send()).body.id, (await send()).body.id]
    const { body } = await na.request('GET', `/threads/${ids[0]}/messages`, { token: buyer.token })
    expect([ids[0] === ids[1], body.items.length]).toEqual([true, 1])
  })

  it('loses the thread at home when it is deleted, and late news does not bring it back', async () => {
    const post = await createTestPost(na, seller)
    const thread = await createTestThread(na, buyer, post.id)
    const news = await na.ctx.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'thread.changed')
      .where('aggregate_id', '=', thread.id)
      .executeTakeFirstOrThrow()
    await runJobs(world)
    const ids = async () => (await listOf(eu, buyer)).items.map(({ id }: { id: string }) => id)
    expect(await ids()).toContain(thread.id)
    await na.request('DELETE', `/posts/${post.id}`, { token: seller.token })
    await deleteForgottenThreads(na.ctx, new Date(na.ctx.now().getTime() + 1))
    await runJobs(world)
    await keepThreadNews(eu.ctx.db, news.payload as never)
    expect(await ids()).not.toContain(thread.id)
  })
})

describe('a mail about a thread', () => {
  const titled = (origin: TestOrigin) =>
    sql<{ id: string }>`SELECT id FROM mails WHERE data::text LIKE '%Walnut%'`.execute(origin.ctx.db)

  /** The seller answers a buyer; gives what is asked for then, before any worker has seen it. */
  async function answered(reader: TestAccount) {
    const post = await createTestPost(na, seller, 'active', { title: 'Walnut sideboard' })
    const thread = await createTestThread(na, reader, post.id)
    await na.request('POST', `/threads/${thread.id}/messages`, { token: seller.token, body: { text: 'Still here' } })
    const jobs = await na.ctx.db.selectFrom('outbox').select(['kind', 'payload']).where('done_at', 'is', null).execute()
    const mail = jobs.find(({ payload }) => payload.mail === 'new-message' && payload.accountId === reader.id)
    return { post, thread, jobs, mail: mail?.payload as JobPayload<'mail.requested'> }
  }

  it('names the post to another region alone, and only until it is sent', async () => {
    expect((await answered(await na.createAccount())).mail.data).not.toHaveProperty('postTitle')
    const { mail } = await answered(buyer)
    expect(mail.data).toMatchObject({ postTitle: 'Walnut sideboard' })
    expect(to(await runJobs(world), buyer)[0]?.subject).toContain('Walnut sideboard')
    for (const origin of [na, eu]) expect((await titled(origin)).rows).toEqual([])
  })

  it('is not sent when the thread is deleted by then, and does not keep its title', async () => {
    const { post, jobs, mail } = await answered(buyer)
    await runJobs({ na })
    await na.ctx.db.deleteFrom('outbox').execute()
    await na.request('DELETE', `/posts/${post.id}`, { token: seller.token })
    await deleteForgottenThreads(na.ctx, new Date(na.ctx.now().getTime() + 1))
    const [told] = await na.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'thread.changed').execute()
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`Walnut|${post.id}|${seller.id}`))
    await runJobs(world)
    const sent: Mail[] = []
    const mailer = { send: async (mail: Mail) => ({ messageId: String(sent.push(mail)) }) }
    await sendRequestedMail({ ...eu.ctx, mailer }, mail)
    for (const job of jobs)
      if (job.kind === 'thread.changed') await keepThreadNews(eu.ctx.db, job.payload as JobPayload<'thread.changed'>)
    expect(sent).toEqual([])
    expect((await titled(eu)).rows).toEqual([])
    const mirrors = eu.ctx.db.selectFrom('thread_mirrors').select(['post_title', 'post_id', 'seller_id'])
    expect(await mirrors.where('deleted_at', 'is not', null).where('post_title', '<>', '').execute()).toEqual([])
  })
})

describe('keepThreadNews', () => {
  it('keeps the newest of news in any order, and nothing of an account that is not there', async () => {
    const home = await eu.createAccount()
    const news = (version: number, buyerId = home.id) => ({
      threadId: `na_01k8z3v6n4c2f1m9q7t5a8b0c${version > 9 ? 'x' : 'd'}`,
      buyerId,
      sellerId: seller.id,
      postId: 'na_01k8z3v6n4c2f1m9q7t5a8b0ce',
      postTitle: `Title ${version}`,
      lastActivityAt: new Date().toISOString(),
      unread: version,
      version,
      deleted: false,
    })
    for (const version of [2, 5, 3, 5]) await keepThreadNews(eu.ctx.db, news(version))
    await keepThreadNews(eu.ctx.db, news(10, seller.id))
    expect(await listOf(eu, home)).toMatchObject({ unread: 5, items: [{ post: { title: 'Title 5' }, unread: 5 }] })
    expect((await listOf(eu, home)).items).toHaveLength(1)
  })
})
