import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import { categories } from '../../shared/category.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'

/** Mounts the tree of categories. */
export function categoryRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.listCategories, () => ({ body: { items: categories } }))
}
