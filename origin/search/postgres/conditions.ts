import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../context.ts'
import { isIn, matches } from '../../posts/filtering.ts'
import type { Question } from '../engine.ts'
import { type AttributeFilter, readAttributeFilters } from '../facets.ts'
import { type Term, type Terms, tsqueryOf } from './terms.ts'

type Condition = RawBuilder<boolean>
export type Filtered = Pick<Question, 'filters' | 'currency' | 'at'> & { sort?: Question['sort'] }

/** The conditions of a search: those of words and filters that no facet has, and each facet's own, by its name. */
export type Conditions = { common: Condition; facets: Record<string, Condition> }

/** The terms of a search, and the sets of them of which a post must have one, whole. */
export type Reading = Terms & { sets: Term[][] }

/** Writes the conditions of a search. @throws invalid_input for filters that cannot be */
export function conditionsOf(
  { region }: Pick<Context, 'region'>,
  question: Filtered,
  { sets, ...terms }: Reading,
): Conditions {
  const { filters, currency, at, sort } = question
  const { country, subdivision, near, radius, minPrice, maxPrice, category } = filters
  const byPrice = sort === 'price' || sort === '-price'
  const where = { country, subdivision, near, radius, minPrice, maxPrice, region: filters.region }
  const given = Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined))
  const common = [
    matches({ now: () => at, region }, { ...given, sort: byPrice ? sort : 'newest' }, currency),
    ...(filters.seller === undefined ? [] : [sql<boolean>`posts.account_id = ${filters.seller}`]),
    ...wordConditions(terms, sets),
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

function wordConditions({ wanted, excluded, titles }: Terms, sets: readonly Term[][]): Condition[] {
  const query = queryOf(wanted, sets)
  return [
    ...(query === undefined ? [] : [sql<boolean>`posts.search @@ ${query}::tsquery`]),
    ...titles.map(words => sql<boolean>`posts.title ~* ${`\\m${words.join('[^[:alnum:]]+')}\\M`}`),
    ...excluded.map(way => sql<boolean>`NOT posts.search @@ ${tsqueryOf(way)}::tsquery`),
  ]
}

/** One tsquery, so that one look into the index finds all: every required term, or else enough of the others. */
function queryOf(wanted: readonly Term[], sets: readonly Term[][]): string | undefined {
  const required = wanted.filter(term => term.required).map(anyWay)
  if (required.length > 0) return required.join(' & ')
  return sets.length === 0 ? undefined : sets.map(terms => `(${terms.map(anyWay).join(' & ')})`).join(' | ')
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
