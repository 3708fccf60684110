import type { Kysely } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import { mailFacts } from './mail-facts.ts'
import { inTransaction } from './threads.ts'

/**
 * Takes a message's words from both sides by a moderator's hand, and asks for a mail that tells its author, of whatever
 * region. The reason is that of the decision. One that is removed or gone already stays so. Writes by `ctx.db`, which may be
 * a transaction.
 */
export async function removeMessage({ db, now }: Pick<Context, 'db' | 'now'>, id: string): Promise<void> {
  await inTransaction(db, async trx => {
    const message = await trx
      .updateTable('messages')
      .set({ removed_at: now() })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning(['thread_id', 'sender_id'])
      .executeTakeFirst()
    if (!message) return
    const thread = await trx
      .selectFrom('threads')
      .select(['id', 'version', 'post_title'])
      .where('id', '=', message.thread_id)
      .executeTakeFirstOrThrow()
    const accountId = message.sender_id
    await requestMail(trx, {
      mail: 'message-removed',
      accountId,
      key: `message-removed ${id}`,
      about: thread,
      data: mailFacts(thread, { accountId, messageId: id }),
    })
  })
}

/** Gives the reasons for which messages were removed, by their ids: those of the decisions that did so. */
export async function readRemovalReasons(
  db: Kysely<Database>,
  messageIds: readonly string[],
): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('reports')
    .select(['subject_id', 'decision_reason'])
    .where('subject_id', 'in', messageIds)
    .where('outcome', '=', 'remove')
    // The first decision is the one that removed it, so it is the last to be put into the map.
    .orderBy('decided_at', 'desc')
    .execute()
  return new Map(rows.map(row => [row.subject_id, row.decision_reason ?? '']))
}
