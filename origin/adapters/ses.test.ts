import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useTestKeys } from '../testing/aws-keys.ts'
import { createTestOrigin } from '../testing/harness.ts'
import { createMailer, type Mailer, MailNotTakenError, MailRefusedError } from './ses.ts'

const mail = { id: 'na_1', to: 'maria@example.com', subject: 'Grüße', text: 'Hej ☀', html: '<p>Hej ☀</p>' }

/** Amazon SES as aws-ses-v2-local plays it, in this process. */
let url: string
let close: () => void
let mailerAt: (endpoint: string) => Mailer
beforeAll(async () => {
  useTestKeys()
  const { config } = (await createTestOrigin()).ctx
  mailerAt = sesEndpoint =>
    createMailer({ mail: { ...config.mail, replyTo: 'help@example.com' }, aws: { ...config.aws, sesEndpoint } })
  const { default: local } = await import('aws-ses-v2-local')
  const listen = typeof local === 'function' ? local : (local as unknown as { default: typeof local }).default
  const server = await listen({ host: '127.0.0.1', port: 0 })
  if (!server.listening) await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => server.close().closeAllConnections()
})
afterAll(() => close())

/** A service that answers everything with one error. */
async function refusing(status: number, name: string) {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'x-amzn-errortype': name }).end('{}'),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const error = await mailerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    .send(mail)
    .catch(caught => caught)
  server.close()
  return error
}

describe('createMailer', () => {
  it('hands over both parts, headers and the address for answers, and gives the service’s id', async () => {
    const headers = {
      'List-Unsubscribe': '<https://example.com/u>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }
    const { messageId } = await mailerAt(url).send({ ...mail, headers })
    const { emails } = (await (await fetch(`${url}/store`)).json()) as { emails: Record<string, unknown>[] }
    expect(emails.find(email => email.messageId === messageId)).toMatchObject({
      subject: mail.subject,
      destination: { to: [mail.to] },
      body: { text: mail.text, html: mail.html },
      replyTo: ['help@example.com'],
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    })
  })

  it.each([
    [400, 'MessageRejected'],
    [400, 'MailFromDomainNotVerifiedException'],
  ])('takes %i %s for good', async (status, name) => {
    expect(await refusing(status, name)).toBeInstanceOf(MailRefusedError)
  })

  it.each([
    [429, 'TooManyRequestsException'],
    [400, 'SendingPausedException'],
  ])('knows that after %i %s nothing was taken', async (status, name) => {
    expect(await refusing(status, name)).toBeInstanceOf(MailNotTakenError)
  })

  it('knows that nothing was taken where nobody listens', async () => {
    await expect(mailerAt('http://127.0.0.1:9').send(mail)).rejects.toBeInstanceOf(MailNotTakenError)
  })

  it('gives up on a service that does not answer, and does not claim to know whether it has it', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const error = await mailerAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`)
      .send(mail)
      .catch(caught => caught)
    silent.close().closeAllConnections()
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(error).not.toBeInstanceOf(MailNotTakenError)
  })

  it('does not claim to know what a broken answer means', async () => {
    const error = await refusing(500, 'InternalServiceErrorException')
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(MailNotTakenError)
    expect(error).not.toBeInstanceOf(MailRefusedError)
  })
})
