import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobKind } from '../shared/jobs.ts'
import type { Queues } from './adapters/sqs.ts'
import { startConsumer } from './consumer.ts'
import { redrive } from './dead-letters.ts'
import { type Handler, once } from './job.ts'
import { writeMessage } from './message.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { countIn, createTestQueues, type TestQueues } from './testing/queues.ts'

const messages = 20_000
const poisonEvery = 100
let origin: TestOrigin
let stand: TestQueues
beforeAll(async () => {
  origin = await createTestOrigin()
  stand = await createTestQueues()
  await sql`CREATE TABLE effects (job_id uuid NOT NULL)`.execute(origin.ctx.db)
})
afterAll(() => stand.close())

it(`${messages.toLocaleString('en')} messages through a queue that misbehaves: each effect once, poison in the dead-letter queue after five deliveries, all of it redriven`, async () => {
  const sound = stand.of('na')
  const { queues, faults } = misbehaving(sound)
  const ids = await publishAll(queues)
  const poison = new Set(ids.filter((_, i) => i % poisonEvery === 0))
  const seen = new Map<string, number>()
  let cured = false
  let redelivered = 0

  const handler: Handler<'purge'> = async (ctx, job) => {
    if (poison.has(job.id) && !cured) {
      seen.set(job.id, (seen.get(job.id) ?? 0) + 1)
      throw new Error('poison')
    }
    if (job.receives > 1) redelivered++
    await once(ctx, job, async trx => {
      await sql`INSERT INTO effects (job_id) VALUES (${job.id})`.execute(trx)
    })
    await faults.afterWork(job.id)
  }
  const handlers = { purge: handler } as unknown as { [K in JobKind]: Handler<K> }
  const options = {
    only: ['purge'],
    handlers,
    atOnce: 200,
    waitSeconds: 1,
    retryAfter: () => 1,
    stopWithin: 5,
  } as const
  const workers = [startConsumer(origin.ctx, queues, options), startConsumer(origin.ctx, queues, options)]

  await expect.poll(() => countIn(sound, 'purge'), { timeout: 150_000, interval: 250 }).toBe(0)
  const dead = await countIn(sound, 'purge', true)
  expect(faults.counts.duplicates).toBeGreaterThan(messages / 20)
  expect(faults.counts.expiries).toBeGreaterThan(messages / 40)
  expect(redelivered).toBeGreaterThan(messages / 40)
  expect(await effects()).toEqual({ jobs: messages - poison.size, effects: messages - poison.size })

  // Each message of poison was delivered five times and then moved; a duplicated one counts by itself.
  expect(dead).toBe(poison.size + faults.counts.poisonDuplicates(poison))
  for (const id of poison) expect(seen.get(id)).toBe(5 * (1 + faults.counts.duplicatesOf(id)))

  cured = true
  expect(await redrive(origin.ctx, sound, 'purge')).toBe(dead)
  await expect.poll(() => countIn(sound, 'purge'), { timeout: 30_000, interval: 250 }).toBe(0)
  await Promise.all(workers.map(worker => worker.stop()))
  expect(await countIn(sound, 'purge', true)).toBe(0)
  expect(await effects()).toEqual({ jobs: messages, effects: messages })
  expect(await origin.ctx.db.selectFrom('job_failures').selectAll().execute()).toEqual([])
}, 300_000)

async function effects() {
  const { rows } = await sql<{ jobs: number; effects: number }>`
    SELECT count(DISTINCT job_id)::int AS jobs, count(*)::int AS effects FROM effects`.execute(origin.ctx.db)
  return rows[0]
}

async function publishAll(queues: Queues): Promise<string[]> {
  const ids = Array.from({ length: messages }, () => crypto.randomUUID())
  const calls = Array.from({ length: messages / 10 }, (_, i) => ids.slice(i * 10, i * 10 + 10))
  const send = async () => {
    for (let call = calls.pop(); call; call = calls.pop()) {
      await queues.send({ queue: 'purge' }, call.map(messageOf))
    }
  }
  await Promise.all(Array.from({ length: 8 }, send))
  return ids
}

function messageOf(id: string) {
  const row = { job_id: id, kind: 'purge', version: 1, traceparent: null, aggregate_id: 'post:x', aggregate_version: 1 }
  return writeMessage({ ...row, payload: { tags: ['post:x'], sessions: [] } }, new Date())
}

/**
 * Lets a queue do the worst that it may: one message in ten is sent twice, a batch comes in any order, and one lease in twenty
 * ends while the work goes on, so that the message is delivered again before it is done.
 */
function misbehaving(sound: Queues) {
  const duplicated = new Map<string, number>()
  const expiring = new Set<string>()
  let duplicates = 0
  let expiries = 0
  const queues: Queues = {
    ...sound,
    async send(to, all) {
      const again = all.filter(() => Math.random() < 0.1)
      for (const { attributes } of again) {
        const id = attributes['dedup-id'] ?? ''
        duplicated.set(id, (duplicated.get(id) ?? 0) + 1)
      }
      duplicates += again.length
      if (again.length > 0) await sound.send(to, again)
      return sound.send(to, all)
    },
    async receive(from, options) {
      const taken = await sound.receive(from, options)
      const lost = taken.filter(() => Math.random() < 0.05)
      if (lost.length > 0) {
        await sound.extend(
          from,
          lost.map(message => message.handle),
          1,
        )
        for (const { attributes } of lost) expiring.add(attributes['dedup-id'] ?? '')
        expiries += lost.length
      }
      return taken.sort(() => Math.random() - 0.5)
    },
  }
  return {
    queues,
    faults: {
      /** Holds a job whose lease is to end until that has happened. */
      async afterWork(id: string) {
        if (expiring.delete(id)) await new Promise(resolve => setTimeout(resolve, 1_100))
      },
      counts: {
        get duplicates() {
          return duplicates
        },
        get expiries() {
          return expiries
        },
        duplicatesOf: (id: string) => duplicated.get(id) ?? 0,
        poisonDuplicates: (poison: Set<string>) => [...poison].reduce((sum, id) => sum + (duplicated.get(id) ?? 0), 0),
      },
    },
  }
}
