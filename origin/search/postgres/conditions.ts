import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../context.ts'
import { isIn, matches } from '../../posts/filtering.ts'
import type { Question } from '../engine.ts'
import { type AttributeFilter, readAttributeFilters } from '../facets.ts'
import { type Term, type Terms, tsqueryOf } from './terms.ts'

type Condition = RawBuilder<boolean>
type Filtered = Pick<Question, 'filters' | 'currency' | 'at'> & { sort?: Question['sort'] }

/** The conditions of a search: those of words and filters that no facet has, and each facet's own, by its name. */
export type Conditions = { common: Condition; facets: Record<string, Condition> }

/**
 * The share of all that is asked for, weighed by rarity, that a post must have: so a word that everything has alone finds
 * nothing, and one rare word does.
 */
const leastCovered = 0.42
/** Terms of which every combination is weighed; of more only the rarest. */
const mostCombined = 7

/** Writes the conditions of a search. @throws invalid_input for filters that cannot be */
export function conditionsOf({ region }: Pick<Context, 'region'>, question: Filtered, terms: Terms): Conditions {
  const { filters, currency, at, sort } = question
  const { country, subdivision, near, radius, minPrice, maxPrice, category } = filters
  const byPrice = sort === 'price' || sort === '-price'
  const where = { country, subdivision, near, radius, minPrice, maxPrice, region: filters.region }
  const given = Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined))
  const common = [
    matches({ now: () => at, region }, { ...given, sort: byPrice ? sort : 'newest' }, currency),
    ...(filters.seller === undefined ? [] : [sql<boolean>`posts.account_id = ${filters.seller}`]),
    ...wordConditions(terms),
  ]
  const facets: Record<string, Condition> = {}
  if (category !== undefined) facets.category = isIn(category)
  if (filters.condition !== undefined) facets.condition = sql`posts.condition = ANY (${filters.condition}::text[])`
  for (const filter of readAttributeFilters(filters)) facets[`attr.${filter.schema.key}`] = attributeCondition(filter)
  return { common: all(common), facets }
}

/** All of the conditions; true where there is none. */
export function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : (sql`(${sql.join(conditions, sql` AND `)})` as Condition)
}

/** Writes a term as a tsquery that any of its ways fulfils. */
export function anyWay({ ways }: Pick<Term, 'ways'>): string {
  return `(${ways.map(way => `(${tsqueryOf(way)})`).join(' | ')})`
}

function wordConditions({ wanted, excluded }: Terms): Condition[] {
  const query = queryOf(wanted)
  return [
    ...(query === undefined ? [] : [sql<boolean>`posts.search @@ ${query}::tsquery`]),
    ...excluded.map(way => sql<boolean>`NOT posts.search @@ ${tsqueryOf(way)}::tsquery`),
  ]
}

/** One tsquery, so that one look into the index finds all: every required term, and enough of the others. */
function queryOf(wanted: readonly Term[]): string | undefined {
  const required = wanted.filter(term => term.required).map(anyWay)
  if (required.length > 0) return required.join(' & ')
  const sets = sufficientSets(wanted).map(terms => `(${terms.map(anyWay).join(' & ')})`)
  return sets.length === 0 ? undefined : sets.join(' | ')
}

/**
 * The smallest sets of plain words of which a post must have one, whole. What no post has and what is but a wish asks nothing of the
 * others, unless there are no others.
 */
export function sufficientSets(wanted: readonly Term[]): Term[][] {
  const words = wanted.filter(term => !term.required)
  const things = words.filter(term => !term.wish)
  const plain = things.length > 0 ? things : words
  const terms = plain.toSorted((a, b) => b.rarity - a.rarity).slice(0, mostCombined)
  const known = terms.filter(term => term.share > 0)
  const needed = leastCovered * (known.length > 0 ? known : terms).reduce((sum, { rarity }) => sum + rarity, 0)
  const found: Term[][] = []
  const extend = (chosen: Term[], from: number, sum: number) => {
    if (chosen.length > 0 && sum >= needed) {
      found.push(chosen)
      return
    }
    for (let i = from; i < terms.length; i++) {
      const term = terms[i]
      if (term) extend([...chosen, term], i + 1, sum + term.rarity)
    }
  }
  extend([], 0, 0)
  return found
}

/** Numbers compare as numbers; texts without regard to case. */
function attributeCondition(filter: AttributeFilter): Condition {
  const { key } = filter.schema
  if ('values' in filter) {
    return sql`lower(posts.attributes ->> ${key}) = ANY (${filter.values}::text[])`
  }
  const number = sql`CASE WHEN jsonb_typeof(posts.attributes -> ${key}) = 'number' THEN (posts.attributes ->> ${key})::numeric END`
  return all([
    ...(filter.min === undefined ? [] : [sql<boolean>`${number} >= ${filter.min}::numeric`]),
    ...(filter.max === undefined ? [] : [sql<boolean>`${number} <= ${filter.max}::numeric`]),
  ])
}
