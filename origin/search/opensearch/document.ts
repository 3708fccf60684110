import type { PostRow } from '../../posts/rows.ts'
import { inLowerCase } from '../lower-case.ts'

/** What of a stored post its document is made from. */
export type IndexedRow = Pick<
  PostRow,
  | 'id'
  | 'account_id'
  | 'title'
  | 'description'
  | 'category'
  | 'top_category'
  | 'category_words'
  | 'price_amount'
  | 'price_currency'
  | 'condition'
  | 'attributes'
  | 'country'
  | 'subdivision'
  | 'public_lat'
  | 'public_lon'
  | 'status'
  | 'seller_hidden'
  | 'published_at'
  | 'bumped_at'
  | 'expires_at'
>

/** A post as the index has it; `mapping.ts` says what each field is. */
export type PostDocument = Record<string, unknown>

/** What stands for a post that nobody may find. */
export const tombstone: PostDocument = { gone: true }

/**
 * Gives the document of a post, the tombstone for one that is not public (or is not there: undefined). Expiry is left to queries:
 * a post expires without a change. Only the blurred place goes into an index.
 */
export function documentOf(row: IndexedRow | undefined): PostDocument {
  if (!row || (row.status !== 'active' && row.status !== 'reserved') || row.seller_hidden) return tombstone
  const attributes = Object.entries(row.attributes)
  const numbers = attributes.filter(([, value]) => typeof value === 'number')
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    category_words: row.category_words,
    attribute_words: attributes.flatMap(([, value]) => (typeof value === 'boolean' ? [] : [String(value)])),
    category: row.category,
    top_category: row.top_category,
    condition: row.condition,
    status: row.status,
    seller: row.account_id,
    country: row.country,
    subdivision: row.subdivision,
    values: Object.fromEntries(attributes.map(([key, value]) => [key, inLowerCase(String(value))])),
    numbers: Object.fromEntries(numbers),
    price: row.price_amount === null ? null : Number(row.price_amount),
    currency: row.price_currency,
    place: { lat: row.public_lat, lon: row.public_lon },
    lat: row.public_lat,
    lon: row.public_lon,
    published_at: row.published_at?.getTime() ?? null,
    bumped_at: row.bumped_at?.getTime() ?? null,
    expires_at: row.expires_at?.getTime() ?? null,
  }
}
