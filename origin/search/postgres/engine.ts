import { type RawBuilder, sql } from 'kysely'
import { facetOf, mostCounted } from '../../../shared/search.ts'
import type { Context } from '../../context.ts'
import { beyond, type Direction } from '../../db/keyset.ts'
import { isIn } from '../../posts/filtering.ts'
import { distanceFrom } from '../../posts/nearness.ts'
import type { Counts, Hit, Hits, Question, SearchEngine, Window } from '../engine.ts'
import { facetNamesFor, topOf } from '../facets.ts'
import type { ParsedQuery } from '../query.ts'
import { all, conditionsOf, type Filtered, type Reading } from './conditions.ts'
import { setsOfEnough, setsOfMost } from './coverage.ts'
import { scoreOf } from './ranking.ts'
import { type Term, type Terms, termsOf } from './terms.ts'
import { findInWindows } from './windows.ts'

type Stores = Pick<Context, 'db' | 'region'>
/** What is sorted by, and the number of it that a hit carries. */
type Order = { by: RawBuilder<unknown>; key: RawBuilder<number>; direction: Direction }

/** Fewer posts than this, and less of the words is asked for. */
const fewHits = 10

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
      const reading = await readingFor(ctx, question, await termsFor(question.words))
      if (question.sort !== 'relevance' || reading.wanted.length === 0) return findPage(ctx, question, reading)
      return findInWindows({ db: ctx.db, reading }, question, (part, window) => findPage(ctx, part, reading, window))
    },
    async count(question) {
      const reading = await readingFor(ctx, question, await termsFor(question.words))
      const counts = await countAll(ctx, question, conditionsOf(ctx, question, reading))
      return { ...counts, loosened: reading.meant.size > 0, meant: reading.meant }
    },
  }
}

/**
 * Decides how much of the words a post must have: most of them, and where fewer than ten posts have that, enough by rarity.
 * No facet is looked at, or its numbers would not be those of the page that they lead to.
 */
async function readingFor(ctx: Stores, question: Filtered, terms: Terms): Promise<Reading> {
  const [most, enough] = [setsOfMost(terms.wanted), setsOfEnough(terms.wanted)]
  const strict = { ...terms, sets: most }
  if (most.length < 1 || terms.wanted.some(term => term.required)) return strict
  const { common } = conditionsOf(ctx, question, strict)
  const { rows } = await sql`SELECT 1 FROM posts WHERE ${common} LIMIT ${fewHits}`.execute(ctx.db)
  return rows.length < fewHits ? { ...terms, sets: [...most, ...enough] } : strict
}

async function findPage(ctx: Stores, question: Question, reading: Reading, window?: Window): Promise<Hits> {
  const { after, limit } = question
  const { common, facets } = conditionsOf(ctx, question, reading)
  const { by, key, direction } = orderOf(question, reading.wanted)
  const where = all([common, ...Object.values(facets), ...(window ? [isWithinWindow(window)] : [])])
  const rest = after ? beyond(['by', 'id'], direction, [positionOf(question, reading, after), after.id]) : sql`true`
  const order = sql.raw(direction)
  const { rows } = await sql<{ id: string; key: number }>`
    SELECT id, key FROM (SELECT posts.id, ${by} AS by, ${key} AS key FROM posts WHERE ${where}) AS found
    WHERE ${rest} ORDER BY by ${order}, id ${order} LIMIT ${limit + 1}`.execute(ctx.db)
  return { hits: rows.slice(0, limit).map(({ id, key }) => ({ id, key: Number(key) })), more: rows.length > limit }
}

/**
 * Not in the terms of an index: Postgres holds the match of a word for cheap, and would rather try it on each of the newest
 * than ask the index of words.
 */
function isWithinWindow({ since, done }: Window): RawBuilder<boolean> {
  const bumped = sql`posts.bumped_at + interval '0'`
  return done ? sql`${bumped} <= ${new Date(since)}::timestamptz` : sql`${bumped} > ${new Date(since)}::timestamptz`
}

/** Without words the best match is the newest; ids settle what is equal. Where an index has the order, it is asked in the index's own terms. */
function orderOf({ sort, filters, at }: Question, wanted: readonly Term[]): Order {
  const bumped = {
    by: sql`posts.bumped_at`,
    key: sql<number>`(extract(epoch FROM posts.bumped_at) * 1000)::bigint`,
  }
  const price = { by: sql`posts.price_amount`, key: sql<number>`posts.price_amount` }
  switch (sort) {
    case 'relevance': {
      if (wanted.length === 0) return { ...bumped, direction: 'desc' }
      const score = scoreOf(wanted, { at, filters })
      return { by: score, key: score, direction: 'desc' }
    }
    case 'newest':
      return { ...bumped, direction: 'desc' }
    case 'oldest':
      return { ...bumped, direction: 'asc' }
    case 'price':
      return { ...price, direction: 'asc' }
    case '-price':
      return { ...price, direction: 'desc' }
    case 'distance': {
      const distance = distanceFrom(filters.near ?? '0,0')
      return { by: distance, key: distance, direction: 'asc' }
    }
  }
}

/** Where the last hit stood, in the terms of its order. */
function positionOf({ sort }: Question, { wanted }: Reading, { key }: Hit): Date | number {
  const byTime = sort === 'newest' || sort === 'oldest' || (sort === 'relevance' && wanted.length === 0)
  return byTime ? new Date(key) : key
}

/** Values of a facet that are read: more than any list of choices has, and more than are shown of free texts. */
const mostValues = 200

/**
 * One query, and one pass over what fits all but the facets' own conditions: each facet is a grouping set, counted where the
 * others' conditions hold.
 */
async function countAll(
  { db }: Stores,
  { filters }: Pick<Question, 'filters'>,
  { common, facets }: ReturnType<typeof conditionsOf>,
): Promise<Counts> {
  const names = facetNamesFor(filters)
  const flags = Object.keys(facets)
  const values = names.map((_, i) => sql.ref(`v${i}`))
  const columns = [
    ...names.map((name, i) => sql`${facetValue(name, filters)} AS ${sql.ref(`v${i}`)}`),
    ...flags.map((name, i) => sql`coalesce(${facets[name]}, false) AS ${sql.ref(`f${i}`)}`),
  ]
  const countWithout = (name: string) => {
    const others = flags.flatMap((flag, i) => (flag === name ? [] : [sql<boolean>`${sql.ref(`f${i}`)}`]))
    return sql`count(*) FILTER (WHERE ${all(others)})`
  }
  const top = topOf(filters)
  const within = all([common, ...(top === undefined ? [] : [isIn(top)])])
  const facet = sql`CASE ${sql.join(
    values.map((value, i) => sql`WHEN grouping(${value}) = 0 THEN ${i}::int`),
    sql` `,
  )} ELSE -1 END`
  const counts = sql`CASE ${sql.join(
    names.map((name, i) => sql`WHEN grouping(${values[i]}) = 0 THEN ${countWithout(name)}`),
    sql` `,
  )} ELSE ${countWithout('')} END`
  const { rows } = await sql<{ facet: number; value: string; count: number }>`
    SELECT facet, value, count::int FROM (
      SELECT facet, value, count, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value COLLATE "C") AS place
      FROM (
        SELECT ${facet} AS facet, coalesce(${sql.join(values)}, '') AS value, ${counts} AS count
        FROM (SELECT ${sql.join(columns)} FROM posts WHERE ${within}) AS base
        GROUP BY GROUPING SETS ((), ${sql.join(values.map(value => sql`(${value})`))})
      ) AS counted WHERE facet = -1 OR (value <> '' AND count > 0)
    ) AS placed WHERE place <= ${mostValues}`.execute(db)
  const total = rows.find(({ facet }) => facet === -1)?.count ?? 0
  const found = (i: number) => rows.filter(row => row.facet === i)
  return {
    total: { value: Math.min(total, mostCounted), relation: total > mostCounted ? 'gte' : 'eq' },
    facets: Object.fromEntries(names.map((name, i) => [name, facetOf(name, filters, found(i))])),
  }
}

/** What a facet counts; null where a post has none. */
function facetValue(name: string, filters: Pick<Question['filters'], 'category'>): RawBuilder<string> {
  if (name === 'category') return filters.category === undefined ? sql`posts.top_category` : sql`posts.category`
  if (name === 'condition') return sql`posts.condition`
  return sql`lower(posts.attributes ->> ${name.slice('attr.'.length)})`
}
