import { mailTopics } from '../../shared/mail.ts'
import { paths } from '../../shared/paths.ts'
import type { AccountRow } from '../accounts/sessions.ts'
import type { Mail } from '../adapters/ses.ts'
import { type Composing, letters, type MailRow } from './letters.ts'
import { type Entitlement, signLink } from './links.ts'
import { type MailPolicy, mailPolicy } from './policy.ts'
import { type Frame, renderLetter } from './templates/layout.ts'
import type { Reader } from './templates/letter.ts'

/** `dropped`: there is nothing to say any more. `suppressed`: its reader does not want it, or cannot be reached. */
export type Composed = Mail | 'dropped' | 'suppressed'

/** Writes a mail by what Postgres says now, unless there is a reason not to. */
export async function composeMail(ctx: Composing, mail: MailRow): Promise<Composed> {
  const account = await ctx.db.selectFrom('accounts').selectAll().where('id', '=', mail.account_id).executeTakeFirst()
  if (!account) return 'dropped'
  const policy = mailPolicy[mail.kind]
  if (policy.topic && (!account.verified_at || account.suspended_at || account.deleted_at)) return 'dropped'
  if (isUnwanted(account, policy)) return 'suppressed'
  const { siteUrl } = ctx.config
  const link = (entitlement: Entitlement) =>
    `${siteUrl}${paths.mailLink()}?token=${signLink(ctx.region, ctx.keys['mail-link'], entitlement)}`
  const written = await letters[mail.kind]({ ctx, account, reader: readerOf(account, siteUrl), mail, link })
  if (!written) return 'dropped'
  const to = written.to ?? account.email
  if (to === account.email && isInTrouble(account, policy)) return 'suppressed'
  const { frame, headers } = unsubscribing(ctx, account, policy)
  return { id: mail.id, to, ...(await renderLetter(written.letter, frame)), headers }
}

function readerOf({ display_name, locale, time_zone }: AccountRow, siteUrl: string): Reader {
  return { greeting: `Hello ${display_name},`, locale, timeZone: time_zone, siteUrl }
}

function isUnwanted({ muted_mails: muted }: AccountRow, { topic }: MailPolicy): boolean {
  if (!topic) return false
  return topic === 'any' ? muted.length === mailTopics.length : muted.includes(topic)
}

/** After a bounce only what its holder waits for is tried; after a complaint also what concerns their safety. */
function isInTrouble({ mail_trouble: trouble }: AccountRow, { inTrouble }: MailPolicy): boolean {
  if (!trouble || inTrouble === 'asked') return false
  return trouble === 'bounced' || inTrouble === 'never'
}

/**
 * What can be muted says how: a page, and for mail programs one click (RFC 8058). What cannot says neither. No person
 * wrote it, so no machine need answer it (RFC 3834).
 */
function unsubscribing(ctx: Composing, account: AccountRow, { topic }: MailPolicy): { frame: Frame; headers: Headers } {
  const { siteUrl } = ctx.config
  const headers = { 'Auto-Submitted': 'auto-generated' }
  if (!topic) return { frame: { siteUrl, settingsUrl: null, unsubscribeUrl: null }, headers }
  const ends = { act: 'unsubscribe', account: account.id, topic: topic === 'any' ? null : topic } as const
  const token = signLink(ctx.region, ctx.keys['mail-link'], ends)
  return {
    frame: {
      siteUrl,
      settingsUrl: siteUrl + paths.mailSettings(),
      unsubscribeUrl: `${siteUrl}${paths.mailLink()}?token=${token}`,
    },
    headers: {
      ...headers,
      'List-Unsubscribe': `<${siteUrl}${paths.unsubscribe()}?token=${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

type Headers = Record<string, string>
