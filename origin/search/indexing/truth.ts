import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { postColumns } from '../../posts/rows.ts'
import { documentOf, type PostDocument, tombstone } from '../opensearch/document.ts'

/** What an index is to say of a post, and the version of that. */
export type Truth = {
  id: string
  version: number
  document: PostDocument
  /** False for one that nobody may find: its document is the tombstone. */
  isPublic: boolean
}

/** The posts that have a document, expired ones too: expiry is left to queries. */
export const isIndexed = sql<boolean>`posts.status IN ('active', 'reserved') AND NOT posts.seller_hidden`

/**
 * Reads what Postgres says of posts, deleted ones by what is left of them.
 * @returns by id; nothing of those that never were, or were deleted so long ago that nobody knows
 */
export async function readTruths(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, Truth>> {
  if (ids.length === 0) return new Map()
  const posts = await db.selectFrom('posts').select(postColumns).where('id', 'in', ids).execute()
  const truths = new Map(posts.map(post => [post.id, truthOf(post)]))
  const missing = ids.filter(id => !truths.has(id))
  if (missing.length === 0) return truths
  // After the posts: one that is deleted in between has left a tombstone by now.
  const deleted = db.selectFrom('search_tombstones').select(['post_id', 'version']).where('post_id', 'in', missing)
  for (const { post_id: id, version } of await deleted.execute()) truths.set(id, goneAt(id, Number(version)))
  return truths
}

/** Walks over all posts that are to be in an index, in the order of their ids. */
export async function* walkPosts(db: Kysely<Database>, size: number): AsyncGenerator<Truth[]> {
  for (let after = ''; ; ) {
    const posts = await db
      .selectFrom('posts')
      .select(postColumns)
      .where('posts.id', '>', after)
      .where(isIndexed)
      .orderBy('posts.id')
      .limit(size)
      .execute()
    const last = posts.at(-1)
    if (!last) return
    yield posts.map(truthOf)
    if (posts.length < size) return
    after = last.id
  }
}

/** Says that a post is gone, as of a version. */
export function goneAt(id: string, version: number): Truth {
  return { id, version, document: tombstone, isPublic: false }
}

function truthOf(post: Parameters<typeof documentOf>[0] & { id: string; search_version: string }): Truth {
  const document = documentOf(post)
  return { id: post.id, version: Number(post.search_version), document, isPublic: document !== tombstone }
}
