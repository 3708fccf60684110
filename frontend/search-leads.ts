import { attributesOf, findCategory } from '../shared/category.ts'
import type { SearchHelp } from '../shared/search.ts'
import type { SearchPage } from './page-model.ts'
import { areaText, clearLink, type Link, ofPlace, searchLink, searchWithout } from './search-links.ts'

export type Lead = Link & { total: number | null }

/** What to try where nothing was found, the best first, with the number of posts that it brings where somebody counted. */
export function searchLeads(page: SearchPage): Lead[] {
  const { inAllCategories, withoutFilters } = page.lifted ?? {}
  const anyCategory = { filters: withoutAttributes(page.filters) }
  const leads: Lead[] = page.result?.help ? helpLinks(page, page.result.help) : []
  if (inAllCategories !== undefined)
    leads.unshift({
      label: 'In all categories',
      href: searchLink(anyCategory, { category: '' }),
      total: inAllCategories,
    })
  if (withoutFilters !== undefined)
    leads.push({ label: 'Clear all filters', href: clearLink(page), total: withoutFilters })
  const { area } = page.filters
  if (area !== 'world') leads.push({ label: 'Search everywhere', href: everywhereLink(page), total: null })
  return leads.filter(({ total }) => total !== 0)
}

/** The same search in all regions at once. */
export function everywhereLink(page: Pick<SearchPage, 'filters'>): string {
  const left = page.filters.sort === 'distance' ? [...ofPlace, 'sort'] : ofPlace
  return searchLink(page, { ...Object.fromEntries(left.map(name => [name, ''])), area: 'world' })
}

function helpLinks(page: SearchPage, { wider, without, categories }: SearchHelp): Lead[] {
  const lifted = without.map(({ filter, total }) => {
    const names = fieldsOf[filter] ?? [filter, `${filter}.min`, `${filter}.max`]
    const attribute = attributesOf(page.category ?? '').find(({ key }) => filter === `attr.${key}`)
    const what = filterNames[filter] ?? attribute?.label.toLowerCase() ?? 'filter'
    // A circle is counted without its border: in all that its region has.
    if (filter === 'near') {
      const whole = { ...Object.fromEntries(ofPlace.map(name => [name, ''])), area: 'region' }
      return { label: `Anywhere in ${areaText('region', page)}`, href: searchLink(page, whole), total }
    }
    return { label: `Without the ${what}`, href: searchWithout(page, names), total }
  })
  const beside = categories.filter(({ category }) => category !== page.category)
  const others = beside.map(({ category, total }) => ({
    label: `In ${findCategory(category)?.name ?? category}`,
    href: searchLink({ filters: withoutAttributes(page.filters) }, { category }),
    total,
  }))
  if (!wider) return [...lifted, ...others]
  const { radius, total } = wider
  return [
    { label: `Within ${radius} km`, href: searchLink(page, { radius: String(radius) }), total },
    ...lifted,
    ...others,
  ]
}

/** The form's fields behind a filter of the API, and what it is called within a sentence. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  minPrice: ['min', 'max', 'currency'],
  near: ofPlace,
  subdivision: ['area'],
}
const filterNames: Readonly<Record<string, string>> = {
  minPrice: 'price limit',
  condition: 'condition',
  subdivision: 'state',
}

function withoutAttributes(filters: SearchPage['filters']): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => !name.startsWith('attr.')))
}
