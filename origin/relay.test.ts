import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Queues, ReceivedMessage } from './adapters/sqs.ts'
import { readMessage } from './message.ts'
import { recordEvent } from './outbox.ts'
import { readOutbox } from './outbox-state.ts'
import { backoffOf, pruneOutbox, relayRows, startRelay } from './relay.ts'
import { createClock } from './testing/clock.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { countIn, createTestQueues, drain, type TestQueues } from './testing/queues.ts'
import { inTrace } from './trace.ts'

let origin: TestOrigin
let stand: TestQueues
let queues: Queues
const clock = createClock()
beforeAll(async () => {
  origin = await createTestOrigin({ now: clock.now })
  stand = await createTestQueues()
  queues = stand.of('na')
})
afterAll(() => stand.close())
beforeEach(async () => {
  clock.advance(60_000)
  while ((await relayRows(origin.ctx, queues)) > 0);
  for (const queue of ['purge', 'index'] as const) await drain(queues, queue)
})

const tag = () => `post:${crypto.randomUUID()}`

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** Records purge jobs in a transaction each. @returns their tags */
async function record(count: number, more: { region?: 'eu'; notBefore?: Date } = {}): Promise<string[]> {
  const tags = Array.from({ length: count }, tag)
  for (const one of tags) {
    const event = { kind: 'purge' as const, about: { id: one, version: 7 }, payload: { tags: [one], sessions: [] } }
    await inTrace(trace, () => origin.ctx.db.transaction().execute(trx => recordEvent(trx, { ...event, ...more })))
  }
  return tags
}

const tagsIn = (messages: { body: string }[]) => messages.map(({ body }) => JSON.parse(body).payload.tags[0]).sort()
const openRows = () =>
  origin.ctx.db.selectFrom('outbox').selectAll().where('done_at', 'is', null).orderBy('id').execute()

describe('recordEvent', () => {
  it('leaves nothing when the transaction does not commit', async () => {
    const lost = origin.ctx.db.transaction().execute(async trx => {
      await recordEvent(trx, {
        kind: 'purge',
        about: { id: 'x', version: 1 },
        payload: { tags: ['post:x'], sessions: [] },
      })
      throw new Error('rolled back')
    })
    await expect(lost).rejects.toThrow('rolled back')
    expect(await relayRows(origin.ctx, queues)).toBe(0)
  })

  it('refuses what its own consumer could not read', async () => {
    const payload = { tags: 'post:x' } as unknown as { tags: string[]; sessions: string[] }
    const event = { kind: 'purge', about: { id: 'x', version: 1 }, payload } as const
    await expect(origin.ctx.db.transaction().execute(trx => recordEvent(trx, event))).rejects.toThrow(/tags/)
  })
})

describe('relayRows', () => {
  it('publishes each row once, with kind, version, trace and id as attributes', async () => {
    const tags = await record(3)
    expect(await relayRows(origin.ctx, queues)).toBe(3)
    expect(await relayRows(origin.ctx, queues)).toBe(0)
    const messages = await drain(queues, 'purge')
    expect(tagsIn(messages)).toEqual(tags.sort())
    for (const { attributes, body } of messages) {
      expect(attributes).toEqual({
        kind: 'purge',
        version: '1',
        'dedup-id': expect.stringMatching(/^[\da-f-]{36}$/),
        traceparent: trace,
      })
      expect(JSON.parse(body)).toMatchObject({ aggregateVersion: 7, publishedAt: clock.now().toISOString() })
    }
    expect(new Set(messages.map(({ attributes }) => attributes['dedup-id'])).size).toBe(3)
    expect(await openRows()).toEqual([])
  })

  it('publishes to the queue of the region that the row names', async () => {
    const tags = await record(2, { region: 'eu' })
    await relayRows(origin.ctx, queues)
    expect(await countIn(queues, 'purge')).toBe(0)
    expect(tagsIn(await drain(stand.of('eu'), 'purge'))).toEqual(tags.sort())
  })

  it('publishes no row before its time', async () => {
    await record(1, { notBefore: new Date(clock.now().getTime() + 60_000) })
    expect(await relayRows(origin.ctx, queues)).toBe(0)
    expect(await readOutbox(origin.ctx)).toMatchObject({ waiting: 0, later: 1, oldest: undefined })
    clock.advance(60_000)
    expect(await readOutbox(origin.ctx)).toMatchObject({ waiting: 1, later: 0, oldest: clock.now() })
    expect(await relayRows(origin.ctx, queues)).toBe(1)
  })

  it.each([
    ['an emoji', 'Bike \u{1f6b2}'],
    ['a character that no queue takes', 'Bike \uffff\ufffe'],
  ])('publishes what people write, though it be %s', async (_, postTitle) => {
    await origin.ctx.db.transaction().execute(trx =>
      recordEvent(trx, {
        kind: 'thread.changed',
        about: { id: 'na_1', version: 1 },
        payload: {
          threadId: 'na_1',
          buyerId: 'eu_1',
          sellerId: null,
          postId: 'na_2',
          postTitle,
          lastActivityAt: clock.now().toISOString(),
          unread: 1,
          version: 1,
          deleted: false,
        },
      }),
    )
    await relayRows(origin.ctx, queues)
    expect(await openRows()).toEqual([])
    const [message] = await drain(queues, 'index')
    expect(readMessage(message as ReceivedMessage).payload).toMatchObject({ postTitle })
  })

  it('sends ten messages a call, and large ones in calls of their own', async () => {
    const calls: number[] = []
    const counting: Pick<Queues, 'send'> = {
      send(to, messages) {
        calls.push(messages.length)
        return queues.send(to, messages)
      },
    }
    await record(25)
    await relayRows(origin.ctx, counting)
    expect(calls.sort((a, b) => b - a)).toEqual([10, 10, 5])
    calls.length = 0
    const long = Array.from({ length: 300 }, () => 'x'.repeat(400))
    for (let i = 0; i < 3; i++) {
      await origin.ctx.db.transaction().execute(trx =>
        recordEvent(trx, {
          kind: 'purge',
          about: { id: 'long', version: 1 },
          payload: { tags: long, sessions: [] },
        }),
      )
    }
    await relayRows(origin.ctx, counting)
    expect(calls).toEqual([1, 1, 1])
  })

  it('gives a row to one of several relays', async () => {
    const tags = await record(120)
    const moved = await Promise.all(Array.from({ length: 6 }, () => relayRows(origin.ctx, queues, 30)))
    expect(moved.reduce((sum, n) => sum + n)).toBe(120)
    expect(tagsIn(await drain(queues, 'purge'))).toEqual(tags.sort())
  })

  it('survives the refusal of single messages: the others are published, each refused row waits with its error', async () => {
    const tags = await record(10)
    const refused = tags.slice(3, 5)
    const picky: Pick<Queues, 'send'> = {
      async send(to, messages) {
        const isBad = messages.map(({ body }) => refused.some(one => body.includes(one)))
        const errors = await queues.send(
          to,
          messages.filter((_, i) => !isBad[i]),
        )
        return isBad.map(bad => (bad ? 'Throttled: not now' : errors.shift()))
      },
    }
    expect(await relayRows(origin.ctx, picky)).toBe(10)
    expect(tagsIn(await drain(queues, 'purge'))).toEqual(tags.filter(one => !refused.includes(one)).sort())
    expect(await openRows()).toMatchObject([
      { aggregate_id: refused[0], attempts: 1, last_error: 'Throttled: not now' },
      { aggregate_id: refused[1], attempts: 1, last_error: 'Throttled: not now' },
    ])
    expect(await relayRows(origin.ctx, queues)).toBe(0)
    clock.advance(1_000)
    expect(await relayRows(origin.ctx, queues)).toBe(2)
    expect(tagsIn(await drain(queues, 'purge'))).toEqual(refused.sort())
    expect(await origin.ctx.db.selectFrom('outbox').select('id').where('last_error', 'is not', null).execute()).toEqual(
      [],
    )
  })

  it('keeps all rows of a call that nobody answers', async () => {
    const tags = await record(4)
    await relayRows(origin.ctx, { send: () => Promise.reject(new Error('connection refused')) })
    expect(await openRows()).toHaveLength(4)
    clock.advance(1_000)
    await relayRows(origin.ctx, queues)
    expect(tagsIn(await drain(queues, 'purge'))).toEqual(tags.sort())
  })

  it('killed between publishing and marking, publishes the row again under the same id', async () => {
    await record(1)
    const never = new Promise<never>(() => {})
    let sent = () => {}
    const published = new Promise<void>(resolve => {
      sent = resolve
    })
    void relayRows(origin.ctx, {
      async send(to, messages) {
        await queues.send(to, messages)
        sent()
        return never // the process dies here
      },
    })
    await published
    expect(await relayRows(origin.ctx, queues)).toBe(0)
    clock.advance(31_000)
    expect(await relayRows(origin.ctx, queues)).toBe(1)
    const [first, second, ...others] = await drain(queues, 'purge')
    expect(others).toEqual([])
    expect(second?.attributes['dedup-id']).toBe(first?.attributes['dedup-id'])
  })

  it('leaves kinds alone that it does not know', async () => {
    await sql`INSERT INTO outbox (kind, aggregate_id, aggregate_version, payload) VALUES ('from.tomorrow', 'x', 1, '{}')`.execute(
      origin.ctx.db,
    )
    expect(await relayRows(origin.ctx, queues)).toBe(0)
    await origin.ctx.db.deleteFrom('outbox').where('kind', '=', 'from.tomorrow').execute()
  })
})

describe('startRelay', () => {
  it('hears of a commit at once, two of them share the work, and both stop', async () => {
    const relays = [startRelay(origin.ctx, queues), startRelay(origin.ctx, queues)]
    const started = await record(1)
    expect(tagsIn(await poll(1))).toEqual(started)
    const tags = await record(40)
    expect(tagsIn(await poll(40))).toEqual(tags.sort())
    await Promise.all(relays.map(relay => relay.stop()))
    await record(1)
    expect(await openRows()).toHaveLength(1)
  })

  it('finds rows by looking where no NOTIFY can be heard', async () => {
    const url = new URL(origin.ctx.config.database.url)
    url.hostname = 'ep-cool-name-pooler.eu-central-1.aws.neon.tech'
    const config = { ...origin.ctx.config, database: { ...origin.ctx.config.database, url: url.href } }
    const relay = startRelay({ ...origin.ctx, config }, queues)
    const tags = await record(3)
    expect(tagsIn(await poll(3))).toEqual(tags.sort())
    await relay.stop()
  })

  async function poll(count: number) {
    const all: { body: string }[] = []
    await expect.poll(async () => all.push(...(await drain(queues, 'purge'))), { timeout: 10_000 }).toBe(count)
    return all
  }
})

describe('pruneOutbox', () => {
  it('deletes what was published more than seven days ago, and never what was not', async () => {
    await record(2)
    await relayRows(origin.ctx, queues)
    const [waiting] = await record(1)
    clock.advance(7 * 24 * 3_600_000 - 1_000)
    await pruneOutbox(origin.ctx)
    const count = () => origin.ctx.db.selectFrom('outbox').select('aggregate_id').execute()
    expect((await count()).length).toBeGreaterThanOrEqual(3)
    clock.advance(2_000)
    await pruneOutbox(origin.ctx)
    expect(await count()).toEqual([{ aggregate_id: waiting }])
  })
})

describe('backoffOf', () => {
  it('doubles up to half a minute, with half of it by chance', () => {
    for (const [attempts, most] of [
      [1, 500],
      [2, 1_000],
      [7, 30_000],
      [40, 30_000],
    ] as const) {
      const pause = backoffOf(attempts)
      expect(pause).toBeLessThanOrEqual(most)
      expect(pause).toBeGreaterThanOrEqual(most / 2)
    }
  })
})
