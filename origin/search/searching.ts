import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../../shared/cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { Post } from '../../shared/post.ts'
import { regions } from '../../shared/regions.ts'
import type { RegionalResult, SearchQuery, SearchResult } from '../../shared/search.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { currencyFor } from '../posts/default-currency.ts'
import { selectPosts } from '../posts/rows.ts'
import { viewPost } from '../posts/views.ts'
import { isListed } from '../posts/visibility.ts'
import type { Counts, Hit, Question, SearchEngine } from './engine.ts'
import { helpWith } from './help.ts'
import { hasWords, parseQuery } from './query.ts'
import { respell } from './spelling.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region'>
/** The engine that answered; `degraded` when it is not the one that should. */
export type Answer<T> = { value: T; engine: SearchEngine['name']; degraded: boolean }
export type AskEngine = <T>(
  ask: (engine: SearchEngine) => Promise<T>,
  only?: SearchEngine['name'],
) => Promise<Answer<T>>

const latest = Date.parse('9999-01-01')
const engineName = z.enum(['postgres', 'opensearch'])
const moment = z.number().int().min(0).max(latest)
/** The engine that the first page came from, its moment, the last hit given, and its window where there is one. */
const Position = z.tuple([
  engineName,
  moment,
  z.number().min(0).max(latest),
  z.string().refine(isId),
  moment.nullable(),
  z.literal([0, 1]),
])

/** Fewer hits than this on a first page, and another spelling is looked for. */
const fewHits = 5

/**
 * Searches public posts by words and filters, a page at a time by keyset. The engine gives ids; Postgres says what may be
 * shown of them, so that nothing expired, sold or withdrawn ever shows, whatever an index says.
 * @param ask puts a question to whichever engine works
 * @returns for `scope=world` a `RegionalResult`
 * @throws invalid_cursor for a cursor of another search, invalid_input
 */
export async function searchPosts(
  ctx: Stores & { ask: AskEngine },
  query: SearchQuery,
  visitor: Pick<Visitor, 'country'>,
): Promise<SearchResult | RegionalResult> {
  const { cursor, limit, ...filters } = query
  const scope = scopeOf(filters)
  const position = cursor === undefined ? undefined : decodeCursor(scope, cursor, Position)
  if (cursor !== undefined && !position)
    throw new AppError('invalid_cursor', { detail: 'The cursor belongs to another search: begin again without one' })
  const [engine, since, key, id, windowSince, windowDone] = position ?? []
  const at = since === undefined ? ctx.now() : new Date(since)
  const words = parseQuery(query.q)
  const sort = query.sort === 'relevance' && !hasWords(words) ? 'newest' : query.sort
  const currency = currencyFor(
    ctx.region,
    { ...query, sort: sort === 'relevance' || sort === 'distance' ? 'newest' : sort },
    visitor,
  )
  const window = typeof windowSince === 'number' && { window: { since: windowSince, done: windowDone === 1 } }
  const after = key === undefined || id === undefined ? undefined : { key, id, ...window }
  const question: Question = { filters: query, words, sort, currency, at, limit, after }
  // A score means nothing to another engine: the rest of such a list comes from the one that began it.
  const only = sort === 'relevance' ? engine : undefined
  const answer = await ctx.ask(
    async engine => Promise.all([engine.find(question), engine.count(question)] as const),
    only,
  )
  const [found, counts] = answer.value
  const { total, facets } = counts
  const items = await hydrate(ctx, found.hits)
  const first = after === undefined
  const [suggestion, help] = await Promise.all([
    first && (counts.loosened || counts.total.value < fewHits) ? suggestSpelling(ctx, question, counts) : null,
    first && counts.total.value === 0 ? helpWith(ctx, question) : null,
  ])
  const cursorAfter = ({ key, id, window }: Hit) =>
    encodeCursor(scope, [answer.engine, at.getTime(), key, id, window?.since ?? null, window?.done ? 1 : 0])
  const last = found.hits.at(-1)
  const result: SearchResult = {
    items,
    total,
    facets,
    nextCursor: found.more && last ? cursorAfter(last) : null,
    suggestion,
    help,
    engine: answer.engine,
    degraded: answer.degraded,
    missingRegions: [],
  }
  if (query.scope === 'region') return result
  const hits = new Map(found.hits.map(hit => [hit.id, hit]))
  const positions = items
    .flatMap(({ id }) => hits.get(id) ?? [])
    .map(hit => ({ key: hit.key, cursor: cursorAfter(hit) }))
  // An origin speaks for itself alone: whoever asks for the world is told whom it has not heard.
  return { ...result, missingRegions: regions.filter(region => region !== ctx.region), sort, positions }
}

/** Reads the posts of some hits, in their order, without those that the public may not see now. */
export async function hydrate({ db, now }: Pick<Stores, 'db' | 'now'>, hits: readonly Hit[]): Promise<Post[]> {
  if (hits.length === 0) return []
  const ids = hits.map(({ id }) => id)
  const rows = await selectPosts(db).where('posts.id', 'in', ids).where(isListed(now())).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => byId.get(id) ?? []).map(viewPost)
}

/**
 * Another spelling of the query, in words that several people use: the one that the engine has read it in already, so that what
 * is shown is of that and nothing needs to be counted again, or one that finds more.
 */
async function suggestSpelling(
  ctx: Stores & { ask: AskEngine },
  question: Question,
  { total, meant }: Counts,
): Promise<SearchResult['suggestion']> {
  const respelt = await respell(ctx, question.filters.q)
  if (respelt === undefined) return null
  const { q, words } = respelt
  const applied = [...words].every(([typed, other]) => meant?.get(typed) === other)
  if (applied) return total.value > 0 ? { q, total, applied } : null
  const { value } = await ctx.ask(engine => engine.count({ ...question, words: parseQuery(q) }))
  return value.total.value > total.value ? { q, total: value.total, applied } : null
}
