import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Post } from '../../shared/post.ts'
import type { RelatedPosts } from '../../shared/search.ts'
import type { Context } from '../context.ts'
import { isWithin } from '../posts/nearness.ts'
import { getPost } from '../posts/posts.ts'
import { isListed } from '../posts/visibility.ts'
import { areOfAKind } from './accessories.ts'
import { alikeTitles, tellingWords } from './alike.ts'
import type { Hit } from './engine.ts'
import { createPostgresEngine } from './postgres/engine.ts'
import { ranking } from './postgres/ranking.ts'
import { wordsOf } from './query.ts'
import { hydrate } from './searching.ts'

/** Posts on a post's page, and the kilometres that are near to it. */
const most = 4
const around = 150
/** Posts that are looked at in each way: reposts, and what is for such a thing rather than one, are left out of them. */
const looked = 12
/** Titles alike that are read, the newest, to find those near by among them. */
const mostAlike = 500

type Stores = Pick<Context, 'db' | 'now' | 'region'>
type About = Awaited<ReturnType<typeof getPost>>

/**
 * Lists public posts like one, of its category and country: first those with its title's rarest words, near ones before far
 * ones; then those that say the most of it, or any rare word; then the newest near it, and the newest. A phone's page shows no cases
 * (`areOfAKind`), and of reposts one.
 */
export async function listRelated(ctx: Stores, id: string): Promise<z.infer<typeof RelatedPosts>> {
  const at = ctx.now()
  const post = await getPost(ctx.db, null, id, at)
  const engine = createPostgresEngine(ctx)
  const { category, country } = post
  const whole = { q: '', sort: 'relevance', scope: 'region', limit: looked, category, country } as const
  const close = { ...whole, near: `${post.public_lat},${post.public_lon}`, radius: around }
  const asked = { currency: post.price_currency ?? 'USD', at, limit: looked, after: undefined }
  const plain = { ...asked, words: { words: [], phrases: [], excluded: [] }, sort: 'newest' as const }
  const words = tellingWords(post.title)
  const titled = { ...plain, words: { words, phrases: [], excluded: [] }, sort: 'relevance' as const }
  const none = { hits: [] }
  const [{ alike, akin }, near, far, newestNear, newest] = await Promise.all([
    findAlike(ctx, post, at),
    words.length > 0 ? engine.find({ ...titled, filters: close }) : none,
    words.length > 0 ? engine.find({ ...titled, filters: whole }) : none,
    engine.find({ ...plain, filters: close }),
    engine.find({ ...plain, filters: whole }),
  ])
  const saying = [...near.hits, ...far.hits.map(asFar)].sort((a, b) => b.key - a.key)
  const ids = new Set([...alike, ...idsOf(saying), ...akin, ...idsOf(newestNear.hits), ...idsOf(newest.hits)])
  ids.delete(id)
  const items = await hydrate(
    ctx,
    [...ids].map(id => ({ id, key: 0 })),
  )
  return {
    items: withoutReposts(
      post,
      items.filter(item => areOfAKind(post.title, item.title)),
    ).slice(0, most),
  }
}

/** Posts with all rare words of the title, near ones first; and those with any, the most first. */
async function findAlike({ db }: Stores, post: About, at: Date): Promise<{ alike: string[]; akin: string[] }> {
  const titles = await alikeTitles({ db }, post.title)
  if (titles === undefined) return { alike: [], akin: [] }
  const find = async (words: string, order: RawBuilder<unknown>) => {
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM (
        SELECT * FROM posts
        WHERE ${isListed(at)} AND category = ${post.category} AND country = ${post.country} AND search @@ ${words}::tsquery
        ORDER BY bumped_at DESC LIMIT ${mostAlike}
      ) AS posts
      ORDER BY ${order} DESC, bumped_at DESC LIMIT ${looked}`.execute(db)
    return rows.map(({ id }) => id)
  }
  const [alike, akin] = await Promise.all([
    find(titles.all, isWithin(`${post.public_lat},${post.public_lon}`, around)),
    find(titles.any, sql`ts_rank(search, ${titles.any}::tsquery)`),
  ])
  return { alike, akin }
}

function idsOf(hits: readonly Hit[]): string[] {
  return hits.map(({ id }) => id)
}

/** The score that a post which was ranked without regard to distance has at a great one. */
function asFar(hit: Hit): Hit {
  return { ...hit, key: hit.key * (1 - ranking.distance.share) }
}

/** Leaves out what the same seller says once more in the same words, this post's own reposts too. */
function withoutReposts(post: About, items: readonly Post[]): Post[] {
  const said = new Set([saidBy(post.account_id, post.title)])
  return items.filter(({ seller, title }) => {
    const saying = saidBy(seller.id, title)
    return !said.has(saying) && said.add(saying)
  })
}

function saidBy(seller: string, title: string): string {
  return `${seller} ${wordsOf(title.toLowerCase()).toSorted().join(' ')}`
}
