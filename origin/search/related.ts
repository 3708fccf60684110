import type * as z from 'zod'
import type { RelatedPosts } from '../../shared/search.ts'
import type { Context } from '../context.ts'
import { getPost } from '../posts/posts.ts'
import { createPostgresEngine } from './postgres/engine.ts'
import { parseQuery } from './query.ts'
import { hydrate } from './searching.ts'

/** Posts on a post's page, and the kilometres within which they are looked for first. */
const most = 4
const around = 150

/** Lists public posts like one: of its category and country, those that say the same in their titles first, then the newest. */
export async function listRelated(
  ctx: Pick<Context, 'db' | 'now' | 'region'>,
  id: string,
): Promise<z.infer<typeof RelatedPosts>> {
  const at = ctx.now()
  const post = await getPost(ctx.db, null, id, at)
  const engine = createPostgresEngine(ctx)
  const filters = {
    q: '',
    sort: 'relevance',
    scope: 'region',
    limit: most + 1,
    category: post.category,
    country: post.country,
  } as const
  const near = `${post.public_lat},${post.public_lon}`
  const asked = { currency: post.price_currency ?? 'USD', at, limit: most + 1, after: undefined }
  const titled = { ...asked, words: parseQuery(post.title.replaceAll(/["“”„«»-]/g, ' ')), sort: 'relevance' as const }
  const plain = { ...asked, words: parseQuery(''), sort: 'newest' as const }
  const [alike, close, newest] = await Promise.all([
    engine.find({ ...titled, filters: { ...filters, near, radius: around } }),
    engine.find({ ...plain, filters: { ...filters, near, radius: around } }),
    engine.find({ ...plain, filters }),
  ])
  const hits = [...alike.hits, ...close.hits, ...newest.hits].filter(hit => hit.id !== id)
  const once = [...new Map(hits.map(hit => [hit.id, hit])).values()]
  return { items: (await hydrate(ctx, once.slice(0, most * 2))).slice(0, most) }
}
