import type { Region } from '../../../shared/regions.ts'
import { defaultRadius, requireOwnRegion } from '../../posts/filtering.ts'
import { earthRadius } from '../../posts/nearness.ts'
import type { Question } from '../engine.ts'
import { type AttributeFilter, readAttributeFilters } from '../facets.ts'
import type { Query } from './ranking.ts'

/** Filters that no facet has, and each facet's own, by its name. */
export type Filters = { common: Query[]; facets: Record<string, Query> }

/** Kilometres within which a distance is measured by our own formula: the engine's differs by less than that. */
const doubt = 0.002

/** The haversine of the angle between a point and a post, as `posts/nearness.ts` has it. */
const haversine = `double a = Math.sin(Math.toRadians(doc['lat'].value - params.lat) / 2);
  double o = Math.sin(Math.toRadians(doc['lon'].value - params.lon) / 2);
  double h = a * a + params.cos * Math.cos(Math.toRadians(doc['lat'].value)) * o * o;`

/** Writes the filters of a search, with the meaning that they have in lists. @throws invalid_input for those that cannot be */
export function filtersOf(
  region: Region,
  { filters, currency, at, sort }: Pick<Question, 'filters' | 'currency' | 'at'> & { sort?: Question['sort'] },
): Filters {
  requireOwnRegion(region, filters.region)
  const {
    category,
    condition,
    country,
    subdivision,
    seller,
    near,
    radius = defaultRadius,
    minPrice,
    maxPrice,
  } = filters
  const byPrice = sort === 'price' || sort === '-price'
  // What is gone has no expiry.
  const common: Query[] = [{ range: { expires_at: { gt: at.getTime() } } }]
  if (country !== undefined) common.push({ term: { country } })
  if (subdivision !== undefined) common.push({ term: { subdivision } })
  if (seller !== undefined) common.push({ term: { seller } })
  if (near !== undefined) common.push(...isWithin(near, radius))
  if (byPrice || minPrice !== undefined || maxPrice !== undefined) common.push({ term: { currency } })
  if (byPrice) common.push({ exists: { field: 'price' } })
  if (minPrice !== undefined || maxPrice !== undefined) common.push(between('price', minPrice, maxPrice))
  const facets: Record<string, Query> = {}
  if (category !== undefined) facets.category = anyOf([{ term: { category } }, { term: { top_category: category } }])
  if (condition !== undefined) facets.condition = { terms: { condition } }
  for (const filter of readAttributeFilters(filters)) facets[`attr.${filter.schema.key}`] = attributeFilter(filter)
  return { common, facets }
}

/** Sorts by kilometres to the metre, as lists measure them. @param near "lat,lon" in degrees */
export function byDistance(near: string): Query {
  const source = `${haversine} return Math.round(2 * params.radius * Math.asin(Math.min(1, Math.sqrt(h))) * 1000) / 1000.0;`
  return { _script: { type: 'number', script: { source, params: pointOf(near) }, order: 'asc' } }
}

/** Any of the queries. */
export function anyOf(queries: readonly Query[]): Query {
  return { bool: { should: queries, minimum_should_match: 1 } }
}

/** The engine's circle tells almost always; the few posts on its very edge are measured as Postgres does. */
function isWithin(near: string, radius: number): Query[] {
  const circle = (kilometres: number) => ({ geo_distance: { distance: `${kilometres}km`, place: near } })
  const source = `${haversine} return h <= params.most;`
  const params = { ...pointOf(near), most: Math.sin(radius / earthRadius / 2) ** 2 }
  return [circle(radius + doubt), anyOf([circle(radius - doubt), { script: { script: { source, params } } }])]
}

function pointOf(near: string) {
  const [lat, lon] = near.split(',').map(Number) as [number, number]
  return { lat, lon, cos: Math.cos((lat * Math.PI) / 180), radius: earthRadius }
}

function attributeFilter(filter: AttributeFilter): Query {
  const { key } = filter.schema
  if ('values' in filter) return { terms: { [`values.${key}`]: filter.values } }
  return between(`numbers.${key}`, filter.min, filter.max)
}

function between(field: string, min: number | undefined, max: number | undefined): Query {
  return { range: { [field]: { ...(min !== undefined && { gte: min }), ...(max !== undefined && { lte: max }) } } }
}
