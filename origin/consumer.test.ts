import { Kysely, PostgresDialect } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JobKind } from '../shared/jobs.ts'
import type { Queues } from './adapters/sqs.ts'
import { type ConsumerOptions, retrySeconds, startConsumer } from './consumer.ts'
import type { Database } from './db/schema.ts'
import { type Handler, once, PoisonError } from './job.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
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
beforeEach(async () => {
  await drain(queues, 'purge')
  await drain(queues, 'purge', true)
})

/** Puts a purge job on the queue as the relay would. @returns its id */
async function publish(
  tag: string,
  changed: { attributes?: Record<string, string>; body?: string } = {},
): Promise<string> {
  const id = crypto.randomUUID()
  const attributes = { kind: 'purge', version: '1', 'dedup-id': id, ...changed.attributes }
  const publishedAt = new Date().toISOString()
  const body = { aggregateId: tag, aggregateVersion: 1, publishedAt, payload: { tags: [tag], sessions: [] } }
  await queues.send({ queue: 'purge' }, [{ body: changed.body ?? JSON.stringify(body), attributes }])
  return id
}

/** A worker of the purge queue whose only handler is the given one. */
function work(handler: Handler<'purge'>, options: ConsumerOptions = {}) {
  const handlers = { purge: handler } as unknown as { [K in JobKind]: Handler<K> }
  const quick = { only: ['purge'], waitSeconds: 1, retryAfter: () => 1, handlers, stopWithin: 1 } as const
  return startConsumer(origin.ctx, queues, { ...quick, ...options })
}

/** Waits for a message and deletes it: what an ended poll had taken comes back after a second. */
async function takeOne() {
  const [message] = await queues.receive({ queue: 'purge' }, { max: 1, waitSeconds: 5, leaseSeconds: 60 })
  if (message) await queues.remove({ queue: 'purge' }, [message.handle])
  return message
}

const failureOf = (id: string) =>
  origin.ctx.db.selectFrom('job_failures').selectAll().where('id', '=', id).executeTakeFirst()
const patient = { timeout: 10_000, interval: 30 }

describe('startConsumer', () => {
  it('hands a job to its handler and deletes the message afterwards', async () => {
    const seen: unknown[] = []
    const worker = work(async (_, job) => void seen.push(job))
    const id = await publish('post:a', { attributes: { traceparent: '00-trace' } })
    await expect.poll(() => countIn(queues, 'purge'), patient).toBe(0)
    await worker.stop()
    expect(seen).toEqual([
      {
        id,
        kind: 'purge',
        version: 1,
        traceparent: '00-trace',
        receives: 1,
        aggregateId: 'post:a',
        aggregateVersion: 1,
        publishedAt: expect.any(Date),
        payload: { tags: ['post:a'], sessions: [] },
      },
    ])
  })

  it('tries a failed job again, keeps its last error, and forgets it when it is done', async () => {
    let attempts = 0
    const worker = work(async () => {
      attempts++
      if (attempts < 3) throw new Error(`no luck ${attempts}`)
    })
    const id = await publish('post:b')
    await expect.poll(() => failureOf(id), patient).toMatchObject({ failures: 2, last_error: 'Error: no luck 2' })
    await expect.poll(() => countIn(queues, 'purge'), patient).toBe(0)
    await expect.poll(() => failureOf(id), patient).toBeUndefined()
    await worker.stop()
    expect(attempts).toBe(3)
  })

  it('leaves a job that always throws to SQS, which moves it after five deliveries; its error is kept', async () => {
    let attempts = 0
    const worker = work(async () => {
      attempts++
      throw new Error('never')
    })
    const id = await publish('post:c')
    await expect.poll(() => countIn(queues, 'purge', true), { timeout: 15_000 }).toBe(1)
    await worker.stop()
    expect(attempts).toBe(5)
    expect(await failureOf(id)).toMatchObject({
      queue: 'purge',
      kind: 'purge',
      failures: 5,
      last_error: 'Error: never',
    })
  })

  it.each([
    ['an unknown kind', { attributes: { kind: 'from.tomorrow' } }, 'The kind "from.tomorrow" is unknown'],
    ['a kind of Object.prototype', { attributes: { kind: 'constructor' } }, 'The kind "constructor" is unknown'],
    ['an unknown version', { attributes: { version: '99' } }, /version 99/],
    ['an id that is none', { attributes: { 'dedup-id': '7' } }, /dedup-id/],
    ['a body that is no JSON', { body: '{"payload":' }, /The body cannot be read/],
    [
      'a payload that is not in order',
      {
        body: JSON.stringify({
          aggregateId: 'x',
          aggregateVersion: 1,
          publishedAt: new Date().toISOString(),
          payload: 7,
        }),
      },
      /The payload of "purge" cannot be read/,
    ],
  ])('moves a message with %s to the dead-letter queue at once, with the reason', async (_, changed, reason) => {
    let attempts = 0
    const worker = work(async () => void attempts++)
    await publish('post:d', changed)
    await expect.poll(() => countIn(queues, 'purge', true), patient).toBe(1)
    await expect.poll(() => countIn(queues, 'purge'), patient).toBe(0)
    await worker.stop()
    const [dead] = await drain(queues, 'purge', true)
    expect(dead?.attributes.reason).toMatch(reason)
    expect(attempts).toBe(0)
  })

  it('moves what a handler calls poison at once', async () => {
    const worker = work(async () => {
      throw new PoisonError('the post it names cannot exist')
    })
    await publish('post:e')
    await expect.poll(() => countIn(queues, 'purge', true), patient).toBe(1)
    await worker.stop()
    expect(await drain(queues, 'purge', true)).toMatchObject([
      { attributes: { reason: 'the post it names cannot exist', kind: 'purge' } },
    ])
  })

  it('extends the lease of a job that takes long, so that nobody else gets it', async () => {
    let attempts = 0
    let finish = () => {}
    const handler = () => {
      attempts++
      return new Promise<void>(resolve => {
        finish = resolve
      })
    }
    const workers = [work(handler, { leaseSeconds: 2 }), work(handler, { leaseSeconds: 2 })]
    await publish('post:f')
    await expect.poll(() => attempts, patient).toBe(1)
    await new Promise(resolve => setTimeout(resolve, 3_500)) // longer than a lease
    expect(attempts).toBe(1)
    finish()
    await expect.poll(() => countIn(queues, 'purge'), patient).toBe(0)
    await Promise.all(workers.map(worker => worker.stop()))
    expect(attempts).toBe(1)
  })

  it('works on no more jobs at a time than it may', async () => {
    let now = 0
    let most = 0
    const worker = work(
      async () => {
        most = Math.max(most, ++now)
        await new Promise(resolve => setTimeout(resolve, 30))
        now--
      },
      { atOnce: 3 },
    )
    await Promise.all(Array.from({ length: 20 }, (_, i) => publish(`post:g${i}`)))
    await expect.poll(() => countIn(queues, 'purge'), patient).toBe(0)
    await worker.stop()
    expect(most).toBe(3)
  })

  it('asked to stop, takes nothing more and lets the job in flight finish', async () => {
    let finish = () => {}
    let begun = 0
    // What the queue hands to a poll that has just ended is there again after its lease: a short one here.
    const worker = work(
      () => {
        begun++
        return new Promise<void>(resolve => {
          finish = resolve
        })
      },
      { leaseSeconds: 2 },
    )
    await publish('post:h')
    await expect.poll(() => begun, patient).toBe(1)
    const stopped = worker.stop()
    await publish('post:i')
    finish()
    await stopped
    expect(begun).toBe(1)
    expect(await takeOne()).toBeDefined()
  })

  it('asked to stop, gives back after its time what has not finished', async () => {
    let begun = 0
    const worker = work(
      () => {
        begun++
        return new Promise<void>(() => {})
      },
      { stopWithin: 0.2 },
    )
    await publish('post:j')
    await expect.poll(() => begun, patient).toBe(1)
    const since = performance.now()
    await worker.stop()
    expect(performance.now() - since).toBeLessThan(2_000)
    expect(await takeOne()).toMatchObject({ receives: 2 })
  })

  it('notes a job that was taken again and again and never ended', async () => {
    const id = await publish('post:k')
    for (let i = 0; i < 2; i++) {
      await queues.receive({ queue: 'purge' }, { max: 1, waitSeconds: 3, leaseSeconds: 1 }) // and the process dies
    }
    let noted: unknown
    const worker = work(async (_, job) => {
      noted = await failureOf(job.id)
    })
    await expect
      .poll(() => noted, patient)
      .toMatchObject({ failures: 0, last_error: expect.stringMatching(/taken 2 times/) })
    await expect.poll(() => failureOf(id), patient).toBeUndefined()
    await worker.stop()
  })

  it('takes nothing while Postgres does not answer', async () => {
    const broken = { ...origin.ctx, db: (await createTestOrigin()).ctx.db }
    await broken.db.destroy()
    const handlers = { purge: async () => {} } as unknown as { [K in JobKind]: Handler<K> }
    const worker = startConsumer(broken, queues, { only: ['purge'], handlers, stopWithin: 1 })
    await publish('post:l')
    await new Promise(resolve => setTimeout(resolve, 500))
    await worker.stop()
    expect(await takeOne()).toMatchObject({ receives: 1 })
  })

  it('stops in its time also when Postgres hangs', async () => {
    const pool = { options: {}, connect: () => new Promise<never>(() => {}), end: async () => {} }
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
    const worker = startConsumer({ ...origin.ctx, db }, queues, { only: ['purge'], stopWithin: 0.1 })
    await worker.stop()
  })
})

describe('once', () => {
  const job = () => ({ id: crypto.randomUUID(), kind: 'purge' as const })

  it('does an effect once, also when two deliveries come at a time', async () => {
    const one = job()
    let effects = 0
    const deliver = () => once(origin.ctx, one, async () => ++effects)
    expect((await Promise.all([deliver(), deliver(), deliver()])).filter(result => result !== undefined)).toEqual([1])
    expect(await deliver()).toBeUndefined()
  })

  it('does it again when the effect did not commit', async () => {
    const one = job()
    const failing = once(origin.ctx, one, async () => {
      throw new Error('not committed')
    })
    await expect(failing).rejects.toThrow('not committed')
    expect(await once(origin.ctx, one, async () => 'done')).toBe('done')
  })
})

describe('retrySeconds', () => {
  it('waits four times as long after each delivery, up to half of it less by chance', () => {
    for (const [receives, most] of [
      [1, 2],
      [2, 8],
      [4, 128],
      [9, 900],
    ] as const) {
      expect(retrySeconds(receives)).toBeLessThanOrEqual(most)
      expect(retrySeconds(receives)).toBeGreaterThanOrEqual(most / 2)
    }
  })
})
