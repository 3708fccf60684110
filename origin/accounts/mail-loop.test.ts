import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMailer, type Mail, MailRefusedError } from '../adapters/ses.ts'
import { recordEvent } from '../outbox.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { backoffOf, sendMails, startMailLoop } from './mail-loop.ts'

let clock: Clock
let origin: TestOrigin
beforeAll(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
})
beforeEach(async () => {
  await origin.mails()
})

/** A mailer that fails as often as it is told, and keeps what it sent. */
function createOutbox({ failures = 0, error = new Error('the service is away') } = {}) {
  const sent: Mail[] = []
  let left = failures
  const send = async (mail: Mail) => {
    if (left-- > 0) throw error
    sent.push(mail)
  }
  return { sent, send }
}

async function askForReset(): Promise<string> {
  const { email } = await origin.createAccount()
  await origin.request('POST', '/password-resets', { body: { email } })
  return email
}

const openRows = () => origin.ctx.db.selectFrom('outbox').selectAll().where('done_at', 'is', null).execute()

describe('sendMails', () => {
  it('sends each mail once and marks its row done', async () => {
    const email = await askForReset()
    const outbox = createOutbox()
    expect(await sendMails(origin.ctx, outbox)).toBe(1)
    expect(await sendMails(origin.ctx, outbox)).toBe(0)
    expect(outbox.sent.map(mail => mail.to)).toEqual([email])
    expect(await openRows()).toEqual([])
  })

  it('gives a row to one of many processes', async () => {
    await Promise.all(Array.from({ length: 8 }, askForReset))
    const outbox = createOutbox()
    await Promise.all(Array.from({ length: 4 }, () => sendMails(origin.ctx, outbox)))
    while ((await sendMails(origin.ctx, outbox)) > 0);
    expect(new Set(outbox.sent.map(mail => mail.to)).size).toBe(8)
    expect(outbox.sent).toHaveLength(8)
  })

  it('tries again later, with more patience each time, and a token that is fresh', async () => {
    const email = await askForReset()
    const outbox = createOutbox({ failures: 2 })
    await sendMails(origin.ctx, outbox)
    expect(await sendMails(origin.ctx, outbox)).toBe(0)
    clock.advance(1_300)
    expect(await sendMails(origin.ctx, outbox)).toBe(1)
    clock.advance(1_300)
    expect(await sendMails(origin.ctx, outbox)).toBe(0)
    clock.advance(1_300)
    await sendMails(origin.ctx, outbox)
    expect(outbox.sent.map(mail => mail.to)).toEqual([email])
    const token = /token=([\w-]+)/.exec(outbox.sent[0]?.text ?? '')?.[1]
    expect(
      (
        await origin.request('POST', '/password-resets/completion', {
          body: { token, password: 'a brand new password 7' },
        })
      ).status,
    ).toBe(204)
  })

  it('takes up what a process that died had claimed', async () => {
    const email = await askForReset()
    const outbox = createOutbox()
    const never = sendMails(origin.ctx, { send: () => new Promise(() => {}) })
    await expect.poll(async () => (await openRows())[0]?.claimed_until).toBeTruthy()
    expect(await sendMails(origin.ctx, outbox)).toBe(0)
    clock.advance(60_000)
    await sendMails(origin.ctx, outbox)
    expect(outbox.sent.map(mail => mail.to)).toEqual([email])
    void never
  })

  it('gives up on what is refused for good', async () => {
    await askForReset()
    await sendMails(origin.ctx, createOutbox({ failures: 1, error: new MailRefusedError('no such domain') }))
    expect(await openRows()).toEqual([])
  })

  it('says nothing that is no longer true', async () => {
    const email = uniqueEmail()
    const register = () =>
      origin.request('POST', '/accounts', { body: { email, password: 'correct horse battery 9', displayName: 'Ana' } })
    await register()
    await register()
    await origin.ctx.db.updateTable('accounts').set({ verified_at: clock.now() }).where('email', '=', email).execute()
    expect(await origin.mails()).toEqual([])
    const { email: gone } = await origin.createAccount()
    await origin.request('POST', '/password-resets', { body: { email: gone } })
    await origin.ctx.db.updateTable('accounts').set({ deleted_at: clock.now() }).where('email', '=', gone).execute()
    expect(await origin.mails()).toEqual([])
  })

  it('passes over an account that does not exist any more', async () => {
    await origin.ctx.db
      .transaction()
      .execute(trx =>
        recordEvent(trx, { kind: 'mail.reset', aggregateId: 'na_nobody', aggregateVersion: 1, traceparent: null }),
      )
    expect(await origin.mails()).toEqual([])
    expect(await openRows()).toEqual([])
  })

  it('tells the former holder of a deleted account why the address is not free', async () => {
    const account = await origin.createAccount()
    await origin.request('DELETE', '/accounts/me', { token: account.token, body: { password: account.password } })
    await origin.request('POST', '/accounts', {
      body: { email: account.email, password: 'another password 1', displayName: 'Ana' },
    })
    expect(await origin.mails()).toMatchObject([{ to: account.email, subject: 'Your account was deleted' }])
  })
})

describe('backoffOf', () => {
  it('doubles up to an hour', () => {
    expect(backoffOf(1)).toBeGreaterThanOrEqual(1_000)
    expect(backoffOf(1)).toBeLessThanOrEqual(1_250)
    expect(backoffOf(5)).toBeGreaterThanOrEqual(16_000)
    expect(backoffOf(30)).toBeLessThanOrEqual(4_500_000)
  })
})

describe('startMailLoop', () => {
  // One simulated SES for the whole file: aws-ses-v2-local in this process.
  let url: string
  let close: () => void
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID ??= 'test'
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
    const { default: mail } = await import('aws-ses-v2-local')
    const listen = typeof mail === 'function' ? mail : (mail as unknown as { default: typeof mail }).default
    const server = await listen({ host: '127.0.0.1', port: 0 })
    if (!server.listening) await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => server.close().closeAllConnections()
  })
  afterAll(() => close())

  const store = async () =>
    (await (await fetch(`${url}/store`)).json()) as {
      emails: { from: string; subject: string; destination: { to: string[] }; body: { text: string; html: string } }[]
    }

  it('sends through SES, by a poke or by polling, until it is stopped', async () => {
    const { ctx } = origin
    const config = { ...ctx.config, aws: { ...ctx.config.aws, sesEndpoint: url } }
    const loop = startMailLoop(ctx, createMailer(config))
    const poked = await askForReset()
    await expect
      .poll(async () => (await store()).emails.map(email => email.destination.to[0]), { timeout: 10_000 })
      .toContain(poked)
    const { email: polled, id } = await origin.createAccount()
    await ctx.db
      .transaction()
      .execute(trx => recordEvent(trx, { kind: 'mail.reset', aggregateId: id, aggregateVersion: 1, traceparent: null }))
    await expect
      .poll(async () => (await store()).emails.map(email => email.destination.to[0]), { timeout: 10_000 })
      .toContain(polled)
    await loop.stop()
    const [first] = (await store()).emails
    expect(first).toMatchObject({ from: ctx.config.mailFrom, subject: 'Set a new password' })
    expect(first?.body.html).toContain('/reset?token=na_')
    expect(first?.body.text).toContain('/reset?token=na_')
  })

  it.each([
    ['MessageRejected', true],
    ['TooManyRequestsException', false],
  ])('knows whether %s is for good', async (name, forGood) => {
    const server = createServer((_, response) =>
      response.writeHead(400, { 'x-amzn-errortype': name }).end('{}'),
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { aws, mailFrom } = origin.ctx.config
    const sesEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sent = createMailer({ mailFrom, aws: { ...aws, sesEndpoint } }).send({
      to: 'a@example.com',
      subject: 'x',
      text: 'x',
      html: 'x',
    })
    const error = await sent.catch(caught => caught)
    server.close()
    expect(error).toBeInstanceOf(Error)
    expect(error instanceof MailRefusedError).toBe(forGood)
  })

  it('takes a service that is away for a passing fault', async () => {
    const { aws, mailFrom } = origin.ctx.config
    const away = createMailer({ mailFrom, aws: { ...aws, sesEndpoint: 'http://127.0.0.1:9' } })
    await expect(away.send({ to: 'a@example.com', subject: 'x', text: 'x', html: 'x' })).rejects.not.toBeInstanceOf(
      MailRefusedError,
    )
  })
})
