import { normaliseEmail } from '../../shared/account.ts'
import type { JobPayload } from '../../shared/jobs.ts'
import { mailTag } from '../adapters/ses.ts'
import type { Context } from '../context.ts'
import { settled } from './forgetting.ts'
import type { MailRow } from './letters.ts'

type Feedback = JobPayload<'mail.feedback'>

/**
 * Acts on what SES tells of a mail: that it took it, which settles a doubt of ours; that an address does not exist, or
 * that its holder called the mail spam, which ends mail to that address and shows on the account page. Repeats harmlessly.
 */
export async function takeFeedback(ctx: Pick<Context, 'db' | 'now' | 'log'>, feedback: Feedback): Promise<void> {
  const mail = await findMail(ctx, feedback)
  if (!mail)
    return ctx.log.info(
      { event: feedback.eventType ?? feedback.notificationType },
      'SES speaks of a mail that is not known here any more',
    )
  await noteTaken(ctx, mail, feedback)
  const { bounce, complaint, delivery } = feedback
  if (delivery)
    await noteArrival(
      ctx,
      mail,
      delivery.recipients.map(emailAddress => ({ emailAddress })),
    )
  if (bounce) {
    await ctx.db
      .updateTable('mails')
      .set({ ...settled, state: 'bounced', error: bounce.bounceType })
      .where('id', '=', mail.id)
      .execute()
    // What is full or away for now is not gone: only a permanent bounce ends mail to the address.
    if (bounce.bounceType === 'Permanent')
      await noteTrouble(ctx, mail, 'bounced', addressesIn(bounce.bouncedRecipients))
  }
  if (complaint && complaint.complaintFeedbackType !== 'not-spam') {
    await noteTrouble(ctx, mail, 'complained', addressesIn(complaint.complainedRecipients))
  }
}

function findMail({ db }: Pick<Context, 'db'>, { mail }: Feedback): Promise<MailRow | undefined> {
  const id = mail.tags[mailTag]?.[0]
  return db
    .selectFrom('mails')
    .selectAll()
    .where(where => where.or([where('ses_message_id', '=', mail.messageId), ...(id ? [where('id', '=', id)] : [])]))
    .executeTakeFirst()
}

/** Whatever SES reports of a mail, it had it: a process may have died before it could write that down. */
async function noteTaken({ db, now }: Pick<Context, 'db' | 'now'>, { id }: MailRow, { mail }: Feedback): Promise<void> {
  await db
    .updateTable('mails')
    .set({ ...settled, state: 'sent', sent_at: now(), ses_message_id: mail.messageId })
    .where('id', '=', id)
    .where('handed_at', 'is not', null)
    .where('state', 'in', ['queued', 'sending'])
    .execute()
}

/** Only while it is the account's address still. A complaint outlives a later bounce: it is a person's word. */
async function noteTrouble(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { account_id }: MailRow,
  trouble: 'bounced' | 'complained',
  addresses: string[],
): Promise<void> {
  if (addresses.length === 0) return
  await db
    .updateTable('accounts')
    .set({ mail_trouble: trouble, mail_trouble_at: now() })
    .where('id', '=', account_id)
    .where('email', 'in', addresses)
    .where(where => where.or([where('mail_trouble', 'is', null), where('mail_trouble', '=', 'bounced')]))
    .execute()
}

/** What its holder asked for arrived after all: the address is alive again. An older mail than the bounce proves nothing. */
async function noteArrival(
  { db }: Pick<Context, 'db'>,
  { account_id, created_at }: MailRow,
  recipients: { emailAddress: string }[],
): Promise<void> {
  const addresses = addressesIn(recipients)
  if (addresses.length === 0) return
  await db
    .updateTable('accounts')
    .set({ mail_trouble: null, mail_trouble_at: null })
    .where('id', '=', account_id)
    .where('email', 'in', addresses)
    .where('mail_trouble', '=', 'bounced')
    .where('mail_trouble_at', '<', created_at)
    .execute()
}

/** Addresses as SES writes them may have a name before them. */
function addressesIn(recipients: readonly { emailAddress: string }[]): string[] {
  return recipients.map(({ emailAddress }) => normaliseEmail(/<([^<>]+)>\s*$/.exec(emailAddress)?.[1] ?? emailAddress))
}
