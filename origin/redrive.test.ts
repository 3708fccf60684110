import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobKind, JobPayload } from '../shared/jobs.ts'
import type { Mail } from './adapters/ses.ts'
import type { Queues } from './adapters/sqs.ts'
import { startConsumer } from './consumer.ts'
import { readDeadLetters, redrive } from './dead-letters.ts'
import { recordEvent } from './outbox.ts'
import { replayOutbox } from './outbox-state.ts'
import { relayRows } from './relay.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { createTestPost } from './testing/posts.ts'
import { countIn, createTestQueues, drain, type TestQueues } from './testing/queues.ts'

let origin: TestOrigin
let stand: TestQueues
let queues: Queues
beforeAll(async () => {
  origin = await createTestOrigin()
  stand = await createTestQueues()
  queues = stand.of('na')
})
afterAll(() => stand.close())

/** Publishes what is recorded and lets all of it end as dead letters, as if the worker had failed for an hour. */
async function failEverything(): Promise<number> {
  while ((await relayRows(origin.ctx, queues)) > 0);
  let count = 0
  for (const queue of ['mail', 'index', 'purge'] as const) {
    const allDead = async () => {
      for (const { body, attributes } of await drain(queues, queue)) {
        await queues.send({ queue, dead: true }, [{ body, attributes }])
        count++
      }
      return countIn(queues, queue) // what an ended poll had taken comes back after a second
    }
    await expect.poll(allDead, { timeout: 5_000 }).toBe(0)
  }
  return count
}

/** Redrives all dead letters and works until nothing is left. @returns the mails that went out */
async function redriveEverything(): Promise<Mail[]> {
  for (const queue of ['mail', 'index', 'purge'] as const) await redrive(origin.ctx, queues, queue)
  return workUntilDone()
}

async function workUntilDone(): Promise<Mail[]> {
  const mails: Mail[] = []
  const mailer = {
    async send(mail: Mail) {
      mails.push(mail)
      return { messageId: crypto.randomUUID() }
    },
  }
  const only = ['mail', 'index', 'purge'] as const
  const worker = startConsumer({ ...origin.ctx, mailer }, queues, { only, waitSeconds: 1, stopWithin: 2 })
  const left = async () => (await Promise.all(only.map(queue => countIn(queues, queue)))).reduce((a, b) => a + b)
  await expect.poll(left, { timeout: 15_000 }).toBe(0)
  await worker.stop()
  return mails
}

const record = <K extends JobKind>(kind: K, payload: JobPayload<K>) =>
  origin.ctx.db
    .transaction()
    .execute(trx => recordEvent(trx, { kind, about: { id: 'x', version: 1 }, payload } as never))

describe('redriving after a delete', () => {
  it('brings no post back and writes to nobody about it', async () => {
    const seller = await origin.createAccount()
    const { id } = await createTestPost(origin, seller)
    expect(await failEverything()).toBeGreaterThanOrEqual(2) // its mail and its purge
    expect((await origin.request('DELETE', `/posts/${id}`, { token: seller.token })).status).toBe(204)
    expect(await redriveEverything()).toEqual([])
    expect((await origin.request('GET', `/posts/${id}`)).status).toBe(410)
    expect(await origin.ctx.db.selectFrom('posts').select('id').execute()).toEqual([])
  })

  it('sends the mail once to whoever is still there', async () => {
    const seller = await origin.createAccount()
    await createTestPost(origin, seller)
    await failEverything()
    expect((await redriveEverything()).map(mail => mail.to)).toEqual([seller.email])
    expect(await replayOutbox(origin.ctx, new Date(0))).toBeGreaterThan(0)
    while ((await relayRows(origin.ctx, queues)) > 0);
    expect(await workUntilDone()).toEqual([])
  })

  it('brings no thread back: old news does not overwrite that it is gone', async () => {
    const buyer = await origin.createAccount()
    const news = {
      threadId: 'eu_01m8348b000000000000000001',
      buyerId: buyer.id,
      sellerId: 'eu_01m83489s00000000000000003',
      postId: 'eu_01m8348av8f0erjt01pey91fds',
      postTitle: 'Dutch city bike',
      lastActivityAt: new Date().toISOString(),
      unread: 1,
    }
    await record('thread.changed', { ...news, version: 1, deleted: false })
    await failEverything()
    await record('thread.changed', { ...news, version: 2, deleted: true })
    await relayRows(origin.ctx, queues)
    await workUntilDone()
    expect(await countIn(queues, 'index', true)).toBe(1)
    await redriveEverything()
    expect(await countIn(queues, 'index', true)).toBe(0)
    const mirrors = await origin.ctx.db.selectFrom('thread_mirrors').selectAll().execute()
    expect(mirrors).toMatchObject([{ version: 2, post_title: '', deleted_at: expect.any(Date) }])
  })
})

it('redriving ends though each letter comes back at once, poison as before', async () => {
  const letter = () => ({
    body: '{}',
    attributes: { kind: 'from.tomorrow', version: '1', 'dedup-id': crypto.randomUUID(), reason: 'unknown' },
  })
  await queues.send({ queue: 'purge', dead: true }, [letter(), letter()])
  const worker = startConsumer(origin.ctx, queues, { only: ['purge'], waitSeconds: 1, stopWithin: 2 })
  expect(await redrive(origin.ctx, queues, 'purge')).toBe(2)
  await expect.poll(() => countIn(queues, 'purge', true), { timeout: 5_000 }).toBe(2)
  await worker.stop()
  expect(await readDeadLetters(origin.ctx, queues, 'purge')).toHaveLength(2)
})
