import { describe, expect, inject, it } from 'vitest'
import { regionOfId } from '../../shared/ids.ts'
import { regions } from '../../shared/regions.ts'
import type { SearchResult } from '../../shared/search.ts'

const { site } = inject('stack')

async function readAll(query: string): Promise<SearchResult[]> {
  const pages: SearchResult[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
    const response = await fetch(`${site}/api/v1/search?${query}${cursor && `&cursor=${cursor}`}`)
    expect(response.status, query).toBe(200)
    pages.push((await response.json()) as SearchResult)
  }
  return pages
}
const idsOf = (pages: SearchResult[]) => pages.flatMap(({ items }) => items.map(({ id }) => id))

describe('a search of the world', () => {
  it.each([
    'q=bike',
    'category=furniture',
    'q=table&sort=oldest',
    'sort=price&currency=EUR',
    'sort=-price&currency=USD&category=bikes',
    'sort=distance&near=52.5,13.4&radius=500',
  ])('for %s is what its regions find, each in its own order', async query => {
    const found = await Promise.all(regions.map(region => readAll(`${query}&region=${region}&limit=100`)))
    const pages = await readAll(`${query}&scope=world&limit=9`)
    const all = idsOf(pages)
    expect(all.toSorted()).toEqual(found.flatMap(idsOf).toSorted())
    // A score depends on the moment that the list was begun at, so two lists may differ in what is nearly equal.
    for (const [i, region] of query === 'q=bike' ? [] : regions.entries()) {
      expect(all.filter(id => regionOfId(id) === region)).toEqual(idsOf(found[i] ?? []))
    }
    const total = found.reduce((sum, [first]) => sum + (first?.total.value ?? 0), 0)
    for (const page of pages) expect(page).toMatchObject({ total: { value: total }, missingRegions: [] })
  })
})
