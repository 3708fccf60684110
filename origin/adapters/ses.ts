import type { Config } from '../config.ts'

export type Mail = { to: string; subject: string; text: string; html: string }
export type Mailer = { send: (mail: Mail) => Promise<void> }

/** The mail service has refused a mail for good: sending it again cannot help. */
export class MailRefusedError extends Error {}

const refusals = ['MessageRejected', 'BadRequestException', 'NotFoundException', 'MailFromDomainNotVerifiedException']

/**
 * Sends mails through Amazon SES, API v2. The SDK is loaded with the first mail, because it takes as long to load as the
 * rest of the origin. It does not retry: the loop that calls it does.
 */
export function createMailer({ aws, mailFrom }: Pick<Config, 'aws' | 'mailFrom'>): Mailer {
  let client: ReturnType<typeof connect> | undefined
  return {
    async send({ to, subject, text, html }) {
      client ??= connect(aws)
      const { ses, SendEmailCommand } = await client
      const content = (data: string) => ({ Data: data, Charset: 'UTF-8' })
      const command = new SendEmailCommand({
        FromEmailAddress: mailFrom,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: content(subject), Body: { Text: content(text), Html: content(html) } } },
      })
      try {
        await ses.send(command)
      } catch (cause) {
        if (cause instanceof Error && refusals.includes(cause.name))
          throw new MailRefusedError(cause.message, { cause })
        throw cause
      }
    },
  }
}

async function connect({ region, sesEndpoint }: Config['aws']) {
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2')
  const ses = new SESv2Client({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
    ...(sesEndpoint ? { endpoint: sesEndpoint } : {}),
  })
  return { ses, SendEmailCommand }
}
