import type { CategoryPage, ShellPlace } from '../frontend/page-model.ts'
import { Currency, readAmount } from '../shared/money.ts'
import { Country, Subdivision } from '../shared/place.ts'
import { Sort } from '../shared/post.ts'
import { countries, regionOfCountry } from '../shared/regions.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { kilometresBetween } from './geo/distance.ts'
import { nearestPlace } from './geo/places.ts'
import { suggestPlaces } from './place-search.ts'

type Query = Record<string, string | number | undefined>
type Reading = Pick<CategoryPage, 'errors' | 'near' | 'country' | 'prices'> & {
  query: Query
  /** The same without the radius: what there is in the whole country. */
  wider: Query | null
}
type Filters = Readonly<Record<string, string>>
export type Defaults = { place: ShellPlace; locale: string }
type Found = { query: Query; errors: Record<string, string>; near: CategoryPage['near']; country: string }

/**
 * Turns the filters of the plain form into a query of `GET /posts`: amounts as typed into minor units, a city as typed
 * into a point. What cannot be read is an error of its field; what is not there stands for the visitor's own place, and
 * prices are in the currency of the place that is listed, whatever the reader's own.
 */
export async function readFilters(
  gateway: Gateway,
  exchange: Exchange,
  filters: Filters,
  { place: here, locale }: Defaults,
): Promise<Reading> {
  const place = await readPlace(gateway, exchange, filters, here)
  const currency = Currency.safeParse(filters.currency).data ?? countries[place.country]?.currency ?? 'USD'
  const { errors, min, max } = readPrices(filters, currency, locale)
  const sort = Sort.safeParse(filters.sort).data ?? 'newest'
  const needed = min !== undefined || max !== undefined || sort.endsWith('price')
  const asked = { sort, limit: 24, minPrice: min, maxPrice: max, ...(needed ? { currency } : {}) }
  return {
    query: { ...asked, cursor: filters.cursor || undefined, ...place.query },
    wider: place.query.radius && !filters.cursor ? { ...asked, limit: 12, country: place.country } : null,
    errors: { ...errors, ...place.errors },
    near: place.near,
    country: place.country,
    prices: { currency, min, max },
  }
}

function readPrices(filters: Filters, currency: string, locale: string) {
  const errors: Record<string, string> = {}
  const read = (name: string) => {
    const typed = filters[name] ?? ''
    if (typed.trim() === '') return undefined
    const found = readAmount(typed, currency, locale)
    if ('amount' in found) return found.amount
    errors[name] = found.problem
    return undefined
  }
  const [min, max] = [read('min'), read('max')]
  if (min !== undefined && max !== undefined && min > max) errors.max = 'must not be below the lowest price'
  return { errors, min, max }
}

async function readPlace(gateway: Gateway, exchange: Exchange, filters: Filters, place: ShellPlace): Promise<Found> {
  const country = Country.safeParse(filters.country).data ?? place.country
  const none = { errors: {}, near: null, country }
  const subdivision = Subdivision.safeParse(filters.subdivision).data
  const radius = Number(filters.radius)
  if (filters.radius === 'any') return { ...none, query: { region: regionOfCountry(country) } }
  if (!(radius >= 1 && radius <= 500)) return { ...none, query: { country, subdivision } }
  const near = await findCentre(gateway, exchange, filters, place)
  if (!near) return { ...none, query: {}, errors: { place: unknownCity } }
  const region = regionOfCountry(near.country)
  return {
    query: { near: `${near.lat},${near.lon}`, radius, region },
    errors: {},
    near: near === place ? null : { city: near.city, lat: near.lat, lon: near.lon },
    country: near.country,
  }
}

/** A sentence, not a phrase: it names what was typed in words of its own. */
export const unknownCity = 'we do not know this city: try another spelling'

/** The middle of a radius: the suggestion that was taken, the city that was typed, or where the visitor is. */
export async function findCentre(gateway: Gateway, exchange: Exchange, filters: Filters, here: ShellPlace) {
  const { place = '', near = '', nearOf = '' } = filters
  const [, lat, lon] = /^(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)$/.exec(near) ?? []
  if (lat && lon && place === nearOf && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lon)) <= 180) {
    const point = { lat: Number(lat), lon: Number(lon) }
    return { city: place, country: countryAt(point, filters.country, exchange), ...point }
  }
  if (place.trim() === '') return here
  const [found] = await suggestPlaces(gateway, exchange, place)
  return found
}

/** At a border the country that is said along with a point holds; one that lies elsewhere was said of another point. */
function countryAt(point: { lat: number; lon: number }, said: string | undefined, { region }: Exchange): string {
  const own = nearestPlace({ country: said ?? null, ...point }, region)
  const close = own.country === said && kilometresBetween(point, own) < 500
  return close ? own.country : nearestPlace({ country: null, ...point }, region).country
}
