import type { Selectable } from 'kysely'
import { facetOf } from '../../shared/search.ts'
import type { PostsTable } from '../db/schema.ts'
import type { Counts, Hit, Question } from '../search/engine.ts'
import { facetNamesFor, readAttributeFilters, topOf } from '../search/facets.ts'

type Row = Omit<Selectable<PostsTable>, 'search'>

/** What a search without words finds, in its order: the filters said once more, as plainly as can be. */
export function expectedHits(rows: readonly Row[], question: Question): Hit[] {
  const { sort } = question
  const direction = sort === 'oldest' || sort === 'price' || sort === 'distance' ? 1 : -1
  return rows
    .filter(row => fits(row, question))
    .map(row => ({ id: row.id, key: keyOf(row, question) }))
    .sort((a, b) => direction * (a.key - b.key || (a.id < b.id ? -1 : 1)))
}

/** What a search without words counts. */
export function expectedCounts(rows: readonly Row[], question: Question): Counts {
  const { filters } = question
  return {
    total: { value: rows.filter(row => fits(row, question)).length, relation: 'eq' },
    facets: Object.fromEntries(
      facetNamesFor(filters).map(name => {
        const others = rows.filter(row => fits(row, question, name))
        return [name, facetOf(name, filters, countValues(others, name, filters))]
      }),
    ),
  }
}

/** How many rows have each value of a facet. */
export function countValues(rows: readonly Row[], name: string, filters: Question['filters']) {
  const top = topOf(filters)
  const counts = new Map<string, number>()
  for (const row of rows) {
    if (name === 'category' && top !== undefined && row.top_category !== top) continue
    const value = facetValue(row, name, filters)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return Array.from(counts, ([value, count]) => ({ value, count }))
}

/** @param without a facet whose own filter is left out */
function fits(row: Row, { filters, currency, at, sort }: Question, without?: string): boolean {
  const { category, condition, country, subdivision, seller, near, radius = 50, minPrice, maxPrice } = filters
  const price = Number(row.price_amount)
  const byPrice = sort === 'price' || sort === '-price'
  const priced = byPrice || minPrice !== undefined || maxPrice !== undefined
  return [
    (row.status === 'active' || row.status === 'reserved') && !row.seller_hidden && (row.expires_at as Date) > at,
    country === undefined || row.country === country,
    subdivision === undefined || row.subdivision === subdivision,
    seller === undefined || row.account_id === seller,
    near === undefined || distance(row, near) <= radius,
    !priced || (row.price_currency === currency && price >= (minPrice ?? 0) && price <= (maxPrice ?? Infinity)),
    without === 'category' || category === undefined || row.category === category || row.top_category === category,
    without === 'condition' || condition === undefined || condition.some(one => one === row.condition),
    ...readAttributeFilters(filters).map(filter => {
      const { key } = filter.schema
      const value = row.attributes[key]
      if (without === `attr.${key}`) return true
      if ('values' in filter) return value !== undefined && filter.values.includes(lower(value))
      return typeof value === 'number' && value >= (filter.min ?? -Infinity) && value <= (filter.max ?? Infinity)
    }),
  ].every(Boolean)
}

function keyOf(row: Row, { sort, filters }: Question): number {
  if (sort === 'price' || sort === '-price') return Number(row.price_amount)
  if (sort === 'distance') return Math.round(distance(row, filters.near ?? '0,0') * 1_000) / 1_000
  return (row.bumped_at as Date).getTime()
}

function facetValue(row: Row, name: string, { category }: Question['filters']): string | undefined {
  if (name === 'category') return category === undefined ? row.top_category : row.category
  if (name === 'condition') return row.condition ?? undefined
  const value = row.attributes[name.slice('attr.'.length)]
  return value === undefined ? undefined : lower(value)
}

function lower(value: string | number | boolean): string {
  return String(value).toLowerCase()
}

function distance(row: Row, near: string): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [lat, lon] = near.split(',').map(Number) as [number, number]
  const a = Math.sin(radians(row.public_lat - lat) / 2) ** 2
  const b = Math.sin(radians(row.public_lon - lon) / 2) ** 2
  return (
    2 * 6371.009 * Math.asin(Math.min(1, Math.sqrt(a + Math.cos(radians(lat)) * Math.cos(radians(row.public_lat)) * b)))
  )
}
