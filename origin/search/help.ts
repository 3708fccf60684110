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

/**
 * Says what would bring something where nothing was found: a wider circle, a filter less, none at all, other categories. Whatever is
 * not lifted stays as it was asked for, see `SearchHelp`.
 */
export async function helpWith({ ask }: { ask: AskEngine }, question: Question): Promise<SearchHelp> {
  const { filters } = question
  const totalOf = async (change: Partial<Record<string, unknown>>) => {
    const changed = Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined)
    const { value } = await ask(engine =>
      engine.count({ ...question, filters: Object.fromEntries(changed) as SearchQuery }),
    )
    return value
  }
  const [wider, without, withoutAll, categories] = await Promise.all([
    findWider(filters, totalOf),
    findWithout(filters, totalOf),
    findWithoutAll(filters, totalOf),
    findCategories(filters, totalOf),
  ])
  return { wider, without, withoutAll, categories }
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
  const found = await Promise.all(
    givenGroups(filters).map(async names => ({
      filter: names[0] ?? '',
      total: (await totalOf(lifted(names))).total.value,
    })),
  )
  return found.filter(({ total }) => total > 0)
}

/** One filter alone is what `without` says. */
async function findWithoutAll(filters: SearchQuery, totalOf: TotalOf): Promise<SearchHelp['withoutAll']> {
  const given = givenGroups(filters)
  if (given.length < 2) return null
  const { total } = await totalOf(lifted(given.flat()))
  return total.value > 0 ? { total: total.value } : null
}

function givenGroups(filters: SearchQuery): (readonly string[])[] {
  const attributes = Object.keys(filters).filter(name => name.startsWith('attr.'))
  const groups = [...together, ...attributes.map(name => [name])]
  return groups.filter(names => names.some(name => filters[name as keyof SearchQuery] !== undefined))
}

function lifted(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map(name => [name, undefined]))
}

async function findCategories(filters: SearchQuery, totalOf: TotalOf): Promise<SearchHelp['categories']> {
  if (filters.category === undefined) return []
  const attributes = Object.keys(filters).filter(name => name.startsWith('attr.'))
  const dropped = lifted(attributes)
  const top = categoryPath(filters.category)[0]?.slug
  const siblings =
    top && top !== filters.category ? (await totalOf({ ...dropped, category: top })).facets.category : undefined
  const counts = siblings?.length
    ? siblings
    : ((await totalOf({ ...dropped, category: undefined })).facets.category ?? [])
  return counts.slice(0, mostCategories).map(({ value, count }) => ({ category: value, total: count }))
}
