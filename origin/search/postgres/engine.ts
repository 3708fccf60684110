import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../context.ts'
import { beyond, cutPage, type Direction } from '../../db/keyset.ts'
import { distanceFrom } from '../../posts/nearness.ts'
import { type Counts, mostCounted, type Question, type SearchEngine } from '../engine.ts'
import { facetNamesFor, facetOf, topOf } from '../facets.ts'
import type { ParsedQuery } from '../query.ts'
import { all, conditionsOf } from './conditions.ts'
import { scoreOf } from './ranking.ts'
import { type Term, type Terms, termsOf } from './terms.ts'

type Stores = Pick<Context, 'db' | 'region'>
type Order = { key: RawBuilder<number>; direction: Direction }

/** The embedded engine: full text, filters and facets by the same Postgres that has the posts. */
export function createPostgresEngine(ctx: Stores): SearchEngine {
  // What is found and what is counted are asked for at the same time, by the same words.
  const read = new WeakMap<ParsedQuery, Promise<Terms>>()
  const termsFor = (words: ParsedQuery) => {
    const terms = read.get(words) ?? termsOf(ctx.db, words)
    read.set(words, terms)
    return terms
  }
  return {
    name: 'postgres',
    async find(question) {
      const terms = await termsFor(question.words)
      const { common, facets } = conditionsOf(ctx, question, terms)
      const { key, direction } = orderOf(question, terms.wanted)
      const { after, limit } = question
      const found = sql`SELECT posts.id, ${key} AS key FROM posts WHERE ${all([common, ...Object.values(facets)])}`
      const rest = after ? beyond(['key', 'id'], direction, [after.key, after.id]) : sql`true`
      const order = sql.raw(direction)
      const { rows } = await sql<{ id: string; key: number }>`
        SELECT id, key FROM (${found}) AS found WHERE ${rest}
        ORDER BY key ${order}, id ${order} LIMIT ${limit + 1}`.execute(ctx.db)
      const page = cutPage(rows, limit, () => '')
      return { hits: page.rows.map(({ id, key }) => ({ id, key: Number(key) })), more: page.nextCursor !== null }
    },
    async count(question) {
      const terms = await termsFor(question.words)
      const counts = await countAll(ctx, question, conditionsOf(ctx, question, terms))
      return { ...counts, loosened: terms.loosened }
    },
  }
}

/** Without words the best match is the newest; ids settle what is equal. */
function orderOf({ sort, filters, at }: Question, wanted: readonly Term[]): Order {
  const bumped = sql<number>`(extract(epoch FROM posts.bumped_at) * 1000)::bigint`
  switch (sort) {
    case 'relevance':
      return wanted.length === 0
        ? { key: bumped, direction: 'desc' }
        : { key: scoreOf(wanted, { at, filters }), direction: 'desc' }
    case 'newest':
      return { key: bumped, direction: 'desc' }
    case 'oldest':
      return { key: bumped, direction: 'asc' }
    case 'price':
      return { key: sql`posts.price_amount`, direction: 'asc' }
    case '-price':
      return { key: sql`posts.price_amount`, direction: 'desc' }
    case 'distance':
      return { key: distanceFrom(filters.near ?? '0,0'), direction: 'asc' }
  }
}

/** One query: what fits all but the facets' own conditions is read once, and each facet counts where the others hold. */
async function countAll(
  { db }: Stores,
  { filters }: Pick<Question, 'filters'>,
  { common, facets }: ReturnType<typeof conditionsOf>,
): Promise<Counts> {
  const names = facetNamesFor(filters)
  const flags = Object.keys(facets)
  const columns = [
    ...names.map((name, i) => sql`${facetValue(name, filters.category)} AS ${sql.ref(`v${i}`)}`),
    ...flags.map((name, i) => sql`coalesce(${facets[name]}, false) AS ${sql.ref(`f${i}`)}`),
  ]
  const others = (name: string) =>
    all(flags.flatMap((flag, i) => (flag === name ? [] : [sql<boolean>`${sql.ref(`f${i}`)}`])))
  const top = topOf(filters)
  const counts = names.map((name, i) => {
    const within = name === 'category' && top ? sql<boolean>`top_category = ${top}` : sql<boolean>`true`
    return sql`SELECT ${name}::text AS facet, ${sql.ref(`v${i}`)} AS value, count(*)::int AS count FROM base
      WHERE ${others(name)} AND ${within} AND ${sql.ref(`v${i}`)} IS NOT NULL GROUP BY 2`
  })
  const { rows } = await sql<{ facet: string; value: string; count: number }>`
    WITH base AS MATERIALIZED (SELECT posts.top_category, ${sql.join(columns)} FROM posts WHERE ${common})
    SELECT '' AS facet, '' AS value, count(*)::int AS count FROM base WHERE ${others('')}
    UNION ALL ${sql.join(counts, sql` UNION ALL `)}`.execute(db)
  const total = rows.find(({ facet }) => facet === '')?.count ?? 0
  return {
    total: { value: Math.min(total, mostCounted), relation: total > mostCounted ? 'gte' : 'eq' },
    facets: Object.fromEntries(
      names.map(name => [
        name,
        facetOf(
          name,
          filters,
          rows.filter(({ facet }) => facet === name),
        ),
      ]),
    ),
  }
}

function facetValue(name: string, category: string | undefined): RawBuilder<string> {
  if (name === 'category') return category === undefined ? sql`posts.top_category` : sql`posts.category`
  if (name === 'condition') return sql`posts.condition`
  return sql`lower(posts.attributes ->> ${name.slice('attr.'.length)})`
}
