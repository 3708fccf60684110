import type { SearchPage } from '../frontend/page-model.ts'
import { attributesOf, conditions, findCategory } from '../shared/category.ts'
import { takeApart } from '../shared/decimals.ts'
import { Subdivision } from '../shared/place.ts'
import { isCountryCode } from '../shared/regions.ts'
import { SearchSort } from '../shared/search.ts'
import { placeText } from '../shared/wording.ts'
import type { Exchange } from './exchange.ts'
import { type Defaults, findCentre, readFilters } from './filters.ts'
import type { Gateway } from './gateway.ts'

type Query = Record<string, string | number | undefined>
type Filters = Readonly<Record<string, string>>
type Reading = Pick<SearchPage, 'category' | 'filters' | 'errors' | 'prices' | 'near' | 'country' | 'centre'> & {
  /** Of `GET /search`. */
  query: Query
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
const unknownCity = 'is a city that we do not know: try another spelling'

/**
 * Turns the search page's plain form into a query of `GET /search`. What cannot be read is an error of its field; attributes
 * of another category than the one that is chosen now are left out.
 */
export async function readSearch(
  gateway: Gateway,
  exchange: Exchange,
  { place: here, locale }: Defaults,
): Promise<Reading> {
  const { searchParams } = exchange.url
  const category = findCategory(searchParams.get('category') ?? '')?.slug ?? null
  const filters = valuesOf(searchParams, category)
  const elsewhere = await countryOfPlace(gateway, exchange, filters, here)
  if (elsewhere.country) filters.country = elsewhere.country
  const listed = {
    ...filters,
    ...(filters.area === 'region' && { radius: 'any' }),
    ...(Subdivision.safeParse(filters.area).success && { subdivision: filters.area ?? '' }),
  }
  const { query, errors, near, country, prices } = await readFilters(gateway, exchange, listed, { place: here, locale })
  const sort = SearchSort.safeParse(filters.sort).data ?? 'relevance'
  const attributes = readAttributes(category ?? '', filters, locale)
  const { lat, lon } = near ?? here
  const { radius } = filters
  const { country: _, subdivision: __, region: ___, ...worldwide } = query
  return {
    category,
    filters,
    errors: {
      ...(radius && !(Number(radius) >= 1 && Number(radius) <= 500) && { radius: 'must be from 1 to 500 km' }),
      ...(filters.category && !category && { category: 'is not a category' }),
      ...errors,
      ...elsewhere.errors,
      ...attributes.errors,
    },
    prices,
    near,
    country,
    centre: query.radius === undefined ? null : { lat, lon },
    query: {
      ...(filters.area === 'world' ? { ...worldwide, scope: 'world' } : query),
      q: filters.q,
      category: category ?? undefined,
      condition: filters.condition,
      sort,
      ...attributes.query,
      cursor: searchParams.get('cursor') || undefined,
    },
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
  if (values.radius) values.area = ''
  // Nobody is near to a whole country, and a currency means nothing but beside an amount.
  else if (values.sort === 'distance') values.sort = ''
  if (!values.min && !values.max && !values.sort?.endsWith('price')) values.currency = ''
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

/** Without a radius, a city that was typed stands for its country. */
async function countryOfPlace(gateway: Gateway, exchange: Exchange, filters: Filters, here: Defaults['place']) {
  const { place, radius, area, country = '' } = filters
  if (!place || radius || area || place === placeText(here) || isCountryCode(country)) return {}
  const found = await findCentre(gateway, exchange, filters, here)
  return found ? { country: found.country } : { errors: { place: unknownCity } }
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
        if (typed && number === undefined) errors[name] = 'must be a number'
        return number
      })
      if (low !== undefined || high !== undefined) query[name] = `${low ?? ''}..${high ?? ''}`
      if (low !== undefined && high !== undefined && low > high) errors[name] = 'must not end below where it begins'
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
