import { attributesOf, conditionLabels, findCategory } from '../shared/category.ts'
import { formatMoney } from '../shared/money.ts'
import { paths } from '../shared/paths.ts'
import { regionOfCountry } from '../shared/regions.ts'
import { subdivisionName } from '../shared/subdivisions.ts'
import { valueText } from './facets.ts'
import { countryText, inCountryText, plural, regionText } from './format.ts'
import type { SearchPage, ShellPlace } from './page-model.ts'

type Filtered = Pick<SearchPage, 'filters'>
export type Link = { label: string; href: string }

/** The fields that a radius comes with. */
export const ofPlace = ['radius', 'place', 'near', 'nearOf']

/** The search's own address with some of its fields changed, from its first page on; an empty value takes a field away. */
export function searchLink({ filters }: Filtered, change: Readonly<Record<string, string>>): string {
  const given = Object.entries({ ...filters, ...change }).filter(([, value]) => value !== '')
  return given.length ? `${paths.search()}?${new URLSearchParams(given)}` : paths.search()
}

/** The same without some of its fields. */
export function searchWithout(page: Filtered, names: readonly string[]): string {
  return searchLink(page, Object.fromEntries(names.map(name => [name, ''])))
}

/** Fields that narrow nothing by themselves. */
const idle = ['q', 'sort', 'country', 'currency', 'place', 'near', 'nearOf']

/** How many things narrow a search besides its words and the country that it is about. */
export function filterCount({ filters }: Filtered): number {
  const groups = Object.keys(filters).map(name => (name === 'max' ? 'min' : name.replace(/\.(min|max)$/, '')))
  return new Set(groups.filter(name => !idle.includes(name))).size
}

/** The same words in the whole country, and nothing else asked for. */
export function clearLink({ filters: { q = '' }, country }: Pick<SearchPage, 'filters' | 'country'>): string {
  return searchLink({ filters: {} }, { q, country })
}

/** What narrows the search besides its words, each with the address that lifts it. @param home the visitor's own country */
export function searchChips(page: SearchPage, locale: string, home: string): Link[] {
  const { filters, category, prices } = page
  const { radius, place, area, country, condition } = filters
  const chips: Link[] = []
  const add = (label: string, names: readonly string[]) => chips.push({ label, href: searchWithout(page, names) })
  const attributes = attributesOf(category ?? '')
  if (category) {
    const dependent = Object.keys(filters).filter(name => name.startsWith('attr.'))
    add(findCategory(category)?.name ?? category, ['category', ...dependent])
  }
  const money = (amount: number) => formatMoney({ amount, currency: prices.currency }, locale)
  const [low, high] = [prices.min, prices.max].map(amount => (amount === undefined ? undefined : money(amount)))
  if (low ?? high) add(rangeText(low, high), ['min', 'max', ...(filters.sort?.endsWith('price') ? [] : ['currency'])])
  if (radius) {
    const lifted = [...ofPlace, ...(filters.sort === 'distance' ? ['sort'] : [])]
    add(place ? `${radius} km around ${place}` : `${radius} km`, lifted)
  } else if (area) add(capital(areaText(area, page)), ['area'])
  else if (country && country !== home)
    chips.push({ label: countryText(country), href: searchLink(page, { country: home, currency: '' }) })
  for (const value of listOf(condition)) {
    chips.push({
      label: conditionLabels[value as keyof typeof conditionLabels] ?? value,
      href: searchLink(page, { condition: others(condition, value) }),
    })
  }
  for (const schema of attributes) {
    const name = `attr.${schema.key}`
    const [min, max] = [filters[`${name}.min`], filters[`${name}.max`]]
    if (min ?? max) add(`${schema.label}: ${rangeText(min, max).toLowerCase()}`, [`${name}.min`, `${name}.max`])
    for (const value of listOf(filters[name])) {
      const text = valueText(page, schema, value.toLowerCase())
      const label = schema.type === 'boolean' ? `${schema.label}: ${text.toLowerCase()}` : text
      chips.push({ label, href: searchLink(page, { [name]: others(filters[name], value) }) })
    }
  }
  return chips
}

/** Where the search looks, within a sentence: "within 15 km of Brooklyn", "in France", "everywhere". */
export function whereText(page: Pick<SearchPage, 'filters' | 'near' | 'country'>, place: ShellPlace): string {
  const { radius, area } = page.filters
  if (radius) return `within ${radius} km of ${page.near?.city ?? place.city}`
  if (area === 'world') return 'everywhere'
  if (area === 'region') return `in ${areaText(area, page)}`
  return `in ${area ? areaText(area, page) : inCountryText(page.country)}`
}

/** What a search is about, for the title of a window: "trek bike: 14 posts near Brooklyn"; what is wrong comes first. */
export function searchTitle(page: SearchPage, place: ShellPlace, locale: string): string {
  const { filters, category, near, result } = page
  const about = (filters.q && shortQuery(filters.q)) || (category && findCategory(category)?.name) || 'Search'
  if (page.down) return `No answer: ${about}`
  if (!result) return `A filter needs another look: ${about}`
  const where = filters.radius ? `near ${near?.city ?? place.city}` : whereText(page, place)
  return `${about}: ${totalText(result.total, locale)} ${where}${page.cursor ? ', more' : ''}`
}

/** A query as it is said in headings: whatever was pasted, not more than a line or two of it. */
export function shortQuery(q: string): string {
  const characters = [...q]
  return characters.length > 80 ? `${characters.slice(0, 79).join('').trimEnd()}…` : q
}

/** "1,234 posts", "More than 10,000 posts". */
export function totalText({ value, relation }: { value: number; relation: 'eq' | 'gte' }, locale: string): string {
  const posts = plural(value, 'post', 'posts', locale)
  return relation === 'gte' ? `More than ${posts}` : posts
}

/** What an area without a radius is called: a state, the region of a country, or everything. */
export function areaText(area: string, { country }: Pick<SearchPage, 'country'>): string {
  if (area === 'world') return 'Everywhere'
  if (area !== 'region') return subdivisionName(area) ?? area
  const region = regionOfCountry(country)
  return region ? regionText(region) : 'Whole region'
}

/** A phrase as it begins a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function rangeText(low: string | undefined, high: string | undefined): string {
  if (low !== undefined && high !== undefined) return `${low} to ${high}`
  return low === undefined ? `Up to ${high}` : `From ${low}`
}

function listOf(values = ''): string[] {
  return values.split(',').filter(Boolean)
}

function others(values: string | undefined, value: string): string {
  return listOf(values)
    .filter(each => each !== value)
    .join()
}
