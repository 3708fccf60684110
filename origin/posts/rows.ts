import type { Kysely, Selectable } from 'kysely'
import type { Image } from '../../shared/media.ts'
import type { Database, PostsTable } from '../db/schema.ts'
import { shownImages } from '../media/rows.ts'

/** A post as it is stored, with what its page says of the seller, and its photos. */
export type PostRow = Selectable<PostsTable> & { seller_name: string; seller_since: Date; images: Image[] }

/** Begins a query for whole posts with their sellers and photos; add what is to be found. */
export function selectPosts(db: Kysely<Database>) {
  return db
    .selectFrom('posts')
    .innerJoin('accounts', 'accounts.id', 'posts.account_id')
    .selectAll('posts')
    .select(['accounts.display_name as seller_name', 'accounts.created_at as seller_since'])
    .select(shownImages().as('images'))
}
