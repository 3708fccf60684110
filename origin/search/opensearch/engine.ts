import type { Region } from '../../../shared/regions.ts'
import { facetOf, mostCounted } from '../../../shared/search.ts'
import type { OpenSearch, SearchResponse } from '../../adapters/opensearch.ts'
import type { Counts, Question, SearchEngine } from '../engine.ts'
import { facetNamesFor, topOf } from '../facets.ts'
import type { ParsedQuery } from '../query.ts'
import { countingPhrases, decidingWords, fuzzyCandidates, misspellable } from './deciding.ts'
import { byDistance, type Filters, filtersOf } from './filters.ts'
import { decayed, type Query, ranking } from './ranking.ts'
import { readRarities } from './rarity.ts'
import { type Meant, readFrequencies, readMeant } from './spelling.ts'
import { type Reading, searchedFields, wordQueryOf } from './words.ts'

/** Fewer posts than this, and words are read as if misspelled, and fewer of them must be there. */
const fewHits = 5
/** Fewer than this, and it is enough to have what is rare of them. */
const notMany = 10
/** In no more posts than this, a word may be a slip of the finger, however many have the others. */
const rarelyRight = 2

/** More values than a facet has; of free texts only the most common are shown. */
const mostValues = 1_000

type Asked = Pick<Question, 'filters' | 'words' | 'currency' | 'at'> & { sort?: Question['sort'] }
type Read = Pick<Reading, 'frequencies' | 'meant'>
type Parts = Filters & { words: ReturnType<typeof wordQueryOf> }
/** A looser way to read words, where the one before finds fewer than `below`. */
type Looser = { below: number; read: (reading: Reading) => Promise<Reading>; loosened?: boolean }

/**
 * Searches by an index of OpenSearch.
 * @param alias of the region's posts
 */
export function createOpenSearchEngine({
  openSearch,
  region,
  alias,
}: {
  openSearch: OpenSearch
  region: Region
  alias: string
}): SearchEngine {
  // What is found and what is counted are asked for at the same time, by the same words.
  const read = new WeakMap<ParsedQuery, Promise<Read>>()
  return {
    name: 'opensearch',
    async find(question) {
      const enough = async (found: SearchResponse, parts: Parts, below: number) =>
        found.hits.total.value >= below || (await findsEnough(question, parts, below))
      return hitsOf(question, (await settle(question, parts => page(question, parts), enough)).found)
    },
    async count(question) {
      const enough = (found: SearchResponse, _: Parts, below: number) => found.hits.total.value >= below
      const { found, loosened, meant } = await settle(question, parts => countAll(question, parts), enough)
      const likeliest = new Map([...meant].map(([word, [first = word]]) => [word, first]))
      return { ...countsOf(question, found), loosened, meant: likeliest }
    },
  }

  /**
   * Puts a question as it was typed, but for words that hardly any post has, which are read as what they nearly spell; then more loosely
   * as long as too few are found. Find and count come to the same reading, as do all pages.
   * @returns what was found at last, whether another spelling was taken, and which
   */
  async function settle(
    question: Asked,
    put: (parts: Parts) => Promise<SearchResponse>,
    enough: (found: SearchResponse, parts: Parts, below: number) => boolean | Promise<boolean>,
  ): Promise<{ found: SearchResponse; loosened: boolean; meant: Meant }> {
    const filters = filtersOf(region, question)
    const partsOf = (reading: Reading) => ({ ...filters, words: wordQueryOf(question.words, reading) })
    const { frequencies, meant } = await readingOf(question.words)
    let reading: Reading = { frequencies, meant, fuzzy: new Set(), enough: ranking.coverage.least }
    let parts = partsOf(reading)
    let found = await put(parts)
    let loosened = meant.size > 0
    for (const looser of looserFor(question.words)) {
      if (await enough(found, parts, looser.below)) continue
      reading = await looser.read(reading)
      parts = partsOf(reading)
      found = await put(parts)
      loosened ||= looser.loosened ?? false
    }
    return { found, loosened, meant: reading.meant }
  }

  /** Every word may be misspelled, and fewer must be there; then what is rare enough of them will do. Nothing stands in for a phrase. */
  function looserFor(query: ParsedQuery): Looser[] {
    if (countingPhrases(query).length > 0) return []
    const candidates = fuzzyCandidates(query)
    const several = decidingWords(query, new Map()).length > 1
    const alike: Looser = {
      below: fewHits,
      loosened: true,
      read: async reading => ({
        ...reading,
        meant: await readMeant({ openSearch, alias }, candidates, reading.frequencies),
        fuzzy: new Set(candidates),
        enough: ranking.coverage.few,
      }),
    }
    const rare: Looser = {
      below: notMany,
      read: async reading => {
        const words = decidingWords(query, reading.meant)
        return { ...reading, rarities: await readRarities({ openSearch, alias }, words, searchedFields) }
      },
    }
    return [...(candidates.length > 0 || several ? [alike] : []), ...(several ? [rare] : [])]
  }

  function readingOf(query: ParsedQuery): Promise<Read> {
    const reading = read.get(query) ?? readWords(query)
    read.set(query, reading)
    return reading
  }

  async function readWords(query: ParsedQuery): Promise<Read> {
    const frequencies = await readFrequencies({ openSearch, alias }, query.words, searchedFields)
    const rare = misspellable(query).filter(word => (frequencies.get(word) ?? 0) <= rarelyRight)
    return { frequencies, meant: await readMeant({ openSearch, alias }, rare, frequencies) }
  }

  function page(question: Question, { words, common, facets }: Parts): Promise<SearchResponse> {
    const { after, limit, sort, at } = question
    const { required, boosts, excluded } = words
    const filter = [...common, ...Object.values(facets)]
    const scored = sort === 'relevance' && required.length + boosts.length > 0
    const query = scored
      ? decayed({ bool: { must: required, should: boosts, filter, must_not: excluded } }, question)
      : { bool: { filter: [...filter, ...required], must_not: excluded } }
    const { key, direction } = orderOf(question, scored)
    const body = {
      query,
      sort: [key, { id: direction }],
      size: limit + 1,
      _source: false,
      track_total_hits: notMany,
      ...(after && { search_after: [after.key, after.id] }),
    }
    // All pages of a search by the same copies of the data.
    return openSearch.search(alias, body, { preference: String(at.getTime()) })
  }

  /**
   * Tells whether there is enough when no facet is chosen: whether words are read as misspelled does not depend on that, or a
   * facet's numbers would not be those of the page that they lead to.
   */
  async function findsEnough(question: Question, { words, common, facets }: Parts, below: number): Promise<boolean> {
    if (Object.keys(facets).length === 0) return false
    const query = { bool: { filter: [...common, ...words.required], must_not: words.excluded } }
    const preference = String(question.at.getTime())
    const body = { size: 0, track_total_hits: below, query }
    return (await openSearch.search(alias, body, { preference })).hits.total.value >= below
  }

  function countAll({ filters, at }: Asked, { words, common, facets }: Parts): Promise<SearchResponse> {
    const others = (name: string) => Object.entries(facets).flatMap(([facet, query]) => (facet === name ? [] : [query]))
    const top = topOf(filters)
    const counts = facetNamesFor(filters).map(name => {
      const within = name === 'category' && top ? [{ term: { top_category: top } }] : []
      const values = { terms: { field: fieldOf(name, filters.category), size: mostValues, order: byCount } }
      return [name, { filter: { bool: { filter: [...others(name), ...within] } }, aggs: { values } }]
    })
    const total = { filter: { bool: { filter: others('') } } }
    const body = {
      size: 0,
      track_total_hits: true,
      query: { bool: { filter: [...common, ...words.required], must_not: words.excluded } },
      aggs: { ...Object.fromEntries(counts), total },
    }
    return openSearch.search(alias, body, { preference: String(at.getTime()) })
  }
}

const byCount = [{ _count: 'desc' }, { _key: 'asc' }]

function hitsOf({ limit }: Question, { hits: { hits } }: SearchResponse) {
  const shown = hits.slice(0, limit)
  return {
    hits: shown.map(({ sort: [key, id] = [] }) => ({ id: String(id), key: Number(key) })),
    more: hits.length > limit,
  }
}

function countsOf({ filters }: Asked, { aggregations = {} }: SearchResponse): Counts {
  const total: number = aggregations.total?.doc_count ?? 0
  const valuesOf = (name: string) =>
    (aggregations[name]?.values.buckets ?? []).map((bucket: { key: string; doc_count: number }) => ({
      value: bucket.key,
      count: bucket.doc_count,
    }))
  return {
    total: { value: Math.min(total, mostCounted), relation: total > mostCounted ? 'gte' : 'eq' },
    facets: Object.fromEntries(facetNamesFor(filters).map(name => [name, facetOf(name, filters, valuesOf(name))])),
  }
}

/** Without words the best match is the newest; ids settle what is equal. */
function orderOf({ sort, filters }: Question, scored: boolean): { key: Query; direction: 'asc' | 'desc' } {
  switch (sort) {
    case 'relevance':
      return scored ? { key: { _score: 'desc' }, direction: 'desc' } : { key: { bumped_at: 'desc' }, direction: 'desc' }
    case 'newest':
      return { key: { bumped_at: 'desc' }, direction: 'desc' }
    case 'oldest':
      return { key: { bumped_at: 'asc' }, direction: 'asc' }
    case 'price':
      return { key: { price: 'asc' }, direction: 'asc' }
    case '-price':
      return { key: { price: 'desc' }, direction: 'desc' }
    case 'distance':
      return { key: byDistance(filters.near ?? '0,0'), direction: 'asc' }
  }
}

function fieldOf(name: string, category: string | undefined): string {
  if (name === 'category') return category === undefined ? 'top_category' : 'category'
  if (name === 'condition') return 'condition'
  return `values.${name.slice('attr.'.length)}`
}
