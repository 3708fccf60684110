import type { Mail } from '../adapters/ses.ts'
import type { Context } from '../context.ts'
import {
  alreadyRegisteredMail,
  deletedAccountMail,
  reinstatedMail,
  resetMail,
  suspendedMail,
  verifyMail,
} from './mails.ts'
import { createToken, hashToken } from './tokens.ts'

export const mailKinds = [
  'mail.verify',
  'mail.already-registered',
  'mail.reset',
  'mail.suspended',
  'mail.reinstated',
] as const
export type MailKind = (typeof mailKinds)[number]
export type Purpose = 'verify' | 'reset'

/** How long the token in a mail is good, in milliseconds. */
const tokenLifetime: Readonly<Record<Purpose, number>> = { verify: 24 * 3_600_000, reset: 3_600_000 }

/**
 * Writes the mail that an outbox row asks for, by what Postgres says now. The token is made here and not before, so that
 * the outbox holds no secret.
 * @returns undefined when there is nothing to say any more
 */
export async function composeFor(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'config'>,
  kind: MailKind,
  accountId: string,
): Promise<Mail | undefined> {
  const account = await ctx.db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
  if (!account) return undefined
  const reader = { email: account.email, displayName: account.display_name, siteUrl: ctx.config.siteUrl }
  switch (kind) {
    case 'mail.verify':
      return account.verified_at || account.suspended_at || account.deleted_at
        ? undefined
        : verifyMail(reader, await issueToken(ctx, accountId, 'verify'))
    case 'mail.already-registered':
      return account.deleted_at ? deletedAccountMail(reader) : alreadyRegisteredMail(reader)
    case 'mail.reset':
      return account.deleted_at ? undefined : resetMail(reader, await issueToken(ctx, accountId, 'reset'))
    case 'mail.suspended':
      return account.suspended_at ? suspendedMail(reader, account.suspension_reason ?? '') : undefined
    case 'mail.reinstated':
      return account.suspended_at || account.deleted_at ? undefined : reinstatedMail(reader)
  }
}

async function issueToken(
  { db, now, region }: Pick<Context, 'db' | 'now' | 'region'>,
  accountId: string,
  purpose: Purpose,
): Promise<string> {
  const token = createToken(region)
  const at = now()
  await db
    .insertInto('account_tokens')
    .values({
      token_hash: hashToken(token),
      account_id: accountId,
      purpose,
      created_at: at,
      expires_at: new Date(at.getTime() + tokenLifetime[purpose]),
    })
    .execute()
  return token
}
