import type { SearchPage } from '../frontend/page-model.ts'
import { attributesOf, conditions, findCategory } from '../shared/category.ts'
import { takeApart } from '../shared/decimals.ts'
import type { AppError } from '../shared/errors.ts'
import { Subdivision } from '../shared/place.ts'
import { countryCodes, isCountryCode } from '../shared/regions.ts'
import { SearchSort } from '../shared/search.ts'
import { countryText, inCountryText, placeText } from '../shared/wording.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { type Defaults, findCentre, readFilters, unknownCity } from './filters.ts'
import type { Gateway } from './gateway.ts'

type Query = Record<string, string | number | undefined>
type Filters = Readonly<Record<string, string>>
type Reading = Pick<SearchPage, 'category' | 'filters' | 'errors' | 'prices' | 'near' | 'country' | 'centre'> & {
  /** Of `GET /search`. */
  query: Query
  /** Why nobody can say where the city lies that was typed. */
  trouble: AppError | null
}

const plain = [
  'q',
  'category',
  'min',
  'max',
  'currency',
  'sort',
  'radius',
  'place',
  'near',
  'nearOf',
  'country',
  'area',
]
/** Kilometres around a city that comes without a radius; one of those that the search offers. */
const usualRadius = '50'

/**
 * Turns the search page's plain form into a query of `GET /search`. What cannot be read is an error of its field; what means
 * nothing is left out: attributes of another category, an order by distance without a radius. The filters that it gives say
 * all that the visitor's own place stood for, so that a link made of them is the same search for everybody.
 */
export async function readSearch(
  gateway: Gateway,
  exchange: Exchange,
  { place: here, locale }: Defaults,
): Promise<Reading> {
  const { searchParams } = exchange.url
  const category = findCategory(searchParams.get('category') ?? '')?.slug ?? null
  const filters = valuesOf(searchParams, category)
  const { radius = '' } = filters
  const around = radius && Number(radius) >= 1 && Number(radius) <= 500
  const centre = around ? await findCentre(gateway, exchange, filters, here).catch(serverError) : null
  const known = centre && 'lat' in centre ? centre : null
  if (known) Object.assign(filters, placeFields(filters, known))
  const moved = known && isCountryCode(filters.country ?? '') && filters.country !== known.country
  // Amounts follow a search into the currency of another country.
  if (moved) delete filters.currency
  const listed = {
    ...filters,
    ...(known ? { country: known.country } : { radius: filters.area === 'region' ? 'any' : '' }),
    ...(Subdivision.safeParse(filters.area).success && { subdivision: filters.area ?? '' }),
  }
  const { query, errors, near, country, prices } = await readFilters(gateway, exchange, listed, { place: here, locale })
  filters.country = country
  if (needsCurrency(filters)) filters.currency = prices.currency
  const sort = SearchSort.safeParse(filters.sort).data ?? 'relevance'
  const attributes = readAttributes(category ?? '', filters, locale)
  const { country: _, subdivision: __, region: ___, ...worldwide } = query
  return {
    category,
    filters: inOrder(filters),
    errors: {
      ...(radius && !around && { radius: 'must be from 1 to 500 km' }),
      ...(filters.category && !category && { category: 'there is no such category' }),
      ...(around && centre === undefined && { place: unknownCity }),
      ...errors,
      ...attributes.errors,
    },
    prices,
    near,
    country,
    centre: known && { lat: known.lat, lon: known.lon },
    query: {
      ...(filters.area === 'world' ? { ...worldwide, scope: 'world' } : query),
      q: filters.q,
      category: category ?? undefined,
      condition: filters.condition,
      sort,
      ...attributes.query,
      cursor: searchParams.get('cursor') || undefined,
    },
    trouble: centre && 'code' in centre ? centre : null,
  }
}

/** The form's values by name, several of one name with commas between; without those that say nothing here. */
function valuesOf(params: URLSearchParams, category: string | null): Record<string, string> {
  const attributes = attributesOf(category ?? '').flatMap(({ key }) => [
    `attr.${key}`,
    `attr.${key}.min`,
    `attr.${key}.max`,
  ])
  const values: Record<string, string> = {}
  for (const name of plain)
    values[name] =
      params
        .get(name)
        ?.replaceAll(/\p{Cc}/gu, ' ')
        .trim() ?? ''
  for (const name of ['condition', ...attributes]) {
    const given = params.getAll(name).flatMap(value => value.split(','))
    values[name] = [...new Set(given.map(value => value.trim()))].filter(Boolean).join()
  }
  values.condition = conditions.filter(condition => values.condition?.split(',').includes(condition)).join()
  // As the lists of a category and the API write it.
  if (params.get('scope') === 'world') values.area = 'world'
  if (values.radius === 'any') Object.assign(values, { radius: '', area: 'region' })
  values.area ||= params.get('subdivision') ?? ''
  if (!isArea(values.area)) values.area = ''
  Object.assign(values, whereOf(values))
  if (Subdivision.safeParse(values.area).success) values.country = values.area?.slice(0, 2) ?? ''
  if (!isCountryCode(values.country ?? '')) values.country = ''
  // Nobody is near to a whole country, and a currency means nothing but beside an amount.
  if (!SearchSort.safeParse(values.sort).success) values.sort = ''
  if (!values.radius && values.sort === 'distance') values.sort = ''
  if (!needsCurrency(values)) values.currency = ''
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

/**
 * What the field "Where" means beside the fields that came with its page. A city that is written into it is one to be near to; one
 * that was taken out of it lifts the radius; a country's name is that country. A city without a radius is the form's own, left as it was.
 */
function whereOf({ place = '', nearOf = '', radius = '' }: Filters): Record<string, string> {
  const none = { radius: '', place: '', near: '', nearOf: '' }
  if (place && place !== nearOf) {
    const country = countryNamed(place)
    if (/^(everywhere|anywhere|(the )?(whole )?world)$/i.test(place)) return { ...none, area: 'world' }
    return country ? { ...none, area: '', country } : { area: '', radius: radius || usualRadius }
  }
  if (!radius || (!place && nearOf)) return none
  return { area: '' }
}

function countryNamed(text: string): string | undefined {
  const wanted = text.toLowerCase()
  const short: Readonly<Record<string, string>> = { usa: 'US', uk: 'GB' }
  if (short[wanted]) return short[wanted]
  return countryCodes.find(code => [countryText(code), inCountryText(code)].some(name => name.toLowerCase() === wanted))
}

function isArea(area: string): boolean {
  const state = Subdivision.safeParse(area).success && isCountryCode(area.slice(0, 2))
  return area === 'world' || area === 'region' || state
}

/** The middle of a radius as fields of the form, by which anybody finds the same. */
function placeFields({ place = '' }: Filters, { city, subdivision = null, lat, lon }: Centre) {
  const text =
    place === '' ? placeText({ city, subdivision }) : place.toLowerCase() === city.toLowerCase() ? city : place
  return { place: text, near: `${lat},${lon}`, nearOf: text }
}
type Centre = { city: string; subdivision?: string | null; lat: number; lon: number }

/** One search has one address, whatever came first. */
function inOrder(filters: Filters): Record<string, string> {
  const names = [...new Set([...plain, ...Object.keys(filters)])]
  return Object.fromEntries(names.flatMap(name => (filters[name] ? [[name, filters[name]]] : [])))
}

function needsCurrency({ min, max, sort }: Filters): boolean {
  return !!min || !!max || !!sort?.endsWith('price')
}

/** What our side cannot do is told beside what was typed; anything else is a fault of the program. */
function serverError(error: unknown): AppError {
  const known = knownError(error)
  if (known.status < 500 || known.code === 'internal_error') throw error
  return known
}

function readAttributes(category: string, filters: Filters, locale: string) {
  const query: Query = {}
  const errors: Record<string, string> = {}
  for (const { key, type } of attributesOf(category)) {
    const name = `attr.${key}`
    if (type !== 'integer' && type !== 'number') query[name] = filters[name]
    else if (filters[name]) query[name] = filters[name]
    else {
      const [low, high] = ['min', 'max'].map(end => {
        const typed = filters[`${name}.${end}`] ?? ''
        const number = numberOf(typed, type === 'integer' ? 0 : 2, locale)
        if (typed && number === undefined) errors[`${name}.${end}`] = 'must be a number'
        return number
      })
      if (low !== undefined || high !== undefined) query[name] = `${low ?? ''}..${high ?? ''}`
      if (low !== undefined && high !== undefined && low > high) errors[`${name}.max`] = 'must not be below the least'
    }
  }
  return { query, errors }
}

function numberOf(typed: string, digits: number, locale: string): number | undefined {
  const [, sign = '', amount = ''] = /^([-−]?)(.*)$/.exec(typed) ?? []
  const apart = amount ? takeApart(amount, digits, locale) : undefined
  if (!apart || 'unclear' in apart) return undefined
  return Number(`${sign && '-'}${apart.whole}.${apart.decimals.slice(0, digits)}0`)
}
