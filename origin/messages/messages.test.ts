import { beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import { createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { deleteForgottenThreads } from './deleting.ts'
import { openThread, sendMessage } from './sending.ts'
import { messageLimits } from './sending-limits.ts'

const clock = createClock()
let origin: TestOrigin
let seller: TestAccount
let buyer: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin({ now: clock.now })
  seller = await origin.createAccount({ displayName: 'Sam Seller' })
  buyer = await origin.createAccount({ displayName: 'Bea Buyer' })
})

const write = (postId: string, { token }: TestAccount, text = 'Hello', headers = {}) =>
  origin.request('POST', `/posts/${postId}/messages`, { token, body: { text }, headers })
const answer = (threadId: string, { token }: TestAccount, text = 'Hello', headers = {}) =>
  origin.request('POST', `/threads/${threadId}/messages`, { token, body: { text }, headers })
const read = (threadId: string, { token }: TestAccount) => origin.request('GET', `/threads/${threadId}`, { token })
const messagesOf = (threadId: string, { token }: TestAccount, query = '') =>
  origin.request('GET', `/threads/${threadId}/messages${query}`, { token })
const unreadOf = async ({ token }: TestAccount) => (await origin.request('GET', '/me/unread', { token })).body.unread
const outboxOf = (threadId: string) =>
  origin.ctx.db
    .selectFrom('outbox')
    .select(['kind', 'payload'])
    .where('kind', '=', 'mail.requested')
    .orderBy('id')
    .execute()
    .then(rows => rows.filter(({ payload }) => JSON.stringify(payload).includes(threadId)))

describe('openThread', () => {
  it('opens the thread of post and buyer once, and goes on with it afterwards', async () => {
    const post = await createTestPost(origin, seller)
    const first = await write(post.id, buyer, 'Is it still there?')
    expect(first.status).toBe(201)
    expect(first.headers.get('location')).toBe(`/api/v1/threads/${first.body.id}`)
    expect(first.body).toMatchObject({
      role: 'buyer',
      post: { id: post.id, title: post.title, state: 'active', price: post.price },
      other: { id: seller.id, name: 'Sam Seller' },
      unread: 0,
      last: { text: 'Is it still there?', mine: true },
      open: true,
    })
    expect((await write(post.id, buyer, 'And the lock?')).body.id).toBe(first.body.id)
    const { body } = await messagesOf(first.body.id, seller)
    expect(body.items.map(({ number, text, mine }: never) => [number, text, mine])).toEqual([
      [2, 'And the lock?', false],
      [1, 'Is it still there?', false],
    ])
  })

  it('makes one thread of two first messages at once, and loses none', async () => {
    const post = await createTestPost(origin, seller)
    const replies = await Promise.all([write(post.id, buyer, 'One'), write(post.id, buyer, 'Two')])
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    const { body } = await messagesOf(replies[0]?.body.id, buyer)
    expect(body.items.map(({ number }: { number: number }) => number)).toEqual([2, 1])
  })

  it('is not for the seller', async () => {
    const post = await createTestPost(origin, seller)
    expect((await write(post.id, seller)).body).toMatchObject({ code: 'forbidden' })
  })

  it.each([
    ['sold', 409, 'messages_closed'],
    ['withdrawn', 410, 'post_gone'],
    ['removed', 410, 'post_gone'],
    ['expired', 410, 'post_gone'],
    ['draft', 404, 'post_not_found'],
  ] as const)('opens none about a post that is %s', async (status, code, name) => {
    const post = await createTestPost(origin, seller, status)
    expect((await write(post.id, buyer)).body).toMatchObject({ status: code, code: name })
  })

  it('opens none about a reserved post of a hidden seller, but one about a reserved post', async () => {
    const hidden = await origin.createAccount()
    const post = await createTestPost(origin, hidden, 'reserved')
    expect((await write(post.id, buyer)).status).toBe(201)
    await origin.ctx.db.updateTable('posts').set({ seller_hidden: true }).where('id', '=', post.id).execute()
    expect((await write(post.id, await origin.createAccount())).body.code).toBe('post_gone')
  })

  it('loses the race against a sale', async () => {
    const post = await createTestPost(origin, seller)
    const outcome = await loseRace(
      origin.ctx,
      () => openThread(origin.ctx, buyer.actor, post.id, 'Mine'),
      trx => trx.updateTable('posts').set({ status: 'sold', sold_at: clock.now() }).where('id', '=', post.id).execute(),
    )
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'messages_closed' } })
    expect(await origin.ctx.db.selectFrom('threads').select('id').where('post_id', '=', post.id).execute()).toEqual([])
  })

  it('keeps text code point for code point, and refuses what is no text', async () => {
    const post = await createTestPost(origin, seller)
    const text = '  e\u0301 🚲\u200d \n\t\u202E <b>me@example.com</b> +1 555 0100  '
    const { body } = await write(post.id, buyer, text)
    expect((await messagesOf(body.id, seller)).body.items[0].text).toBe(text)
    for (const bad of ['', '   ', 'a\u0000b', 'x'.repeat(5_001), '\ud800'])
      expect((await write(post.id, buyer, bad)).status).toBe(422)
    expect((await write(post.id, buyer, '🚲'.repeat(5_000))).status).toBe(201)
  })

  it('sends once under an idempotency key, and only the same', async () => {
    const post = await createTestPost(origin, seller)
    const key = { 'idempotency-key': 'the-same-form' }
    const replies = [await write(post.id, buyer, 'Once', key), await write(post.id, buyer, 'Once', key)]
    expect(replies.map(({ status }) => status)).toEqual([201, 201])
    expect((await messagesOf(replies[0]?.body.id, buyer)).body.items).toHaveLength(1)
    expect((await write(post.id, buyer, 'Other', key)).body.code).toBe('idempotency_mismatch')
  })
})

describe('sendMessage', () => {
  it('counts what the other side has not read, until it is read', async () => {
    const [alone, other] = [await origin.createAccount(), await origin.createAccount()]
    const thread = await createTestThread(origin, other, (await createTestPost(origin, alone)).id)
    await answer(thread.id, other, 'Two')
    expect((await read(thread.id, alone)).body.unread).toBe(2)
    expect(await unreadOf(alone)).toBe(2)
    const mark = (upTo: number, { token }: TestAccount) =>
      origin.request('PUT', `/threads/${thread.id}/read`, { token, body: { upTo } })
    await mark(1, alone)
    expect(await unreadOf(alone)).toBe(1)
    await mark(99, alone)
    await mark(1, alone)
    expect(await unreadOf(alone)).toBe(0)
    await answer(thread.id, alone, 'Three')
    expect(await unreadOf(other)).toBe(1)
    expect((await origin.request('GET', '/threads', { token: other.token })).body).toMatchObject({
      unread: 1,
      items: [{ id: thread.id, unread: 1, last: { text: 'Three', mine: false } }],
    })
    await mark(3, other)
    expect(await unreadOf(other)).toBe(0)
  })

  it('asks for one mail each time that there is something new, with no text and no address in it', async () => {
    const thread = await createTestThread(origin, buyer, (await createTestPost(origin, seller)).id, 'Secret words')
    await answer(thread.id, buyer, 'More')
    expect(await outboxOf(thread.id)).toMatchObject([{ payload: { mail: 'new-message', accountId: seller.id } }])
    await origin.request('PUT', `/threads/${thread.id}/read`, { token: seller.token, body: { upTo: 2 } })
    await answer(thread.id, buyer, 'And more')
    await answer(thread.id, seller, 'Answer')
    const asked = await outboxOf(thread.id)
    expect(asked.map(({ payload }) => payload.accountId)).toEqual([seller.id, seller.id, buyer.id])
    expect(new Set(asked.map(({ payload }) => payload.key)).size).toBe(3)
    expect(JSON.stringify(asked)).not.toMatch(/Secret|More|Answer|@/)
  })

  it('goes on when the post is sold, taken down or has run out, but not when it is removed or deleted', async () => {
    const ends = { sale: 'PUT', publication: 'DELETE' } as const
    for (const [resource, method] of Object.entries(ends)) {
      const post = await createTestPost(origin, seller)
      const thread = await createTestThread(origin, buyer, post.id)
      await origin.request(method, `/posts/${post.id}/${resource}`, { token: seller.token })
      expect((await answer(thread.id, buyer)).status).toBe(201)
      expect((await write(post.id, buyer, 'By the box')).status).toBe(201)
    }
    const moderator = await origin.createAccount({ role: 'moderator' })
    const post = await createTestPost(origin, seller)
    const thread = await createTestThread(origin, buyer, post.id)
    await origin.request('PUT', `/posts/${post.id}/removal`, { token: moderator.token, body: { reason: 'Fraud' } })
    expect((await answer(thread.id, buyer)).body.code).toBe('messages_closed')
    expect((await read(thread.id, buyer)).body).toMatchObject({ open: false, post: { state: 'ended' } })
    const deleted = await createTestPost(origin, seller)
    const left = await createTestThread(origin, buyer, deleted.id)
    await origin.request('DELETE', `/posts/${deleted.id}`, { token: seller.token })
    expect((await answer(left.id, seller)).body.code).toBe('messages_closed')
    expect((await messagesOf(left.id, buyer)).body.items).toHaveLength(1)
    expect((await read(left.id, buyer)).body.post).toMatchObject({ title: deleted.title, state: 'ended' })
  })

  it('waits for whoever writes in the same thread, and numbers go on', async () => {
    const thread = await createTestThread(origin, buyer, (await createTestPost(origin, seller)).id)
    const outcome = await loseRace(
      origin.ctx,
      () => sendMessage(origin.ctx, seller.actor, thread.id, 'After'),
      async trx => {
        const ctx = { ...origin.ctx, db: trx }
        await sendMessage(ctx, buyer.actor, thread.id, 'Before')
      },
    )
    expect(outcome).toMatchObject({ status: 'fulfilled', value: { number: 3, text: 'After' } })
  })

  it('sends nothing when the post’s seller is suspended', async () => {
    const gone = await origin.createAccount()
    const moderator = await origin.createAccount({ role: 'moderator' })
    const thread = await createTestThread(origin, buyer, (await createTestPost(origin, gone)).id)
    await origin.request('PUT', `/accounts/${gone.id}/suspension`, {
      token: moderator.token,
      body: { reason: 'Fraud' },
    })
    expect((await answer(thread.id, buyer)).body.code).toBe('messages_closed')
    expect((await answer(thread.id, gone)).status).toBe(401)
  })
})

describe('strangers', () => {
  it('do not learn that a thread is there, moderators included', async () => {
    const thread = await createTestThread(origin, buyer, (await createTestPost(origin, seller)).id)
    for (const role of ['member', 'moderator'] as const) {
      const stranger = await origin.createAccount({ role })
      for (const id of [thread.id, createId('na'), 'nonsense']) {
        expect((await read(id, stranger)).body.code).toBe('thread_not_found')
        expect((await messagesOf(id, stranger)).body.code).toBe('thread_not_found')
        expect((await answer(id, stranger)).body.code).toBe('thread_not_found')
      }
    }
  })
})

describe('blocks', () => {
  it.each(['seller', 'buyer'] as const)('by the %s end the thread for both, and only they lift it', async side => {
    const [first, second] = [await origin.createAccount(), await origin.createAccount()]
    const post = await createTestPost(origin, first)
    const thread = await createTestThread(origin, second, post.id)
    const [blocker, blocked] = side === 'seller' ? [first, second] : [second, first]
    const block = (method: 'PUT' | 'DELETE', { token }: TestAccount) =>
      origin.request(method, `/threads/${thread.id}/block`, { token })
    expect((await block('PUT', blocker)).status).toBe(204)
    expect((await block('PUT', blocker)).status).toBe(204)
    const refused = await answer(thread.id, blocked)
    expect(refused.body).toMatchObject({ status: 403, code: 'messages_blocked' })
    expect(refused.body.detail).toBe('This person takes no messages from you any more')
    expect((await answer(thread.id, blocker)).body.detail).toContain('Unblock'.toLowerCase())
    expect((await read(thread.id, blocked)).body).toMatchObject({ open: false, blocked: 'by_them' })
    expect((await read(thread.id, blocker)).body).toMatchObject({ open: false, blocked: 'by_you' })
    await block('DELETE', blocked)
    expect((await answer(thread.id, blocked)).status).toBe(403)
    await block('DELETE', blocker)
    expect((await answer(thread.id, blocked)).status).toBe(201)
  })

  it('hold for every other post of the same person', async () => {
    const person = await origin.createAccount()
    const posts = [await createTestPost(origin, person), await createTestPost(origin, person)]
    const thread = await createTestThread(origin, buyer, posts[0]?.id ?? '')
    await origin.request('PUT', `/threads/${thread.id}/block`, { token: person.token })
    expect((await write(posts[1]?.id ?? '', buyer)).body.code).toBe('messages_blocked')
    expect(
      await origin.ctx.db
        .selectFrom('threads')
        .select('id')
        .where('post_id', '=', posts[1]?.id ?? '')
        .execute(),
    ).toEqual([])
  })
})

describe('deleteForgottenThreads', () => {
  it('deletes what nobody has written in for long about a post that is gone, and nothing else', async () => {
    const [owner, other] = [await origin.createAccount(), await origin.createAccount()]
    const [kept, gone] = [await createTestPost(origin, owner), await createTestPost(origin, owner)]
    const stays = await createTestThread(origin, buyer, kept.id)
    const forgotten = await createTestThread(origin, buyer, gone.id)
    const lively = await createTestThread(origin, other, gone.id)
    await origin.request('DELETE', `/posts/${gone.id}`, { token: owner.token })
    const long = new Date(clock.now().getTime() - 1_000_000)
    const old = [stays.id, forgotten.id]
    await origin.ctx.db.updateTable('threads').set({ last_activity_at: long }).where('id', 'in', old).execute()
    expect(await deleteForgottenThreads(origin.ctx, new Date(long.getTime() + 1))).toBe(1)
    expect((await read(stays.id, buyer)).status).toBe(200)
    expect((await read(lively.id, other)).status).toBe(200)
    expect((await read(forgotten.id, buyer)).status).toBe(404)
    const { body } = await origin.request('GET', '/threads?limit=100', { token: buyer.token })
    expect(body.items.map(({ id }: { id: string }) => id)).not.toContain(forgotten.id)
  })
})

describe('limits', () => {
  it('let an account write so many messages an hour, and say when one more fits', async () => {
    const chatty = await origin.createAccount()
    const thread = await createTestThread(origin, chatty, (await createTestPost(origin, seller)).id)
    const past = new Date(clock.now().getTime() - 1_800_000)
    const rows = Array.from({ length: messageLimits.messages - 1 }, (_, n) => ({
      id: createId('na'),
      thread_id: thread.id,
      number: n + 1_000,
      sender_id: chatty.id,
      text: 'x',
      created_at: past,
    }))
    await origin.ctx.db.insertInto('messages').values(rows).execute()
    const refused = await answer(thread.id, chatty)
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(refused.headers.get('retry-after')).toBe('1800')
    expect((await answer(thread.id, seller)).status).toBe(201)
    clock.advance(1_800_000)
    const { token } = { token: await origin.signIn(chatty.email, chatty.password) }
    expect((await answer(thread.id, { ...chatty, token })).status).toBe(201)
  })

  it('let an account open so many threads an hour', async () => {
    const eager = await origin.createAccount()
    const past = new Date(clock.now().getTime() - 600_000)
    const rows = Array.from({ length: messageLimits.threads }, () => ({
      id: createId('na'),
      post_id: createId('na'),
      post_title: 'x',
      seller_id: seller.id,
      buyer_id: eager.id,
      buyer_name: 'x',
      created_at: past,
      last_activity_at: past,
      last_number: 0,
    }))
    await origin.ctx.db.insertInto('threads').values(rows).execute()
    const { token } = { token: await origin.signIn(eager.email, eager.password) }
    const fresh = await origin.createAccount()
    const post = await createTestPost(origin, fresh)
    const refused = await write(post.id, { ...eager, token })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3000'])
  })
})

describe('listThreads and listMessages', () => {
  it('page by keyset, the last active first, over both sides', async () => {
    const person = await origin.createAccount()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      clock.advance(1_000)
      const other = await origin.createAccount()
      const [owner, writer] = n % 2 ? [person, other] : [other, person]
      ids.unshift((await createTestThread(origin, writer, (await createTestPost(origin, owner)).id)).id)
    }
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await origin.request('GET', `/threads?limit=2${cursor && `&cursor=${cursor}`}`, {
        token: person.token,
      })
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
    } while (cursor)
    expect(seen).toEqual(ids)
    expect((await origin.request('GET', '/threads?cursor=x', { token: person.token })).body.code).toBe('invalid_cursor')
  })

  it('page the messages of a thread', async () => {
    const [one, two] = [await origin.createAccount(), await origin.createAccount()]
    const thread = await createTestThread(origin, two, (await createTestPost(origin, one)).id)
    for (const text of ['2', '3', '4', '5']) await answer(thread.id, one, text)
    const first = await messagesOf(thread.id, two, '?limit=3')
    const second = await messagesOf(thread.id, two, `?limit=3&cursor=${first.body.nextCursor}`)
    const numbers = [...first.body.items, ...second.body.items].map(({ number }) => number)
    expect([numbers, second.body.nextCursor]).toEqual([[5, 4, 3, 2, 1], null])
  })
})
