import { type RawBuilder, sql } from 'kysely'
import { findCategory, isLeafCategory } from '../../shared/category.ts'
import { AppError } from '../../shared/errors.ts'
import type { PostQuery } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { isWithin } from './nearness.ts'
import { isListed } from './visibility.ts'

export type Filters = Omit<PostQuery, 'limit' | 'cursor'>

/** Radius of a search around a point that names none, in kilometres. */
export const defaultRadius = 50

/**
 * The posts that the public may see under some filters, whether they are listed or counted. Prices are compared within
 * one currency, and an order by price holds only posts with an amount in it; a currency alone leaves nothing out.
 * @throws invalid_input for an unknown category or a region that is not ours
 */
export function matches(
  { now, region }: Pick<Context, 'now' | 'region'>,
  filters: Filters,
  currency: string,
): RawBuilder<boolean> {
  requireOwnRegion(region, filters.region)
  const { category, country, subdivision, near, radius = defaultRadius, minPrice, maxPrice, sort } = filters
  const byPrice = sort === 'price' || sort === '-price'
  const conditions = [isListed(now())]
  if (category !== undefined) conditions.push(isIn(category))
  if (country !== undefined) conditions.push(sql`posts.country = ${country}`)
  if (subdivision !== undefined) conditions.push(sql`posts.subdivision = ${subdivision}`)
  if (near !== undefined) conditions.push(isWithin(near, radius))
  if (byPrice || minPrice !== undefined || maxPrice !== undefined)
    conditions.push(sql`posts.price_currency = ${currency}`)
  if (byPrice) conditions.push(sql`posts.price_amount IS NOT NULL`)
  if (minPrice !== undefined) conditions.push(sql`posts.price_amount >= ${minPrice}`)
  if (maxPrice !== undefined) conditions.push(sql`posts.price_amount <= ${maxPrice}`)
  return sql.join(conditions, sql` AND `) as RawBuilder<boolean>
}

/** The posts of a category and of those below it: a branch is served by the column that holds the top of each post's path. @throws invalid_input for what is no category */
export function isIn(category: string): RawBuilder<boolean> {
  if (isLeafCategory(category)) return sql`posts.category = ${category}`
  if (findCategory(category)) return sql`posts.top_category = ${category}`
  throw new AppError('invalid_input', { errors: [{ field: 'category', message: 'is not a category' }] })
}

/** A region's lists and searches hold its own posts. @throws invalid_input where another region is asked for */
export function requireOwnRegion(own: string, asked: string | undefined): void {
  if (asked === undefined || asked === own) return
  throw new AppError('invalid_input', { errors: [{ field: 'region', message: `must be "${own}" here` }] })
}
