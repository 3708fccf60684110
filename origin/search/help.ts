import { categoryPath } from '../../shared/category.ts'
import type { SearchHelp, SearchQuery } from '../../shared/search.ts'
import type { Question } from './engine.ts'
import type { AskEngine } from './searching.ts'

/** Radii that are tried where nothing is near, in kilometres. */
const widerRadii = [50, 150, 500]
/** Names of filters that belong together: one without the other means something else. */
const together: readonly (readonly string[])[] = [
  ['minPrice', 'maxPrice'],
  ['near', 'radius'],
  ['condition'],
  ['seller'],
  ['subdivision'],
]
const mostCategories = 4

/** Says what would bring something where nothing was found: a wider circle, a filter less, other categories. */
export async function helpWith({ ask }: { ask: AskEngine }, question: Question): Promise<SearchHelp> {
  const { filters } = question
  const totalOf = async (change: Partial<Record<string, unknown>>) => {
    const changed = Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined)
    const { value } = await ask(engine =>
      engine.count({ ...question, filters: Object.fromEntries(changed) as SearchQuery }),
    )
    return value
  }
  const [wider, without, categories] = await Promise.all([
    findWider(filters, totalOf),
    findWithout(filters, totalOf),
    findCategories(filters, totalOf),
  ])
  return { wider, without, categories }
}

type TotalOf = (change: Partial<Record<string, unknown>>) => Promise<{
  total: { value: number }
  facets: Record<string, { value: string; count: number }[]>
}>

async function findWider({ near, radius = 50 }: SearchQuery, totalOf: TotalOf): Promise<SearchHelp['wider']> {
  if (near === undefined) return null
  for (const wide of widerRadii.filter(wide => wide > radius)) {
    const { total } = await totalOf({ radius: wide })
    if (total.value > 0) return { radius: wide, total: total.value }
  }
  return null
}

async function findWithout(filters: SearchQuery, totalOf: TotalOf): Promise<SearchHelp['without']> {
  const attributes = Object.keys(filters).filter(name => name.startsWith('attr.'))
  const groups = [...together, ...attributes.map(name => [name])]
  const given = groups.filter(names => names.some(name => filters[name as keyof SearchQuery] !== undefined))
  const found = await Promise.all(
    given.map(async ([filter = '', ...others]) => {
      const { total } = await totalOf(Object.fromEntries([filter, ...others].map(name => [name, undefined])))
      return { filter, total: total.value }
    }),
  )
  return found.filter(({ total }) => total > 0)
}

async function findCategories(filters: SearchQuery, totalOf: TotalOf): Promise<SearchHelp['categories']> {
  if (filters.category === undefined) return []
  const attributes = Object.keys(filters).filter(name => name.startsWith('attr.'))
  const dropped = Object.fromEntries(attributes.map(name => [name, undefined]))
  const top = categoryPath(filters.category)[0]?.slug
  const siblings =
    top && top !== filters.category ? (await totalOf({ ...dropped, category: top })).facets.category : undefined
  const counts = siblings?.length
    ? siblings
    : ((await totalOf({ ...dropped, category: undefined })).facets.category ?? [])
  return counts.slice(0, mostCategories).map(({ value, count }) => ({ category: value, total: count }))
}
