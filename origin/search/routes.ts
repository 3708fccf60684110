import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { createPostgresEngine } from './postgres/engine.ts'
import { listRelated } from './related.ts'
import { type AskEngine, searchPosts } from './searching.ts'
import { suggest } from './suggesting.ts'
import { readUsualPrice } from './usual-price.ts'

/** Mounts search, suggestions, and what a post's page says of others like it. */
export function searchRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  const postgres = createPostgresEngine(ctx)
  const ask: AskEngine = async question => ({ value: await question(postgres), engine: 'postgres', degraded: false })
  endpoint(app, ctx, api.searchPosts, async ({ query, visitor }) => ({
    body: await searchPosts({ ...ctx, ask }, query, visitor),
  }))
  endpoint(app, ctx, api.suggestSearch, async ({ query, visitor }) => ({ body: await suggest(ctx, query, visitor) }))
  endpoint(app, ctx, api.relatedPosts, async ({ id }) => ({ body: await listRelated(ctx, id) }))
  endpoint(app, ctx, api.usualPrice, async ({ id }) => ({ body: await readUsualPrice(ctx, id) }))
}
