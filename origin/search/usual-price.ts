import { sql } from 'kysely'
import type { UsualPrice } from '../../shared/search.ts'
import type { Context } from '../context.ts'
import { getPost } from '../posts/posts.ts'
import { isListed } from '../posts/visibility.ts'
import { anyWay } from './postgres/conditions.ts'
import { termsOf } from './postgres/terms.ts'
import { parseQuery } from './query.ts'

/** Fewer posts alike, and their prices say nothing. */
const leastAlike = 8
/** Of so many rare words of the title, a post must have all but one to count as alike. */
const mostWords = 3

/**
 * Gives the quartiles of what is asked for things like a post's in its country: same leaf category, currency and, where
 * the title names it, the same thing. Null where fewer than eight are alike, or the post has no price.
 */
export async function readUsualPrice(ctx: Pick<Context, 'db' | 'now'>, id: string): Promise<UsualPrice> {
  const at = ctx.now()
  const post = await getPost(ctx.db, null, id, at)
  if (post.price_currency === null) return { price: null }
  const { wanted } = await termsOf(ctx.db, parseQuery(post.title.replaceAll(/["“”„«»-]/g, ' ')))
  const rare = wanted.toSorted((a, b) => b.rarity - a.rarity).slice(0, mostWords)
  const pairs = rare.flatMap((one, i) => rare.slice(i + 1).map(other => `(${anyWay(one)} & ${anyWay(other)})`))
  if (pairs.length === 0) return { price: null }
  const { rows } = await sql<{ low: string; median: string; high: string; count: number }>`
    SELECT percentile_disc(0.25) WITHIN GROUP (ORDER BY price_amount) AS low,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY price_amount) AS median,
      percentile_disc(0.75) WITHIN GROUP (ORDER BY price_amount) AS high, count(*)::int AS count
    FROM posts
    WHERE ${isListed(at)} AND posts.id <> ${id} AND posts.category = ${post.category} AND posts.country = ${post.country}
      AND posts.price_currency = ${post.price_currency} AND posts.price_amount > 0
      AND posts.search @@ ${pairs.join(' | ')}::tsquery`.execute(ctx.db)
  const [found] = rows
  if (!found || found.count < leastAlike) return { price: null }
  const { low, median, high, count } = found
  return {
    price: { currency: post.price_currency, low: Number(low), median: Number(median), high: Number(high), count },
  }
}
