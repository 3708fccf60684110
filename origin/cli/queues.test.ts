import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Queues } from '../adapters/sqs.ts'
import { sendDueMails } from '../mail/sending.ts'
import { writeMessage } from '../message.ts'
import { recordEvent } from '../outbox.ts'
import { relayRows } from '../relay.ts'
import { type CommandLine, createCommandLine } from '../testing/cli.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { countIn, createTestQueues, drain, type TestQueues } from '../testing/queues.ts'

let origin: TestOrigin
let stand: TestQueues
let queues: Queues
let line: CommandLine
beforeAll(async () => {
  origin = await createTestOrigin()
  stand = await createTestQueues()
  queues = stand.of('na')
  Object.assign(origin.ctx.config.aws, stand.settings('na'))
  line = createCommandLine(origin)
})
afterAll(async () => {
  line.close()
  await stand.close()
})
beforeEach(async () => {
  for (const dead of [false, true]) {
    const empty = async () => {
      await drain(queues, 'purge', dead)
      return countIn(queues, 'purge', dead)
    }
    await expect.poll(empty, { timeout: 5_000 }).toBe(0)
  }
})

/** Leaves a dead letter as SQS does, or as the worker does with a reason. @returns the job's id */
async function bury(reason?: string): Promise<string> {
  const job_id = crypto.randomUUID()
  const row = { job_id, kind: 'purge', version: 1, traceparent: null, aggregate_id: 'post:x', aggregate_version: 1 }
  const { body, attributes } = writeMessage({ ...row, payload: { tags: ['post:x'], sessions: [] } }, new Date())
  await queues.send({ queue: 'purge', dead: true }, [
    { body, attributes: { ...attributes, ...(reason && { reason }) } },
  ])
  return job_id
}

async function record(notBefore?: Date): Promise<void> {
  const payload = { tags: ['post:x'], sessions: [] }
  const event = { kind: 'purge', about: { id: 'x', version: 1 }, payload } as const
  await origin.ctx.db.transaction().execute(trx => recordEvent(trx, { ...event, ...(notBefore && { notBefore }) }))
}

describe('queues', () => {
  it('shows depths, ages and each dead letter with its reason', async () => {
    const poison = await bury('The kind "from.tomorrow" is unknown')
    const failing = await bury()
    const at = new Date()
    const times = { first_failed_at: at, last_failed_at: at }
    await origin.ctx.db
      .insertInto('job_failures')
      .values({ id: failing, queue: 'purge', kind: 'purge', failures: 5, last_error: 'Error: no luck', ...times })
      .execute()
    await record()
    await relayRows(origin.ctx, queues)
    await record()
    await record(new Date(Date.now() + 600_000))
    for (let look = 0; look < 2; look++) {
      const { out, code, err } = await line.run('queues')
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toContain('region na')
      expect(out).toMatch(/outbox +1 to publish, the oldest for \d+ s; 1 for later/)
      expect(out).toMatch(/mail +0 waiting, 0 in flight; 0 dead/)
      expect(out).toMatch(/purge +1 waiting, 0 in flight, the oldest for about \d+ s; 2 dead/)
      expect(out).toMatch(new RegExp(`${poison}  purge  \\d+ s old  The kind "from.tomorrow" is unknown`))
      expect(out).toMatch(new RegExp(`${failing}  purge  \\d+ s old  Error: no luck \\(failed 5 times\\)`))
    }
    await relayRows(origin.ctx, queues)
  })

  it('says how many dead letters it does not show, for somebody else holds them', async () => {
    await bury('held')
    const from = { queue: 'purge', dead: true } as const
    const [held] = await queues.receive(from, { max: 1, waitSeconds: 1, leaseSeconds: 600 })
    expect((await line.run('queues')).out).toMatch(/1 dead\n {4}… and 1 more\n/)
    await queues.remove(from, [held?.handle ?? ''])
  })

  it('redrive sends all of them again under their ids, and without the reason', async () => {
    const ids = [await bury('poison'), await bury()]
    expect(await line.run('queues', 'redrive', 'purge')).toMatchObject({ code: 0, out: 'na: 2 sent to purge again\n' })
    expect(await countIn(queues, 'purge', true)).toBe(0)
    const messages = await drain(queues, 'purge')
    expect(messages.map(({ attributes }) => attributes['dedup-id']).sort()).toEqual(ids.sort())
    for (const { attributes } of messages) expect(attributes).not.toHaveProperty('reason')
  })

  it('shows mails that wait or were refused and tasks that fail, and redrive tries refused ones again', async () => {
    const account = await origin.createAccount()
    const { db } = origin.ctx
    const at = new Date()
    const mail = (state: 'queued' | 'refused', error: string) => ({
      id: crypto.randomUUID(),
      key: crypto.randomUUID(),
      kind: 'welcome' as const,
      account_id: account.id,
      data: '{}',
      state,
      error,
      due_at: at,
      created_at: at,
    })
    const rows = [mail('queued', 'TooManyRequestsException: slowly'), mail('refused', 'MessageRejected: not verified')]
    await db.insertInto('mails').values(rows).execute()
    await db
      .insertInto('scheduled_tasks')
      .values({ name: 'erase accounts', due_at: at, last_error: 'Error: no bucket' })
      .execute()
    const { out } = await line.run('queues')
    expect(out).toMatch(
      /mails +1 to send, the oldest for \d+ s; last error: TooManyRequestsException: slowly; 1 refused/,
    )
    expect(out).toContain('the last because of MessageRejected: not verified')
    expect(out).toMatch(/task +"erase accounts" failed and is tried again: Error: no bucket/)
    expect((await line.run('queues', 'redrive', 'index')).out).not.toContain('refused')
    const redriven = await line.run('queues', 'redrive', 'mail')
    expect(redriven.out).toBe('na: 0 sent to mail again\nna: 1 refused mails to be tried again\n')
    expect(await db.selectFrom('mails').select('id').where('state', '=', 'refused').execute()).toEqual([])
    await sendDueMails({ ...origin.ctx, mailer: { send: async () => ({ messageId: 'ses-1' }) } }, 10)
    const states = await db
      .selectFrom('mails')
      .select('state')
      .where(
        'id',
        'in',
        rows.map(row => row.id),
      )
      .execute()
    expect(states.map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  it('drop deletes one and leaves the others', async () => {
    const [doomed, spared] = [await bury('a'), await bury('b')]
    expect(await line.run('queues', 'drop', doomed)).toMatchObject({ code: 0, out: 'na: 1 dropped\n' })
    expect(await countIn(queues, 'purge', true)).toBe(1)
    expect((await line.run('queues')).out).toContain(spared)
    expect(await line.run('queues', 'drop', doomed)).toMatchObject({ code: 0, out: 'na: 0 dropped\n' })
  })

  it('replay publishes again what was published since, under the same ids', async () => {
    await origin.ctx.db.deleteFrom('outbox').execute()
    await record()
    await relayRows(origin.ctx, queues)
    const [first] = await drain(queues, 'purge') // the queue has lost it
    const since = new Date(Date.now() - 60_000).toISOString()
    expect(await line.run('queues', 'replay', '--since', since)).toMatchObject({ out: 'na: 1 to be published again\n' })
    await relayRows(origin.ctx, queues)
    const [again] = await drain(queues, 'purge')
    expect(again?.attributes['dedup-id']).toBe(first?.attributes['dedup-id'])
    const later = new Date(Date.now() + 60_000).toISOString()
    expect(await line.run('queues', 'replay', '--since', later)).toMatchObject({ out: 'na: 0 to be published again\n' })
  })

  it.each([
    [['bury'], /^Usage:/],
    [['redrive', 'letters'], /^Usage:/],
    [['drop'], /^Usage:/],
    [['replay'], /^Usage:/],
    [['replay', '--since', 'yesterday'], /must be a time like/],
  ])('%j is refused with exit code 1 and no trace', async (args, message) => {
    const { code, out, err } = await line.run('queues', ...args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
  })
})
