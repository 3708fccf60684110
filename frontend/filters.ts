import { formatMoney } from '../shared/money.ts'
import { paths } from '../shared/paths.ts'
import { subdivisionName } from '../shared/subdivisions.ts'
import { countryText } from './format.ts'
import { browsePath, type CategoryPage } from './page-model.ts'

type Filtered = Pick<CategoryPage, 'category' | 'filters'>

/** The page's own address with some filters changed; an empty value takes the filter away. */
export function withFilters({ category, filters }: Filtered, change: Record<string, string>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filters, ...change })) {
    if (value && name !== 'category') query.set(name, value)
  }
  const base = category ? paths.category(category) : browsePath
  return query.size ? `${base}?${query}` : base
}

type Narrowed = Filtered & Pick<CategoryPage, 'prices' | 'near'>

/** What narrows this list, each with the address that lifts it; amounts are those that were applied. @param home the visitor's own country */
export function activeFilters(page: Narrowed, locale: string, home: string): { label: string; href: string }[] {
  const { radius = '', place, subdivision, country } = page.filters
  const { currency, min, max } = page.prices
  const active: { label: string; href: string }[] = []
  const add = (label: string, names: string[]) =>
    active.push({
      label,
      href: withFilters(page, { ...Object.fromEntries(names.map(name => [name, ''])), cursor: '' }),
    })
  const money = (amount: number) => formatMoney({ amount, currency }, locale)
  if (min !== undefined && max !== undefined) add(`${money(min)} to ${money(max)}`, ['min', 'max', 'currency'])
  else if (min !== undefined) add(`From ${money(min)}`, ['min', 'currency'])
  else if (max !== undefined) add(`Up to ${money(max)}`, ['max', 'currency'])
  if (/^\d/.test(radius))
    add(place ? `${radius} km around ${place}` : `${radius} km`, ['radius', 'place', 'near', 'nearOf'])
  else if (radius === 'any') add('Whole region', ['radius'])
  if (subdivision) add(subdivisionName(subdivision) ?? subdivision, ['subdivision'])
  else if (country && country !== home) add(countryText(country), ['country'])
  return active
}
