import { type RawBuilder, sql } from 'kysely'
import { distanceFrom } from '../../posts/nearness.ts'
import type { Question } from '../engine.ts'
import { anyWay } from './conditions.ts'
import { type Term, tsqueryOf } from './terms.ts'

/** What counts how much. Chosen on the tuning half of `bench/relevance`; docs/search.md says what each does. */
export const ranking = {
  /** Weights of description, attributes, category and title, in the order of `ts_rank`. */
  fields: [0.1, 0.4, 0.5, 1],
  /** A synonym counts less than what was typed. */
  synonym: 0.7,
  /** What two words that were typed side by side add where a post has them so, of what each is worth. */
  pairs: 0.2,
  /** How strongly a post with all words stands before one with some, and what is left to one that has next to none. */
  coverage: { power: 2.5, least: 0.2 },
  /** What age takes away at most, and after how many days two thirds of that. */
  age: { share: 0.1, days: 30 },
  /** What distance takes away at most, and after how many kilometres two thirds of that. */
  distance: { share: 0.25, kilometres: 60 },
} as const

/** The score of a post for some terms, above 0; six decimals, so that a page can go on from it. */
export function scoreOf(terms: readonly Term[], { at, filters }: Pick<Question, 'at' | 'filters'>): RawBuilder<number> {
  const total = terms.reduce((sum, { rarity }) => sum + rarity, 0)
  const parts = terms.map(term => sql`${term.rarity}::float8 * ${matchOf(term)}`)
  const covered = terms.map(term => sql`${term.rarity}::float8 * (posts.search @@ ${anyWay(term)}::tsquery)::int`)
  const { power, least } = ranking.coverage
  const coverage = sql`power((${sum(covered)}) / ${total}::float8, ${power}::float8)`
  const match = sum([...parts, ...pairsOf(terms)])
  const score = sql`(${match}) * (${least}::float8 + ${coverage}) * ${freshness(at)} * ${nearness(filters.near)}`
  return sql`round((${score})::numeric, 6)::float8`
}

/** How well a post has one term: what was typed, or a little less for a synonym. */
function matchOf({ ways, typed }: Term): RawBuilder<number> {
  const exact = rankOf(ways.slice(0, typed))
  if (ways.length === typed) return exact
  return sql`greatest(${exact}, ${ranking.synonym}::float8 * ${rankOf(ways.slice(typed))})`
}

/**
 * The rank of a post for any of some ways, whatever its length: a long description is no fault. `ts_rank` divides it by how many
 * ways there are; half of that is undone, so that a word with many synonyms is worth about as much as another.
 */
function rankOf(ways: string[][]): RawBuilder<number> {
  const fields = sql`${`{${ranking.fields.join(',')}}`}::float4[]`
  const divided = Math.sqrt(new Set(ways.flat()).size)
  return sql`(${divided}::float8 * ts_rank(${fields}, posts.search, ${anyWay({ ways })}::tsquery))`
}

/** What words add that a post has side by side as they were typed, in any field. */
function pairsOf(terms: readonly Term[]): RawBuilder<number>[] {
  return terms.slice(1).flatMap((second, i) => {
    const first = terms[i]
    if (!first || first.required || second.required) return []
    const worth = ranking.pairs * (first.rarity + second.rarity)
    const pair = [first, second].map(({ ways: [typed = []] }) => tsqueryOf(typed)).join(' <-> ')
    return [sql<number>`${worth}::float8 * (posts.search @@ ${pair}::tsquery)::int`]
  })
}

function freshness(at: Date): RawBuilder<number> {
  const { share, days } = ranking.age
  const age = sql`greatest(extract(epoch FROM ${at}::timestamptz - posts.bumped_at)::float8 / 86400, 0)`
  return sql`(1 - ${share}::float8 * (1 - exp(-${age} / ${days}::float8)))`
}

function nearness(near: string | undefined): RawBuilder<number> {
  if (near === undefined) return sql`1`
  const { share, kilometres } = ranking.distance
  return sql`(1 - ${share}::float8 * (1 - exp(-${distanceFrom(near)} / ${kilometres}::float8)))`
}

function sum(parts: readonly RawBuilder<unknown>[]): RawBuilder<number> {
  return sql.join(parts, sql` + `) as RawBuilder<number>
}
