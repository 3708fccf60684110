import { AppError } from '../../shared/errors.ts'
import { type MailPreferences, type MailTopic, mailTopics } from '../../shared/mail.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'

type Stores = Pick<Context, 'db'>

/** Gives what an account wants to be told by mail. @throws account_not_found */
export async function readMailPreferences({ db }: Stores, actor: Actor): Promise<MailPreferences> {
  const row = await db
    .selectFrom('accounts')
    .select('muted_mails')
    .where('id', '=', actor.id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new AppError('account_not_found')
  return preferencesOf(row.muted_mails)
}

/**
 * Changes what an account wants to be told; what is not named stays. Whoever says what they want takes a complaint back.
 * @throws account_not_found
 */
export async function editMailPreferences(
  { db }: Stores,
  actor: Actor,
  patch: { readonly [T in MailTopic]?: boolean | undefined },
): Promise<MailPreferences> {
  return db.transaction().execute(async trx => {
    const row = await trx
      .selectFrom('accounts')
      .select('muted_mails')
      .where('id', '=', actor.id)
      .where('deleted_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw new AppError('account_not_found')
    const wanted = { ...preferencesOf(row.muted_mails), ...patch }
    const muted = mailTopics.filter(topic => !wanted[topic])
    await trx.updateTable('accounts').set({ muted_mails: muted }).where('id', '=', actor.id).execute()
    await trx
      .updateTable('accounts')
      .set({ mail_trouble: null, mail_trouble_at: null })
      .where('id', '=', actor.id)
      .where('mail_trouble', '=', 'complained')
      .execute()
    return preferencesOf(muted)
  })
}

/** Ends mail of one topic, or of all that can be ended; that it has ended already is as good. */
export async function unsubscribe({ db }: Stores, accountId: string, topic: MailTopic | null): Promise<void> {
  await db.transaction().execute(async trx => {
    const row = await trx
      .selectFrom('accounts')
      .select('muted_mails')
      .where('id', '=', accountId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return
    const muted = mailTopics.filter(each => topic === null || each === topic || row.muted_mails.includes(each))
    await trx.updateTable('accounts').set({ muted_mails: muted }).where('id', '=', accountId).execute()
  })
}

function preferencesOf(muted: readonly MailTopic[]): MailPreferences {
  return Object.fromEntries(mailTopics.map(topic => [topic, !muted.includes(topic)])) as MailPreferences
}
