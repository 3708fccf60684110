import type { Post } from '../shared/post.ts'
import type { Region } from '../shared/regions.ts'
import {
  type Facet,
  facetOf,
  mostCounted,
  type RegionalResult,
  type SearchHelp,
  type SearchQuery,
  type SearchResult,
  type SearchSort,
  type Total,
} from '../shared/search.ts'

/** What a region answered, and how many of its posts earlier pages have given. */
export type Part = { region: Region; result: RegionalResult; given: number }

const mostCategories = 4

/**
 * Takes the next posts of all lists, each of which stays in its own order. Scores of two engines, or of two sets of posts, say
 * nothing of each other, so relevance goes by the rank within a region; every other order by the value that it sorts by. The
 * page ends early where the list of a region that has more is used up, since nobody knows what comes next there.
 * @returns the posts, and how many of them are of which region
 */
export function takeInOrder(parts: readonly Part[], limit: number): { items: Post[]; taken: Map<Region, number> } {
  const compare = comparison(parts[0]?.result.sort ?? 'newest')
  const items: Post[] = []
  const taken = new Map(parts.map(({ region }) => [region, 0]))
  while (items.length < limit) {
    const heads = parts.map(part => headOf(part, taken.get(part.region) ?? 0))
    if (parts.some(({ result }, i) => !heads[i] && result.nextCursor !== null)) break
    const [first] = heads.flatMap(head => head ?? []).sort(compare)
    if (!first) break
    items.push(first.post)
    taken.set(first.region, (taken.get(first.region) ?? 0) + 1)
  }
  return { items, taken }
}

/**
 * Adds up what regions counted, and what they suggest where nothing or little was found.
 * @param first whether this is the first page: only that one suggests
 */
export function sumCounts(
  results: readonly RegionalResult[],
  filters: Pick<SearchQuery, 'category'>,
  first: boolean,
): Pick<SearchResult, 'total' | 'facets' | 'suggestion' | 'help' | 'engine' | 'degraded'> {
  const total = sumTotals(results.map(result => result.total))
  return {
    total,
    facets: sumFacets(results, filters),
    suggestion: first ? bestSuggestion(results) : null,
    help: first && total.value === 0 ? sumHelp(results.flatMap(({ help }) => help ?? [])) : null,
    engine: results.every(({ engine }) => engine === 'opensearch') ? 'opensearch' : 'postgres',
    degraded: results.some(({ degraded }) => degraded),
  }
}

type Head = { region: Region; post: Post; key: number; rank: number }

function headOf({ region, result, given }: Part, index: number): Head | undefined {
  const post = result.items[index]
  const key = result.positions[index]?.key
  return post && key !== undefined ? { region, post, key, rank: given + index } : undefined
}

function comparison(sort: SearchSort): (a: Head, b: Head) => number {
  const byId = (a: Head, b: Head) => (a.post.id < b.post.id ? -1 : 1)
  switch (sort) {
    case 'relevance':
      return (a, b) => a.rank - b.rank || bumped(b) - bumped(a) || byId(b, a)
    case 'newest':
    case '-price':
      return (a, b) => b.key - a.key || byId(b, a)
    case 'oldest':
    case 'price':
    case 'distance':
      return (a, b) => a.key - b.key || byId(a, b)
  }
}

function bumped({ post }: Head): number {
  return Date.parse(post.bumpedAt ?? post.createdAt)
}

function sumTotals(totals: readonly Total[]): Total {
  const value = totals.reduce((sum, total) => sum + total.value, 0)
  const open = value > mostCounted || totals.some(({ relation }) => relation === 'gte')
  return { value: Math.min(value, mostCounted), relation: open ? 'gte' : 'eq' }
}

/** Each region cuts its values of a free text, so a sum of those is what at least there is. */
function sumFacets(results: readonly RegionalResult[], filters: Pick<SearchQuery, 'category'>) {
  const names = new Set(results.flatMap(({ facets }) => Object.keys(facets)))
  const facets = [...names].map((name): [string, Facet] => {
    const counts = sumBy(
      results.flatMap(({ facets }) => facets[name] ?? []),
      ({ value }) => value,
      ({ count }) => count,
    )
    return [
      name,
      facetOf(
        name,
        filters,
        [...counts].map(([value, count]) => ({ value, count })),
      ),
    ]
  })
  return Object.fromEntries(facets)
}

/** A spelling must find more than those regions did that are content with it as it was typed. */
function bestSuggestion(results: readonly RegionalResult[]): SearchResult['suggestion'] {
  const offered = results.flatMap(({ suggestion }) => suggestion ?? [])
  const content = sumTotals(results.flatMap(({ suggestion, total }) => (suggestion ? [] : total)))
  const sums = [...Map.groupBy(offered, ({ q }) => q)].map(([q, alike]) => ({
    q,
    total: sumTotals(alike.map(({ total }) => total)),
    applied: alike.every(({ applied }) => applied),
  }))
  const [best] = sums.sort((a, b) => b.total.value - a.total.value || (a.q < b.q ? -1 : 1))
  return best && best.total.value > content.value ? best : null
}

function sumHelp(helps: readonly SearchHelp[]): SearchHelp | null {
  if (helps.length === 0) return null
  const circles = helps.flatMap(({ wider }) => wider ?? [])
  const radius = Math.min(...circles.map(circle => circle.radius))
  const within = circles.filter(circle => circle.radius === radius)
  const without = sumBy(
    helps.flatMap(help => help.without),
    ({ filter }) => filter,
    ({ total }) => total,
  )
  const categories = sumBy(
    helps.flatMap(help => help.categories),
    ({ category }) => category,
    ({ total }) => total,
  )
  const bare = helps.flatMap(({ withoutAll }) => withoutAll ?? [])
  return {
    wider: within.length > 0 ? { radius, total: within.reduce((sum, { total }) => sum + total, 0) } : null,
    without: mostFirst(without).map(([filter, total]) => ({ filter, total })),
    withoutAll: bare.length > 0 ? { total: bare.reduce((sum, { total }) => sum + total, 0) } : null,
    categories: mostFirst(categories)
      .slice(0, mostCategories)
      .map(([category, total]) => ({ category, total })),
  }
}

function sumBy<T>(list: readonly T[], nameOf: (one: T) => string, countOf: (one: T) => number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const one of list) sums.set(nameOf(one), (sums.get(nameOf(one)) ?? 0) + countOf(one))
  return sums
}

/** In the order of a facet, see `facetOf`. */
function mostFirst(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}
