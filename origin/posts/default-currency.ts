import type { PostQuery } from '../../shared/post.ts'
import { countries, type Region, regionOfCountry } from '../../shared/regions.ts'
import type { Visitor } from '../../shared/visitor.ts'
import { nearestPlace } from '../places/places.ts'

/** The country in which each region's stack stands; its currency is the last resort. */
const homeOfRegion: Readonly<Record<Region, string>> = { na: 'US', eu: 'DE', ap: 'SG' }

/**
 * Gives the currency that a list's prices are in: the one asked for, else that of the place asked for, else of the
 * visitor's country where this region serves it, else the region's own.
 */
export function currencyFor(region: Region, query: PostQuery, visitor: Pick<Visitor, 'country'>): string {
  if (query.currency) return query.currency
  const candidates = [query.country, query.subdivision?.slice(0, 2), countryNear(query), visitor.country]
  const country = candidates.find(code => code && regionOfCountry(code) === region) ?? homeOfRegion[region]
  return countries[country]?.currency ?? 'USD'
}

/** Looked for only where prices matter: it costs a pass over all places. */
function countryNear({ near, sort, minPrice, maxPrice }: PostQuery): string | undefined {
  const byPrice = sort === 'price' || sort === '-price' || minPrice !== undefined || maxPrice !== undefined
  if (!near || !byPrice) return undefined
  const [lat = 0, lon = 0] = near.split(',').map(Number)
  return nearestPlace(lat, lon)?.country
}
