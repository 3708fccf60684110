import type { CategoryPage, ShellPlace } from '../frontend/page-model.ts'
import { Currency, minorUnitDigits, parseAmount } from '../shared/money.ts'
import { Country, Subdivision } from '../shared/place.ts'
import { Sort } from '../shared/post.ts'
import { regionOfCountry } from '../shared/regions.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { nearestPlace } from './geo/places.ts'
import { suggestPlaces } from './place-search.ts'

type Query = Record<string, string | number | undefined>
type Reading = { query: Query; errors: Record<string, string>; near: CategoryPage['near'] }
type Filters = Readonly<Record<string, string>>
type Defaults = { place: ShellPlace; currency: string }

/**
 * Turns the filters of the plain form into a query of `GET /posts`: amounts as typed into minor units, a city as typed
 * into a point. What cannot be read is an error of its field; what is not there stands for the visitor's own place.
 */
export async function readFilters(
  gateway: Gateway,
  exchange: Exchange,
  filters: Filters,
  defaults: Defaults,
): Promise<Reading> {
  const prices = readPrices(filters, defaults)
  const place = await readPlace(gateway, exchange, filters, defaults)
  const sort = Sort.safeParse(filters.sort).data ?? 'newest'
  return {
    query: { sort, limit: 24, cursor: filters.cursor || undefined, ...prices.query, ...place.query },
    errors: { ...prices.errors, ...place.errors },
    near: place.near,
  }
}

function readPrices({ min = '', max = '', currency: given, sort = '' }: Filters, { currency: usual }: Defaults) {
  const currency = Currency.safeParse(given).data ?? usual
  const errors: Record<string, string> = {}
  const read = (name: string, typed: string) => {
    if (typed.trim() === '') return undefined
    const amount = parseAmount(typed, currency)
    const example = minorUnitDigits(currency) === 0 ? '1250' : '1250 or 12.50'
    if (amount === undefined) errors[name] = `must be an amount such as ${example}`
    return amount
  }
  const minPrice = read('min', min)
  const maxPrice = read('max', max)
  if (minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice)
    errors.max = 'must not be below the lowest price'
  const needed = minPrice !== undefined || maxPrice !== undefined || sort.endsWith('price')
  return { query: { minPrice, maxPrice, ...(needed ? { currency } : {}) }, errors }
}

async function readPlace(
  gateway: Gateway,
  exchange: Exchange,
  filters: Filters,
  { place }: Defaults,
): Promise<Reading> {
  const country = Country.safeParse(filters.country).data ?? place.country
  const subdivision = Subdivision.safeParse(filters.subdivision).data
  const radius = Number(filters.radius)
  if (filters.radius === 'any') return { query: { region: regionOfCountry(country) }, errors: {}, near: null }
  if (!(radius >= 1 && radius <= 500)) return { query: { country, subdivision }, errors: {}, near: null }
  const near = await findCentre(gateway, exchange, filters, place)
  if (!near) return { query: {}, errors: { place: 'is a city that we do not know: try another spelling' }, near: null }
  const region = regionOfCountry(near.country)
  return {
    query: { near: `${near.lat},${near.lon}`, radius, region },
    errors: {},
    near: near === place ? null : { city: near.city, lat: near.lat, lon: near.lon },
  }
}

/** The middle of a radius: the suggestion that was taken, the city that was typed, or where the visitor is. */
async function findCentre(gateway: Gateway, exchange: Exchange, filters: Filters, here: ShellPlace) {
  const { place = '', near = '', nearOf = '' } = filters
  const [, lat, lon] = /^(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)$/.exec(near) ?? []
  if (lat && lon && place === nearOf && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lon)) <= 180) {
    const point = { lat: Number(lat), lon: Number(lon) }
    const { country } = nearestPlace({ country: null, ...point }, exchange.region)
    return { city: place, country, ...point }
  }
  if (place.trim() === '') return here
  const [found] = await suggestPlaces(gateway, exchange, place)
  return found
}
