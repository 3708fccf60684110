import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AWS_REGIONS } from '../../infra/local/aws-resources.ts'
import { startConsumer } from '../consumer.ts'
import { testKeys } from '../testing/aws-keys.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { countIn, createTestQueues, drain, type TestQueues } from '../testing/queues.ts'
import { sendRequestedMail } from './sending.ts'

let origin: TestOrigin
let queues: TestQueues
let worker: { stop: () => Promise<void> }
beforeAll(async () => {
  origin = await createTestOrigin()
  queues = await createTestQueues()
  worker = startConsumer(origin.ctx, queues.of('na'), { only: ['feedback'], waitSeconds: 1, stopWithin: 1 })
})
afterAll(async () => {
  await worker.stop()
  await queues.close()
})

/** Publishes what SES would to its topic (the query API of Amazon SNS). */
async function publish(message: unknown): Promise<void> {
  const { sqsEndpoint, queuePrefix } = queues.settings('na')
  const arn = `arn:aws:sns:${AWS_REGIONS.na}:000000000000:${queuePrefix}-feedback`
  const body = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: arn,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
  })
  const sns = new AwsClient({ ...testKeys, service: 'sns', region: AWS_REGIONS.na })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await sns.fetch(sqsEndpoint ?? '', { method: 'POST', body: body.toString(), headers })
  expect(response.status, await response.text()).toBe(200)
}

/** A bounce as SES publishes it for a configuration set, with more in it than anybody here reads. */
function bounceOf(messageId: string, id: string, address: string) {
  return {
    eventType: 'Bounce',
    bounce: {
      feedbackId: '0100018',
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        { emailAddress: address, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      ],
      timestamp: '2026-11-23T02:00:00.000Z',
      reportingMTA: 'dns; mx.example.com',
    },
    mail: {
      timestamp: '2026-11-23T01:59:58.000Z',
      messageId,
      source: 'no-reply@classifyhub.example',
      destination: [address],
      tags: { mail: [id], 'ses:configuration-set': ['classifyhub'] },
    },
  }
}

describe('feedback of SES', () => {
  it('travels by topic and queue, and ends mail to an address that does not exist', async () => {
    const account = await origin.createAccount()
    const key = crypto.randomUUID()
    const mailer = { send: async () => ({ messageId: `ses-${key}` }) }
    const payload = { mail: 'welcome', accountId: account.id, key, data: {} } as const
    await sendRequestedMail({ ...origin.ctx, mailer }, payload)
    const row = await origin.ctx.db.selectFrom('mails').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
    await publish(bounceOf(`ses-${key}`, row.id, account.email))
    const me = () => origin.request('GET', '/accounts/me', { token: account.token })
    await expect.poll(async () => (await me()).body.mailTrouble, { timeout: 10_000 }).toBe('bounced')
    await expect.poll(() => countIn(queues.of('na'), 'feedback'), { timeout: 10_000 }).toBe(0)
  })

  it('is set aside with a reason when nobody can read it', async () => {
    await publish('this is no event')
    await expect.poll(() => countIn(queues.of('na'), 'feedback', true), { timeout: 10_000 }).toBe(1)
    const [dead] = await drain(queues.of('na'), 'feedback', true)
    expect(dead?.attributes.reason).toContain('mail.feedback')
  })
})
