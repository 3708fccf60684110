import type { Question } from '../engine.ts'

/** A query of OpenSearch's query language. */
export type Query = Record<string, unknown>

/** What counts how much. Chosen on the tuning half of `bench/relevance`; docs/search.md says what each does. */
export const ranking = {
  /** Weights of the fields; a word counts by the best of them. */
  fields: { title: 3, category_words: 1.5, attribute_words: 1.5, description: 0.8 },
  /** The share of the other fields' scores that is added to the best one's. */
  otherFields: 0.4,
  /** How many of the words a post must have, in the form of `minimum_should_match`: all of two, then most; and where few have, half. */
  coverage: { least: '2<70% 5<60%', few: '1<50% 2<67% 3<50%' },
  /** How much more those count that have so many of the words. */
  covered: { '75%': 1, '100%': 2 },
  /** What words count that say how a thing is wished. */
  wish: 0.3,
  /** What is added, as a share of a word's own score: for words of the title as they were typed, for pairs, for all in a row. */
  title: { exact: 0.6, pairs: 0.5, phrase: 0.5 },
  /** What a synonym counts, of what was typed. */
  synonym: 0.7,
  /** What another spelling of a misspelt word counts than the likeliest. */
  otherSpelling: 0.7,
  /** What a word of almost the same letters counts. */
  fuzzy: 0.4,
  /** What age takes away at most, and after how many days two thirds of that. */
  age: { share: 0.1, days: 30 },
  /** What distance takes away at most, and after how many kilometres two thirds of that. */
  distance: { share: 0.25, kilometres: 60 },
} as const

/** Lets age and distance take their share of a query's score, as of the moment that the first page was asked at. */
export function decayed(query: Query, { at, filters }: Pick<Question, 'at' | 'filters'>): Query {
  const { age, distance } = ranking
  const fresh = lessened(query, age.share, 'bumped_at', { origin: at.getTime(), scale: `${age.days}d` })
  if (filters.near === undefined) return fresh
  return lessened(fresh, distance.share, 'place', { origin: filters.near, scale: `${distance.kilometres}km` })
}

/** Multiplies a score by `1 - share * (1 - exp(-distance / scale))`. */
function lessened(query: Query, share: number, field: string, from: Query): Query {
  const decay = { exp: { [field]: { ...from, decay: Math.exp(-1) } }, weight: share }
  return {
    function_score: { query, functions: [decay, { weight: 1 - share }], score_mode: 'sum', boost_mode: 'multiply' },
  }
}
