type StoredMail = {
  messageId: string
  subject: string
  at: number
  destination: { to: string[] }
  body: { text?: string; html?: string }
  headers?: { name: string; value: string }[]
}

type ReceivedMail = { subject: string; text: string; html: string; headers: Record<string, string> }

/** A mail whose hand-over to SES is in doubt, as on a machine that is busy, is asked about for a minute before it is sent again. */
const patience = 80_000

/**
 * Waits for a mail to an address in the stack's inbox.
 * @param mailUrl the inbox, as `stack.json` names it
 * @param subject what its subject must match
 * @returns the newest such mail
 */
export async function waitForMail(mailUrl: string, address: string, subject: RegExp): Promise<ReceivedMail> {
  const until = Date.now() + patience
  for (;;) {
    const response = await fetch(`${mailUrl}/store`)
    const { emails } = (await response.json()) as { emails: StoredMail[] }
    const found = emails.filter(mail => mail.destination.to.includes(address) && subject.test(mail.subject)).at(-1)
    if (found) {
      const headers = Object.fromEntries((found.headers ?? []).map(({ name, value }) => [name, value]))
      return { subject: found.subject, text: found.body.text ?? '', html: found.body.html ?? '', headers }
    }
    if (Date.now() > until)
      throw new Error(`No mail to ${address} with a subject like ${subject} within ${patience / 1_000} s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** The link of a mail to one of our pages, such as `/verify`. */
export function linkIn(text: string, page: string): string {
  const link = text.match(new RegExp(`https?://[^\\s"<>]*${page}\\?token=[\\w-]+`))?.[0]
  if (!link) throw new Error(`The mail holds no link to ${page}:\n${text}`)
  return link
}
