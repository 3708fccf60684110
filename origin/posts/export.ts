import type { PostRecord } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { beyond } from '../db/keyset.ts'
import { type PostRow, selectPosts } from './rows.ts'
import { priceOf } from './views.ts'

const pageSize = 500

/**
 * Gives all posts, or one account's, in the order they were made, as lines of NDJSON that an import reads. A post
 * without an `externalId` goes by its id.
 */
export async function* exportPosts({ db }: Pick<Context, 'db'>, accountId?: string): AsyncGenerator<string> {
  let last: PostRow | undefined
  for (;;) {
    let posts = selectPosts(db)
    if (accountId !== undefined) posts = posts.where('posts.account_id', '=', accountId)
    if (last) posts = posts.where(beyond(['posts.created_at', 'posts.id'], 'asc', [last.created_at, last.id]))
    const rows = await posts.orderBy('posts.created_at').orderBy('posts.id').limit(pageSize).execute()
    for (const row of rows) yield `${JSON.stringify(recordOf(row))}\n`
    last = rows.at(-1)
    if (rows.length < pageSize) return
  }
}

function recordOf(row: PostRow): PostRecord {
  return {
    externalId: row.external_id ?? row.id,
    title: row.title,
    description: row.description,
    category: row.category,
    price: priceOf(row),
    priceKind: row.price_kind,
    condition: row.condition,
    attributes: row.attributes,
    location: { country: row.country, subdivision: row.subdivision, city: row.city, lat: row.lat, lon: row.lon },
    status: row.status,
    createdAt: row.created_at.toISOString(),
    publishedAt: row.published_at?.toISOString() ?? null,
    bumpedAt: row.bumped_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
    soldAt: row.sold_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}
