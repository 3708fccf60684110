import { sql } from 'kysely'
import type { UsualPrice } from '../../shared/search.ts'
import type { Context } from '../context.ts'
import { getPost } from '../posts/posts.ts'
import { isListed } from '../posts/visibility.ts'
import { areOfAKind } from './accessories.ts'
import { alikeTitles } from './alike.ts'

/** Fewer different posts alike, and their prices say nothing. */
const leastAlike = 8
/** The upper quartile may be this many times the lower one: where prices differ more, things do, and no price is usual. */
const widest = 6
/** Posts that are looked at, the newest first, so that it costs the same however many there are. */
const mostRead = 500

type Alike = { account_id: string; title: string; stems: string; price: string }

/**
 * Gives the quartiles of what is asked for things like a post's in its country: same leaf category and currency, titles alike
 * (`alikeTitles`), of the same kind (`areOfAKind`). What one seller posts repeatedly counts once, and what this seller posts under this title
 * not at all. Null where fewer than eight are alike, where their prices lie far apart, or the post has no price.
 */
export async function readUsualPrice(ctx: Pick<Context, 'db' | 'now'>, id: string): Promise<UsualPrice> {
  const at = ctx.now()
  const post = await getPost(ctx.db, null, id, at)
  if (post.price_currency === null) return { price: null }
  const alike = await alikeTitles(ctx, post.title)
  if (alike === undefined) return { price: null }
  const { rows } = await sql<Alike>`
    SELECT account_id, title, strip(ts_filter(search, '{a}'))::text AS stems, price_amount AS price
    FROM posts
    WHERE ${isListed(at)} AND posts.category = ${post.category} AND posts.country = ${post.country}
      AND posts.price_currency = ${post.price_currency} AND posts.price_amount > 0
      AND posts.search @@ ${alike.all}::tsquery
    ORDER BY posts.id = ${id} DESC, bumped_at DESC LIMIT ${mostRead}`.execute(ctx.db)
  const saidBy = ({ account_id, stems }: Alike) => `${account_id} ${stems}`
  const own = rows.find(({ account_id, title }) => account_id === post.account_id && title === post.title)
  const different = new Map(rows.filter(row => areOfAKind(post.title, row.title)).map(row => [saidBy(row), row]))
  if (own) different.delete(saidBy(own))
  const prices = [...different.values()].map(({ price }) => Number(price)).sort((a, b) => a - b)
  const [low, median, high] = [0.25, 0.5, 0.75].map(share => prices[Math.ceil(share * prices.length) - 1] ?? 0)
  if (!low || !median || !high || prices.length < leastAlike || high > widest * low) return { price: null }
  return { price: { currency: post.price_currency, low, median, high, count: prices.length } }
}
