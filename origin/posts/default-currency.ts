import type { PostQuery } from '../../shared/post.ts'
import { countries, type Region, regionOfCountry } from '../../shared/regions.ts'
import type { Visitor } from '../../shared/visitor.ts'

/** The country in which each region's stack stands; its currency is the last resort. */
const homeOfRegion: Readonly<Record<Region, string>> = { na: 'US', eu: 'DE', ap: 'SG' }

/**
 * Gives the currency that a list's prices are in: the one asked for, else that of the country asked for, else of the
 * visitor's country where this region serves it, else the region's own.
 */
export function currencyFor(
  region: Region,
  query: Pick<PostQuery, 'currency' | 'country' | 'subdivision'>,
  visitor: Pick<Visitor, 'country'>,
): string {
  if (query.currency) return query.currency
  const asked = query.country ?? query.subdivision?.slice(0, 2)
  const own = visitor.country && regionOfCountry(visitor.country) === region ? visitor.country : homeOfRegion[region]
  return countries[asked ?? own]?.currency ?? 'USD'
}
