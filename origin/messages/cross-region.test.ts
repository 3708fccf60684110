import { beforeAll, describe, expect, it } from 'vitest'
import type { Mail } from '../adapters/ses.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'
import { deleteThreadsOfPosts } from './deleting.ts'
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
    await na.ctx.db.transaction().execute(trx => deleteThreadsOfPosts(na.ctx, trx, [post.id]))
    await runJobs(world)
    await keepThreadNews(eu.ctx.db, news.payload as never)
    expect(await ids()).not.toContain(thread.id)
  })
})

describe('keepThreadNews', () => {
  it('keeps the newest of news in any order, and nothing of an account that is not there', async () => {
    const home = await eu.createAccount()
    const news = (version: number, buyerId = home.id) => ({
      threadId: `na_01k8z3v6n4c2f1m9q7t5a8b0c${version > 9 ? 'x' : 'd'}`,
      buyerId,
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
