import type { Transaction } from 'kysely'
import type { JobPayload, MailKind } from '../../shared/jobs.ts'
import type { Database } from '../db/schema.ts'

export type MailRequest = {
  mail: MailKind
  accountId: string
  /** Makes it one mail however often it is asked for: name what happened, with its id and version. */
  key: string
  /** Ids and, across regions, a title; never a secret, an address or what somebody wrote. */
  data?: Record<string, string>
  traceparent: string | null
}

/**
 * Asks for a mail to an account of any region, in the transaction that gives the reason for it. What it says is decided
 * when it is made, by what Postgres says then. After the commit call `ctx.outbox.poke()`.
 */
export async function requestMail(
  trx: Transaction<Database>,
  { mail, accountId, key, data = {}, traceparent }: MailRequest,
): Promise<void> {
  const payload: JobPayload<'mail.requested'> = { mail, accountId, key, data }
  await trx
    .insertInto('outbox')
    .values({
      kind: 'mail.requested',
      aggregate_id: accountId,
      aggregate_version: 1,
      payload: JSON.stringify(payload),
      traceparent,
    })
    .execute()
}
