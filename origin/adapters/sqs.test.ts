import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../config.ts'
import { countIn, createTestQueues, drain, type TestQueues } from '../testing/queues.ts'
import { createQueues, type Queues, type ReceivedMessage } from './sqs.ts'

/** The contract of the queue port: what relay and worker rely on. */
let stand: TestQueues
let queues: Queues
beforeAll(async () => {
  stand = await createTestQueues()
  queues = stand.of('na')
})
afterAll(() => stand.close())

const message = (body: string, attributes: Record<string, string> = { kind: 'purge' }) => ({ body, attributes })
const take = (queue: 'mail' | 'index' | 'media' | 'purge', options: { max?: number; leaseSeconds?: number } = {}) =>
  queues.receive({ queue }, { max: 10, waitSeconds: 3, leaseSeconds: 60, ...options })

describe('queues', () => {
  it('carry body and attributes unchanged, ten at a time, and count deliveries', async () => {
    const odd = { kind: 'mail.requested', traceparent: '00-abc', note: 'Grüße, "quoted" <&> 你好' }
    const sent = Array.from({ length: 10 }, (_, i) => message(`{"n":${i}}`, odd))
    expect(await queues.send({ queue: 'mail' }, sent)).toEqual(sent.map(() => undefined))
    const taken: ReceivedMessage[] = []
    while (taken.length < 10) taken.push(...(await take('mail')))
    expect(taken.map(({ body }) => body).sort()).toEqual(sent.map(({ body }) => body).sort())
    for (const { attributes, receives, sentAt, messageId } of taken) {
      expect(attributes).toEqual(odd)
      expect(receives).toBe(1)
      expect(Math.abs(Date.now() - sentAt.getTime())).toBeLessThan(60_000)
      expect(messageId).not.toBe('')
    }
    expect(
      await queues.remove(
        { queue: 'mail' },
        taken.map(one => one.handle),
      ),
    ).toEqual([])
    expect(await countIn(queues, 'mail')).toBe(0)
  })

  it('leave out an attribute that is no text, so that the message can be sent on', async () => {
    const { sqsEndpoint: endpoint, region } = stand.settings('na')
    const client = new SQSClient({ region, ...(endpoint && { endpoint }) })
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'classifyhub-na-media' }))
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'purge' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) },
    }
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'odd', MessageAttributes }))
    expect((await drain(queues, 'media')).map(({ attributes }) => attributes)).toEqual([{ kind: 'purge' }])
    client.destroy()
  })

  it('take what they can of a batch and name each fault', async () => {
    const bad = message('a character that XML 1.0 does not know: \u0001')
    const [first, second, third] = await queues.send({ queue: 'index' }, [message('one'), bad, message('three')])
    expect([first, third]).toEqual([undefined, undefined])
    expect(second).toMatch(/Invalid/)
    expect((await drain(queues, 'index')).map(({ body }) => body).sort()).toEqual(['one', 'three'])
  })

  it('hide what is taken until its lease ends, and count the next delivery', async () => {
    await queues.send({ queue: 'media' }, [message('leased')])
    const [first] = await take('media', { leaseSeconds: 1 })
    expect(await queues.receive({ queue: 'media' }, { max: 1, waitSeconds: 0, leaseSeconds: 1 })).toEqual([])
    expect(await queues.depth({ queue: 'media' })).toEqual({ waiting: 0, inFlight: 1, delayed: 0 })
    const [again] = await take('media')
    expect(again).toMatchObject({ messageId: first?.messageId, receives: 2 })
    await queues.remove({ queue: 'media' }, [again?.handle ?? ''])
  })

  it('extend a lease, or end it after a second', async () => {
    await queues.send({ queue: 'media' }, [message('extended')])
    const [first] = await take('media', { leaseSeconds: 1 })
    expect(await queues.extend({ queue: 'media' }, [first?.handle ?? ''], 60)).toEqual([])
    expect(await queues.receive({ queue: 'media' }, { max: 1, waitSeconds: 2, leaseSeconds: 1 })).toEqual([])
    await queues.extend({ queue: 'media' }, [first?.handle ?? ''], 0)
    const [again] = await take('media')
    expect(again?.receives).toBe(2)
    await queues.remove({ queue: 'media' }, [again?.handle ?? ''])
  })

  it('move what was taken five times and never removed to the dead-letter queue', async () => {
    await queues.send({ queue: 'purge' }, [message('never done')])
    for (let receives = 1; receives <= 5; receives++) {
      expect(await take('purge', { leaseSeconds: 1 })).toMatchObject([{ receives }])
    }
    await expect
      .poll(
        async () => {
          expect(await queues.receive({ queue: 'purge' }, { max: 1, waitSeconds: 0, leaseSeconds: 1 })).toEqual([])
          return countIn(queues, 'purge', true)
        },
        { timeout: 5_000 },
      )
      .toBe(1)
    expect(await drain(queues, 'purge', true)).toMatchObject([{ body: 'never done', attributes: { kind: 'purge' } }])
  })

  it('are one’s own unless another region is named', async () => {
    await queues.send({ queue: 'index', region: 'eu' }, [message('for Europe')])
    expect(await countIn(queues, 'index')).toBe(0)
    expect((await drain(stand.of('eu'), 'index')).map(({ body }) => body)).toEqual(['for Europe'])
  })

  it('end a poll when it is aborted, and swallow nothing afterwards', async () => {
    const stop = new AbortController()
    const poll = queues.receive({ queue: 'index' }, { max: 10, waitSeconds: 20, leaseSeconds: 60, signal: stop.signal })
    setTimeout(() => stop.abort(), 100)
    await expect(poll).rejects.toThrow(/abort/i)
    await queues.send({ queue: 'index' }, [message('for the next one')])
    const [next] = await take('index')
    expect(next).toMatchObject({ body: 'for the next one', receives: 1 })
    await queues.remove({ queue: 'index' }, [next?.handle ?? ''])
  })

  it('give a call up that hangs, so that one silent region does not hold up the others', async () => {
    const silent = createServer(() => {}).listen(0)
    const { port } = silent.address() as AddressInfo
    const aws = { ...stand.settings('na'), sqsEndpoint: `http://127.0.0.1:${port}` } as Config['aws']
    await expect(createQueues({ region: 'na', aws }).send({ queue: 'mail' }, [message('lost')])).rejects.toThrow()
    silent.closeAllConnections()
    silent.close()
  })

  it('fail when nobody answers', async () => {
    const nowhere = await createTestQueues()
    const lost = nowhere.of('na')
    await nowhere.close()
    await expect(lost.send({ queue: 'mail' }, [message('lost')])).rejects.toThrow()
    await expect(lost.depth({ queue: 'mail' })).rejects.toThrow()
  })
})
