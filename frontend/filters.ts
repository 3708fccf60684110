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

/** What narrows this list, each with the address that lifts it. */
export function activeFilters(page: Filtered, locale: string, currency: string): { label: string; href: string }[] {
  const { min, max, radius = '', place, subdivision, country } = page.filters
  const active: { label: string; href: string }[] = []
  const add = (label: string, names: string[]) =>
    active.push({
      label,
      href: withFilters(page, { ...Object.fromEntries(names.map(name => [name, ''])), cursor: '' }),
    })
  const money = (typed: string) => {
    const amount = Number(typed)
    return Number.isFinite(amount)
      ? new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          currencyDisplay: 'narrowSymbol',
          minimumFractionDigits: 0,
        }).format(amount)
      : typed
  }
  if (min && max) add(`${money(min)} to ${money(max)}`, ['min', 'max', 'currency'])
  else if (min) add(`From ${money(min)}`, ['min', 'currency'])
  else if (max) add(`Up to ${money(max)}`, ['max', 'currency'])
  if (/^\d/.test(radius))
    add(place ? `${radius} km around ${place}` : `${radius} km`, ['radius', 'place', 'near', 'nearOf'])
  else if (radius === 'any') add('Whole region', ['radius'])
  if (subdivision) add(subdivisionName(subdivision) ?? subdivision, ['subdivision'])
  else if (country) add(countryText(country), ['country'])
  return active
}
