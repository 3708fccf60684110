import type { Selectable } from 'kysely'
import { regionOfId } from '../../shared/ids.ts'
import type { ThreadsTable } from '../db/schema.ts'

/**
 * What a mail about a message is written from. Only another region is told the title of the post: the thread's own reads it
 * from the thread, and the less is copied, the less an erasure has to find.
 */
export function mailFacts(
  { id: threadId, post_title: postTitle }: Pick<Selectable<ThreadsTable>, 'id' | 'post_title'>,
  { accountId, messageId }: { accountId: string; messageId: string },
): Record<string, string> {
  const abroad = regionOfId(accountId) !== regionOfId(threadId)
  return { threadId, messageId, ...(abroad && { postTitle }) }
}
