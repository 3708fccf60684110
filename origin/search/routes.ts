import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import { createOpenSearch } from '../adapters/opensearch.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { createAsk, patience } from './choosing.ts'
import type { SearchEngine } from './engine.ts'
import { createOpenSearchEngine } from './opensearch/engine.ts'
import { aliasOf } from './opensearch/names.ts'
import { createPostgresEngine } from './postgres/engine.ts'
import { listRelated } from './related.ts'
import { searchPosts } from './searching.ts'
import { suggest } from './suggesting.ts'
import { readUsualPrice } from './usual-price.ts'

/** Mounts search, suggestions, and what a post's page says of others like it. */
export function searchRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  const ask = createAsk({ postgres: createPostgresEngine(ctx), openSearch: openSearchOf(ctx), log: ctx.log })
  endpoint(app, ctx, api.searchPosts, async ({ query, visitor }) => ({
    body: await searchPosts({ ...ctx, ask }, query, visitor),
  }))
  endpoint(app, ctx, api.suggestSearch, async ({ query, visitor }) => ({ body: await suggest(ctx, query, visitor) }))
  endpoint(app, ctx, api.relatedPosts, async ({ id }) => ({ body: await listRelated(ctx, id) }))
  endpoint(app, ctx, api.usualPrice, async ({ id }) => ({ body: await readUsualPrice(ctx, id) }))
}

function openSearchOf({ config: { openSearchUrl: url }, region }: Context): SearchEngine | undefined {
  if (url === undefined) return undefined
  const openSearch = createOpenSearch({ url, timeout: patience })
  const alias = aliasOf(region)
  // So that the first search does not wait for the client to be loaded and to connect.
  openSearch.indexesOf(alias).catch(() => {})
  return createOpenSearchEngine({ openSearch, region, alias })
}
