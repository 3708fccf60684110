import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import type { Aggregate } from '../outbox.ts'

type SignIn = { account: Aggregate; sessionId: string; country: string }

/**
 * Remembers from which countries an account signs in, and asks for a mail to its holder when one is new; the first of
 * all is where the account was made and no news.
 */
export async function noteCountry(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  { account, sessionId, country }: SignIn,
): Promise<void> {
  const added = await trx
    .insertInto('account_countries')
    .values({ account_id: account.id, country, first_seen_at: now() })
    .onConflict(conflict => conflict.doNothing())
    .returning('country')
    .executeTakeFirst()
  if (!added) return
  const another = await trx
    .selectFrom('account_countries')
    .select('country')
    .where('account_id', '=', account.id)
    .where('country', '!=', country)
    .limit(1)
    .executeTakeFirst()
  if (!another) return
  const key = `new-sign-in ${account.id} ${country}`
  await requestMail(trx, { mail: 'new-sign-in', accountId: account.id, key, about: account, data: { sessionId } })
}
