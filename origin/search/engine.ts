import type { Facet, SearchQuery, SearchSort, Total } from '../../shared/search.ts'
import type { ParsedQuery } from './query.ts'

/** What an engine is asked. */
export type Question = {
  /** The filters; `q`, `sort`, `cursor` and `limit` in it are not looked at. */
  filters: SearchQuery
  words: ParsedQuery
  sort: SearchSort
  /** ISO 4217; prices are compared within it. */
  currency: string
  /** The moment that the first page was asked at: expiry and ages are as of then. */
  at: Date
  limit: number
  /** After which hit the page begins. */
  after: Hit | undefined
}

/** A post and what it was sorted by: score, milliseconds of `bumpedAt`, minor units, or kilometres. */
export type Hit = {
  id: string
  key: number
  /** Where the best are looked for among the newest before the rest: what is the newest, and whether this one is. */
  window?: Window
}

/** Milliseconds since which posts were bumped that come first, and whether those are done with. */
export type Window = { since: number; done: boolean }

export type Hits = { hits: Hit[]; more: boolean }
export type Counts = {
  total: Total
  facets: Record<string, Facet>
  /** Another spelling was taken for what was typed, because hardly anything has that. */
  loosened?: boolean
  /** Which words were read as which others; what is counted is theirs. */
  meant?: ReadonlyMap<string, string>
}

/** Finds posts by words and filters. Every method throws when the engine does not answer. */
export type SearchEngine = {
  name: 'postgres' | 'opensearch'
  /** One page in the order that is asked for. */
  find: (question: Question) => Promise<Hits>
  /** How many there are under all filters, and the facets (see `SearchResult`). */
  count: (question: Omit<Question, 'limit' | 'after' | 'sort'>) => Promise<Counts>
}
