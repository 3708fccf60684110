import type { Config } from '../config.ts'
import { timeouts } from './aws-timeouts.ts'

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** Beside those that SES writes itself. */
  headers?: Readonly<Record<string, string>>
  /** Our id of the mail; SES names it in every event about it. */
  id?: string
}
export type Mailer = {
  /**
   * Hands a mail over and gives the service's own id of it.
   * @throws MailRefusedError, MailNotTakenError; after any other error nobody knows whether it was taken
   */
  send: (mail: Mail) => Promise<{ messageId: string }>
}

/** The mail service has refused a mail for good: sending it again cannot help. */
export class MailRefusedError extends Error {}
/** The mail service has not taken a mail, for now: too many at a time, sending paused, no connection. */
export class MailNotTakenError extends Error {}

const refusals = ['MessageRejected', 'BadRequestException', 'NotFoundException', 'MailFromDomainNotVerifiedException']
/** Failures before a request went out. */
const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

/**
 * Sends mails through Amazon SES, API v2. The SDK is loaded with the first mail, because it takes as long to load as the
 * rest of the origin. It does not retry: SendEmail has no idempotency token, so whoever calls it must decide.
 */
export function createMailer({ aws, mail: settings }: Pick<Config, 'aws' | 'mail'>): Mailer {
  let client: ReturnType<typeof connect> | undefined
  return {
    async send({ to, subject, text, html, headers = {}, id }) {
      client ??= connect(aws)
      const { ses, SendEmailCommand } = await client
      const content = (data: string) => ({ Data: data, Charset: 'UTF-8' })
      const command = new SendEmailCommand({
        FromEmailAddress: settings.from,
        ...(settings.replyTo && { ReplyToAddresses: [settings.replyTo] }),
        ...(settings.configurationSet && { ConfigurationSetName: settings.configurationSet }),
        ...(id && { EmailTags: [{ Name: mailTag, Value: id }] }),
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: content(subject),
            Body: { Text: content(text), Html: content(html) },
            Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
          },
        },
      })
      try {
        const { MessageId } = await ses.send(command)
        return { messageId: MessageId ?? '' }
      } catch (cause) {
        throw explain(cause)
      }
    },
  }
}

/** Name of the message tag that carries our id. */
export const mailTag = 'mail'

function explain(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause
  const { name, message } = cause
  const { $metadata, code } = cause as { $metadata?: { httpStatusCode?: number }; code?: string }
  if (refusals.includes(name)) return new MailRefusedError(`${name}: ${message}`, { cause })
  const status = $metadata?.httpStatusCode ?? 0
  const untaken = (status >= 400 && status < 500) || (code !== undefined && unreached.includes(code))
  return untaken ? new MailNotTakenError(`${name}: ${message}`, { cause }) : cause
}

async function connect({ region, sesEndpoint }: Config['aws']) {
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2')
  const ses = new SESv2Client({
    region,
    maxAttempts: 1,
    requestHandler: timeouts(10),
    ...(sesEndpoint ? { endpoint: sesEndpoint } : {}),
  })
  return { ses, SendEmailCommand }
}
