import { describe, expect, it } from 'vitest'
import type { Facet, RegionalResult, SearchHelp } from '../shared/search.ts'
import { sumCounts } from './world-merge.ts'

const result = (more: Partial<RegionalResult>): RegionalResult => ({
  items: [],
  total: { value: 0, relation: 'eq' },
  facets: {},
  nextCursor: null,
  suggestion: null,
  help: null,
  engine: 'opensearch',
  degraded: false,
  missingRegions: [],
  sort: 'newest',
  positions: [],
  ...more,
})
const sum = (parts: Partial<RegionalResult>[], category?: string, first = true) =>
  sumCounts(parts.map(result), category === undefined ? {} : { category }, first)
const total = (value: number, relation: 'eq' | 'gte' = 'eq') => ({ total: { value, relation } })
const facet = (counts: Record<string, number>): Facet =>
  Object.entries(counts).map(([value, count]) => ({ value, count }))

describe('sumCounts', () => {
  it('adds totals up, as far as each region counts', () => {
    expect(sum([total(3), total(4)]).total).toEqual({ value: 7, relation: 'eq' })
    expect(sum([total(6_000), total(4_000)]).total).toEqual({ value: 10_000, relation: 'eq' })
    expect(sum([total(6_000), total(4_001)]).total).toEqual({ value: 10_000, relation: 'gte' })
    expect(sum([total(10_000, 'gte'), total(0)]).total).toEqual({ value: 10_000, relation: 'gte' })
  })

  it('adds facets up by value, most first, then by name', () => {
    const parts = [
      { facets: { condition: facet({ good: 2, new: 1 }) } },
      { facets: { condition: facet({ worn: 2, new: 1 }), category: facet({ bikes: 1 }) } },
    ]
    expect(sum(parts).facets).toEqual({
      condition: facet({ good: 2, new: 2, worn: 2 }),
      category: facet({ bikes: 1 }),
    })
  })

  it('gives of a free text the first twelve values, of a choice all', () => {
    const many = (letter: string) =>
      facet(Object.fromEntries([...Array(12).keys()].map(i => [`${letter}${i}`, 20 - i])))
    const parts = ['a', 'b'].map(letter => ({ facets: { 'attr.brand': many(letter), condition: many(letter) } }))
    const { facets } = sum(parts, 'bicycles')
    expect(facets['attr.brand']?.map(({ value }) => value).slice(0, 4)).toEqual(['a0', 'b0', 'a1', 'b1'])
    expect(facets['attr.brand']).toHaveLength(12)
    expect(facets.condition).toHaveLength(24)
  })

  it('names the lesser engine, and one that is degraded', () => {
    expect(sum([{}, {}])).toMatchObject({ engine: 'opensearch', degraded: false })
    expect(sum([{}, { engine: 'postgres', degraded: true }])).toMatchObject({ engine: 'postgres', degraded: true })
  })

  it('suggests the spelling that finds most, if it finds more than regions that suggest nothing, on the first page', () => {
    const suggests = (q: string, value: number, own = 0) => ({ ...total(own), suggestion: { q, ...total(value) } })
    const parts = [suggests('gazelle', 2), suggests('gasoline', 3), suggests('gazelle', 2)]
    expect(sum(parts).suggestion).toEqual({ q: 'gazelle', ...total(4), applied: false })
    expect(sum(parts, undefined, false).suggestion).toBeNull()
    expect(sum([suggests('gazelle', 2), total(40)]).suggestion).toBeNull()
    // Where nothing was spelled as typed, what was found is what the other spelling finds.
    const applied = { suggestion: { q: 'gazelle', ...total(2), applied: true } }
    expect(sum([{ ...total(2), ...applied }, total(0)]).suggestion).toEqual(applied.suggestion)
  })

  it('helps where nothing was found anywhere: the smallest circle that has something, and sums', () => {
    const help = (more: Partial<SearchHelp>) => ({ help: { wider: null, without: [], categories: [], ...more } })
    const parts = [
      help({ wider: { radius: 150, total: 9 }, without: [{ filter: 'condition', total: 1 }] }),
      help({
        wider: { radius: 50, total: 2 },
        without: [
          { filter: 'near', total: 2 },
          { filter: 'condition', total: 3 },
        ],
        withoutAll: { total: 3 },
        categories: [{ category: 'bikes', total: 2 }],
      }),
      help({ categories: [{ category: 'bikes', total: 2 }], withoutAll: { total: 5 } }),
    ]
    expect(sum(parts).help).toEqual({
      wider: { radius: 50, total: 2 },
      without: [
        { filter: 'condition', total: 4 },
        { filter: 'near', total: 2 },
      ],
      withoutAll: { total: 8 },
      categories: [{ category: 'bikes', total: 4 }],
    })
    expect(sum([...parts, total(1)]).help).toBeNull()
  })
})
