import type { Transaction } from 'kysely'
import { regionOfId } from '../../shared/ids.ts'
import type { MailKind } from '../../shared/jobs.ts'
import type { Database } from '../db/schema.ts'
import { recordEvent } from '../outbox.ts'

export type MailRequest = {
  mail: MailKind
  accountId: string
  /** Makes it one mail however often it is asked for: name what happened, with its id and version. */
  key: string
  /** Ids and, across regions, a title; never a secret, an address or what somebody wrote. `letters.ts` reads it. */
  data?: Record<string, string>
  traceparent: string | null
}

/**
 * Asks for a mail to an account of any region, in the transaction that gives the reason for it. What it says is decided
 * when it is made, by what Postgres says then.
 */
export async function requestMail(
  trx: Transaction<Database>,
  { mail, accountId, key, data = {}, traceparent }: MailRequest,
): Promise<void> {
  const region = regionOfId(accountId)
  await recordEvent(trx, {
    kind: 'mail.requested',
    aggregateId: accountId,
    aggregateVersion: 1,
    payload: { mail, accountId, key, data },
    traceparent,
    ...(region && { region }),
  })
}
