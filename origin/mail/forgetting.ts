import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'

/**
 * What a mail keeps once it is settled: ids. The title of a post, which a mail about a thread of another region is written
 * from, is nobody's business any more then, and its seller may be erased.
 */
export const settled = { data: sql<string>`data - 'postTitle'` }

/** Takes what mails to some accounts know of threads that are deleted; one that is not sent yet has nothing to say any more. */
export async function forgetMailsAbout(
  db: Kysely<Database>,
  { threadIds, accountIds }: { threadIds: readonly string[]; accountIds: readonly string[] },
): Promise<void> {
  if (threadIds.length === 0) return
  await db
    .updateTable('mails')
    .set({ data: '{}' })
    .where('account_id', 'in', accountIds)
    .where(sql`data->>'threadId'`, 'in', threadIds)
    .execute()
}
