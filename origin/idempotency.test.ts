import { beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../shared/errors.ts'
import { fingerprintOf, onceFor, readIdempotencyKey } from './idempotency.ts'
import { type Clock, createClock } from './testing/clock.ts'
import type { TestAccount } from './testing/factories.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { somePost } from './testing/posts.ts'

const day = 86_400_000
const fingerprint = fingerprintOf('POST', '/things', null)

let origin: TestOrigin
let account: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  account = await origin.createAccount()
})

describe('POST /posts with an Idempotency-Key', () => {
  it('makes one post and gives the same reply again: status, headers and body', async () => {
    const key = crypto.randomUUID()
    const post = { ...somePost(), title: `Twice ${key}` }
    const first = await create(key, post)
    const second = await create(key, post)
    expect(first.status).toBe(201)
    expect(second).toMatchObject({ status: 201, text: first.text })
    for (const name of ['location', 'etag', 'content-type'])
      expect(second.headers.get(name)).toBe(first.headers.get(name))
    expect(await countPosts(post.title)).toBe(1)
  })

  it('gives the same reply also after the post has changed', async () => {
    const key = crypto.randomUUID()
    const first = await create(key)
    await origin.request('PUT', `/posts/${first.body.id}/publication`, { token: account.token })
    expect((await create(key)).text).toBe(first.text)
  })

  it('makes one post of ten requests at once; the others hear that it is under way, or the same reply', async () => {
    const key = crypto.randomUUID()
    const post = { ...somePost(), title: `At once ${key}` }
    const replies = await Promise.all(Array.from({ length: 10 }, () => create(key, post)))
    const made = replies.filter(reply => reply.status === 201)
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(made.map(reply => reply.text)).size).toBe(1)
    for (const reply of replies.filter(one => one.status !== 201)) {
      expect(reply.body).toMatchObject({ status: 409, code: 'idempotency_in_flight' })
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await countPosts(post.title)).toBe(1)
  })

  it('refuses another body under the same key', async () => {
    const key = crypto.randomUUID()
    await create(key)
    const reply = await create(key, { ...somePost(), title: 'Something else' })
    expect(reply.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' })
  })

  it('keeps the keys of two accounts apart', async () => {
    const other = await origin.createAccount()
    const key = crypto.randomUUID()
    const mine = await create(key)
    const theirs = await create(key, somePost(), other)
    expect(theirs.status).toBe(201)
    expect(theirs.body.id).not.toBe(mine.body.id)
  })

  it('leaves the key free when the request was refused', async () => {
    const key = crypto.randomUUID()
    const outside = { ...somePost(), location: somePost('eu').location }
    expect((await create(key, outside)).status).toBe(422)
    expect((await create(key)).status).toBe(201)
  })

  it.each(['""', ' ', 'x'.repeat(256), 'a b', 'é'])('refuses the key %j', async key => {
    const reply = await origin.request('POST', '/posts', {
      token: account.token,
      body: somePost(),
      headers: { 'idempotency-key': key === ' ' ? '" "' : key },
    })
    expect(reply.body).toMatchObject({ status: 400, code: 'bad_request' })
  })
})

describe('readIdempotencyKey', () => {
  it('reads a quoted string and a bare token as the same key', () => {
    expect(readIdempotencyKey('"8e03978e"')).toBe('8e03978e')
    expect(readIdempotencyKey('8e03978e')).toBe('8e03978e')
    expect(readIdempotencyKey(undefined)).toBeUndefined()
  })
})

describe('onceFor', () => {
  it('does the work again after 24 hours', async () => {
    const clock = createClock()
    const key = crypto.randomUUID()
    const first = await once(clock, key, 'first')
    clock.advance(day - 1)
    expect(await once(clock, key, 'second')).toMatchObject(first)
    clock.advance(2)
    expect(await once(clock, key, 'third')).toMatchObject({ body: 'third' })
  })

  it('holds the key of a process that died until its lease ends, and then lets the same request take it over', async () => {
    const clock = createClock()
    const key = crypto.randomUUID()
    await dieHolding(clock, key)
    await expect(once(clock, key, 'retry')).rejects.toMatchObject({ code: 'idempotency_in_flight' })
    clock.advance(10_001)
    const other = onceFor(at(clock), account.actor, key, fingerprintOf('POST', '/others', null), async () => ({}))
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' })
    expect(await once(clock, key, 'retry')).toMatchObject({ body: 'retry' })
  })

  it('undoes the work of a process that outlived its lease when another has taken over', async () => {
    const clock = createClock()
    const key = crypto.randomUUID()
    const slow = onceFor(at(clock), account.actor, key, fingerprint, async trx => {
      clock.advance(10_001)
      await once(clock, key, 'overtaker')
      await trx.insertInto('post_tombstones').values({ id: key, deleted_at: clock.now() }).execute()
      return { body: 'slow' }
    })
    await expect(slow).rejects.toMatchObject({ code: 'idempotency_in_flight' })
    expect(await once(clock, key, 'again')).toMatchObject({ body: 'overtaker' })
    const undone = await origin.ctx.db.selectFrom('post_tombstones').select('id').where('id', '=', key).execute()
    expect(undone).toEqual([])
  })

  it('frees the key of work that threw', async () => {
    const clock = createClock()
    const key = crypto.randomUUID()
    const failing = onceFor(at(clock), account.actor, key, fingerprint, async () => {
      throw new AppError('conflict')
    })
    await expect(failing).rejects.toMatchObject({ code: 'conflict' })
    expect(await once(clock, key, 'next')).toMatchObject({ body: 'next' })
  })
})

function create(key: string, body: object = somePost(), { token }: TestAccount = account) {
  return origin.request('POST', '/posts', { token, body, headers: { 'idempotency-key': `"${key}"` } })
}

async function countPosts(title: string): Promise<number> {
  const rows = await origin.ctx.db
    .selectFrom('posts')
    .select('id')
    .where('title', '=', title)
    .where('account_id', '=', account.id)
    .execute()
  return rows.length
}

function at(clock: Clock) {
  return { db: origin.ctx.db, now: clock.now }
}

function once(clock: Clock, key: string, body: string) {
  return onceFor(at(clock), account.actor, key, fingerprint, async () => ({ status: 201, body }))
}

/** Leaves the row that a process leaves which was killed in the middle of its work. */
async function dieHolding(clock: Clock, key: string): Promise<void> {
  const now = clock.now()
  const held = {
    locked_until: new Date(now.getTime() + 10_000),
    status: null,
    headers: null,
    body: null,
    created_at: now,
  }
  await origin.ctx.db
    .insertInto('idempotency_keys')
    .values({ account_id: account.id, key, fingerprint, ...held })
    .execute()
}
