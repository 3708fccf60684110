import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../db/schema.ts'

/**
 * Deletes reports about an account of whatever region; its own stay for the moderators, without its name and its words, and
 * its name goes from what it decided.
 * @returns the accounts whose reports were deleted
 */
export async function eraseFromReports(trx: Transaction<Database>, accountId: string): Promise<string[]> {
  const deleted = await trx.deleteFrom('reports').where('about_id', '=', accountId).returning('reporter_id').execute()
  await trx
    .updateTable('reports')
    .set({ reporter_id: null, reporter_key: sql`'erased ' || id`, text: '', decision_reason: null })
    .where('reporter_id', '=', accountId)
    .execute()
  await trx.updateTable('reports').set({ decided_by: null }).where('decided_by', '=', accountId).execute()
  return deleted.flatMap(({ reporter_id }) => reporter_id ?? [])
}

/**
 * Takes the words of what moderators did to an account, its posts and its messages in this region: who did what to which
 * id, and when, stays in the audit table for ever. Comes before posts and messages are deleted.
 */
export async function forgetReasons(trx: Transaction<Database>, accountId: string): Promise<void> {
  const posts = trx.selectFrom('posts').select('id').where('account_id', '=', accountId)
  const messages = trx.selectFrom('messages').select('id').where('sender_id', '=', accountId)
  await trx
    .updateTable('audit')
    .set({ reason: null })
    .where('reason', 'is not', null)
    .where('action', '<>', 'account.leftover')
    .where(entry =>
      entry.or([
        entry('subject_id', '=', accountId),
        entry('subject_id', 'in', posts),
        entry('subject_id', 'in', messages),
      ]),
    )
    .execute()
}

/** Deletes open reports of posts that are being deleted; what was decided about them has its own time. */
export async function deleteOpenReportsOf(trx: Transaction<Database>, postIds: readonly string[]): Promise<void> {
  await trx
    .deleteFrom('reports')
    .where('subject', '=', 'post')
    .where('subject_id', 'in', postIds)
    .where('decided_at', 'is', null)
    .execute()
}

/**
 * Deletes open reports that were made before a moment and whose post, message or account is not there any more; one that a
 * moderator decides at this moment is left alone. @returns how many; fewer than `most` when none is left
 */
export async function deleteMootReports(db: Kysely<Database>, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM reports
    WHERE id = ANY (ARRAY(
      SELECT id FROM reports
      WHERE decided_at IS NULL AND created_at <= ${before} AND NOT CASE subject
        WHEN 'post' THEN EXISTS (SELECT FROM posts WHERE posts.id = subject_id)
        WHEN 'message' THEN EXISTS (SELECT FROM messages WHERE messages.id = subject_id)
        ELSE EXISTS (SELECT FROM accounts WHERE accounts.id = subject_id) END
      ORDER BY created_at
      LIMIT ${most}
      FOR UPDATE SKIP LOCKED))`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
