import type { Transaction } from 'kysely'
import { regionOfId } from '../../shared/ids.ts'
import type { MailKind } from '../../shared/jobs.ts'
import type { Database } from '../db/schema.ts'
import { type Aggregate, recordEvent } from '../outbox.ts'

export type MailRequest = {
  mail: MailKind
  accountId: string
  /** Makes it one mail however often it is asked for: name what happened, with its id and version. */
  key: string
  /** What happened to what: the post, the account, the thread. */
  about: Aggregate
  /** Ids and, across regions, a title; never a secret, an address or what somebody wrote. `letters.ts` reads it. */
  data?: Record<string, string>
}

/**
 * Asks for a mail to an account of any region, in the transaction that gives the reason for it. What it says is decided
 * when it is made, by what Postgres says then.
 */
export async function requestMail(
  trx: Transaction<Database>,
  { mail, accountId, key, about, data = {} }: MailRequest,
): Promise<void> {
  const region = regionOfId(accountId)
  await recordEvent(trx, {
    kind: 'mail.requested',
    about,
    payload: { mail, accountId, key, data },
    ...(region && { region }),
  })
}
