import type { Kysely, Selectable } from 'kysely'
import type { Image } from '../../shared/media.ts'
import type { Database, PostsTable } from '../db/schema.ts'
import { shownImages } from '../media/rows.ts'

/** A post as it is stored, with what its page says of the seller, and its photos. */
export type PostRow = Selectable<PostsTable> & { seller_name: string; seller_since: Date; images: Image[] }

/** Every column of a post but its full text, which only searches read. */
// biome-ignore format: one look is enough
export const postColumns = [
  'id', 'account_id', 'external_id', 'title', 'description', 'category', 'top_category', 'category_words', 'price_amount',
  'price_currency', 'price_kind', 'condition', 'attributes', 'country', 'subdivision', 'city', 'lat', 'lon', 'public_lat',
  'public_lon', 'status', 'removed_from', 'removal_reason', 'seller_hidden', 'version', 'created_at', 'updated_at',
  'published_at', 'bumped_at', 'renewed_at', 'expires_at', 'sold_at', 'ended_at', 'reminded_for', 'told_expired_for',
  'search_version',
] as const satisfies readonly (keyof PostsTable)[]

/** Begins a query for whole posts with their sellers and photos; add what is to be found. */
export function selectPosts(db: Kysely<Database>) {
  return db
    .selectFrom('posts')
    .innerJoin('accounts', 'accounts.id', 'posts.account_id')
    .select(postColumns.map(column => `posts.${column}` as const))
    .select(['accounts.display_name as seller_name', 'accounts.created_at as seller_since'])
    .select(shownImages().as('images'))
}
