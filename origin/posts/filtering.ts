import { findCategory, isLeafCategory } from '../../shared/category.ts'
import { AppError } from '../../shared/errors.ts'
import type { PostQuery } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { isWithin } from './nearness.ts'
import { selectPosts } from './rows.ts'
import { isListed } from './visibility.ts'

type Filters = Omit<PostQuery, 'sort' | 'limit' | 'cursor'>

/** Radius of a search around a point that names none, in kilometres. */
const defaultRadius = 50

/**
 * Begins a query for what the public may see under some filters. Prices are compared within one currency.
 * @throws invalid_input for an unknown category or a region that is not ours
 */
export function filterPosts(ctx: Pick<Context, 'db' | 'now' | 'region'>, filters: Filters, currency: string) {
  requireOwnRegion(ctx.region, filters.region)
  const { category, country, subdivision, near, radius = defaultRadius, minPrice, maxPrice } = filters
  let posts = selectPosts(ctx.db).where(isListed(ctx.now()))
  if (category !== undefined) posts = posts.where(categoryColumn(category), '=', category)
  if (country !== undefined) posts = posts.where('posts.country', '=', country)
  if (subdivision !== undefined) posts = posts.where('posts.subdivision', '=', subdivision)
  if (near !== undefined) posts = posts.where(isWithin(near, radius))
  if (minPrice !== undefined || maxPrice !== undefined) posts = posts.where('posts.price_currency', '=', currency)
  if (minPrice !== undefined) posts = posts.where('posts.price_amount', '>=', String(minPrice))
  if (maxPrice !== undefined) posts = posts.where('posts.price_amount', '<=', String(maxPrice))
  return posts
}

/** A branch is served by the column that holds the top of each post's path. */
function categoryColumn(category: string): 'posts.category' | 'posts.top_category' {
  if (isLeafCategory(category)) return 'posts.category'
  if (findCategory(category)) return 'posts.top_category'
  throw new AppError('invalid_input', { errors: [{ field: 'category', message: 'is not a category' }] })
}

function requireOwnRegion(own: string, asked: string | undefined): void {
  if (asked === undefined || asked === own) return
  throw new AppError('invalid_input', { errors: [{ field: 'region', message: `must be "${own}" here` }] })
}
