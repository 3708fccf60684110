import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import type { JobKind } from '../shared/jobs.ts'
import type { Queues, ReceivedMessage } from './adapters/sqs.ts'
import { startConsumer } from './consumer.ts'
import { redrive } from './dead-letters.ts'
import { type Handler, once } from './job.ts'
import { writeMessage } from './message.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { createMisbehaving } from './testing/misbehaving.ts'
import { countIn, createTestQueues, type TestQueues } from './testing/queues.ts'

const messages = 20_000
const poisonEvery = 100
/** Decides which message is sent twice, which lease ends and in which order a batch comes; so a failure can be had again. */
const seed = process.env.FAULTS_SEED ?? crypto.randomUUID().slice(0, 8)
let origin: TestOrigin
let stand: TestQueues
beforeAll(async () => {
  origin = await createTestOrigin()
  stand = await createTestQueues()
  await sql`CREATE TABLE effects (job_id uuid NOT NULL)`.execute(origin.ctx.db)
})
afterAll(() => stand.close())

it(`${messages.toLocaleString('en')} messages through a queue that misbehaves: each effect once, poison in the dead-letter queue after five deliveries, all of it redriven`, async () => {
  onTestFailed(() =>
    console.log(
      `The faults were those of seed ${seed}: FAULTS_SEED=${seed} npx vitest run --project origin origin/faults.test.ts`,
    ),
  )
  const sound = stand.of('na')
  const { queues, faults } = createMisbehaving(sound, seed)
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

  await expect.poll(() => countIn(sound, 'purge'), { timeout: 400_000, interval: 250 }).toBe(0)
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
  await expect.poll(() => countIn(sound, 'purge'), { timeout: 120_000, interval: 250 }).toBe(0)
  await Promise.all(workers.map(worker => worker.stop()))
  expect(await countIn(sound, 'purge', true)).toBe(0)
  expect(await effects()).toEqual({ jobs: messages, effects: messages })
  expect(await origin.ctx.db.selectFrom('job_failures').selectAll().execute()).toEqual([])
}, 600_000)

async function effects() {
  const { rows } = await sql<{ jobs: number; effects: number }>`
    SELECT count(DISTINCT job_id)::int AS jobs, count(*)::int AS effects FROM effects`.execute(origin.ctx.db)
  return rows[0]
}

async function publishAll(queues: Queues): Promise<string[]> {
  const ids = Array.from({ length: messages }, (_, i) => uuidOf(`${seed} ${i}`))
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

/** The same id for the same text. */
function uuidOf(text: string): string {
  const [, a, b, c, d] = /^(.{8})(.{4}).(.{3}).(.{3})/.exec(createHash('sha256').update(text).digest('hex')) ?? []
  return `${a}-${b}-4${c}-8${d}-${createHash('sha256').update(`${text} end`).digest('hex').slice(0, 12)}`
}

describe('the faults of a seed', () => {
  const ids = Array.from({ length: 2_000 }, (_, i) => uuidOf(`some ${i}`))

  /** What goes wrong with each message, in whatever order it is met. */
  async function faultsOf(seed: string, order: readonly string[]) {
    const extended: string[] = []
    const received = (id: string): ReceivedMessage => ({
      ...messageOf(id),
      messageId: id,
      handle: id,
      receives: 1,
      sentAt: new Date(),
    })
    const sound = {
      send: async (_: unknown, all: object[]) => all.map(() => undefined),
      receive: async () => order.slice(0, 10).map(received),
      extend: async (_: unknown, handles: string[]) => extended.push(...handles) && [],
    } as unknown as Queues
    const { queues, faults } = createMisbehaving(sound, seed)
    await queues.send({ queue: 'purge' }, order.map(messageOf))
    const options = { max: 10, waitSeconds: 0, leaseSeconds: 30, signal: new AbortController().signal }
    const batch = await queues.receive({ queue: 'purge' }, options)
    return {
      twice: ids.filter(id => faults.counts.duplicatesOf(id) > 0),
      batch: batch.map(({ handle }) => handle),
      lost: extended.sort(),
    }
  }

  it('are the same each time, however the messages come, and others for another seed', async () => {
    const faults = await faultsOf('one', ids)
    expect(faults.twice.length / ids.length).toBeCloseTo(0.1, 1)
    expect(faults.batch).not.toEqual(ids.slice(0, 10))
    expect(await faultsOf('one', ids)).toEqual(faults)
    expect((await faultsOf('one', ids.toReversed())).twice).toEqual(faults.twice)
    expect((await faultsOf('two', ids)).twice).not.toEqual(faults.twice)
  })
})
