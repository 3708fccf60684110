import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import pg from 'pg'
import { createOpenSearch, type OpenSearch } from '../origin/adapters/opensearch.ts'
import { createApp } from '../origin/app.ts'
import type { Context } from '../origin/context.ts'
import { currencyFor } from '../origin/posts/default-currency.ts'
import type { Question, SearchEngine } from '../origin/search/engine.ts'
import { reindex } from '../origin/search/indexing/reindexing.ts'
import { createOpenSearchEngine } from '../origin/search/opensearch/engine.ts'
import { aliasOf } from '../origin/search/opensearch/names.ts'
import { createPostgresEngine } from '../origin/search/postgres/engine.ts'
import { hasWords, parseQuery } from '../origin/search/query.ts'
import { refreshStatistics } from '../origin/search/statistics.ts'
import { someVisitor } from '../origin/testing/harness.ts'
import { apiPrefix } from '../shared/api.ts'
import { signRequest } from '../shared/edge-signature.ts'
import { internalHeaders, requestIdHeader } from '../shared/headers.ts'
import { SearchQuery } from '../shared/search.ts'
import { encodeVisitor } from '../shared/visitor.ts'
import type { Origin } from './database.ts'
import { insertSearchCrowd } from './search-crowd.ts'

type Engine = SearchEngine['name']

/** An origin with generated posts, asked as the edge asks it, and its engines asked alone. */
export type Stand = {
  /** Processes that serve it, with what they start. */
  servers: number[]
  /** Sends a signed request to the origin's app. @throws {Error} when it is not answered with 200 by that engine */
  get: (engine: Engine, path: string) => Promise<void>
  /** Gives what puts the very requests of that engine's first page and counts to it again, as they were sent, and nothing else. */
  engineAlone: (engine: Engine, question: string) => Promise<() => Promise<void>>
}

const edgeKey = 'the key between edge and origin of the benches'

/** Fills a database, and an index in the node where there is one. */
export async function makeStand(
  origin: Origin,
  lines: readonly string[],
  count: number,
  node: { url: string; pid: number } | undefined,
): Promise<Stand> {
  console.log(`generating ${count} posts`)
  await insertSearchCrowd(origin, lines, count)
  await sql`VACUUM ANALYZE posts`.execute(origin.db)
  await refreshStatistics(origin)
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(origin.db)
  const openSearch = node && createOpenSearch({ url: node.url })
  const alias = aliasOf(origin.region)
  if (openSearch) await reindex({ ...origin, openSearch, alias }, { replicas: 0 })
  const apps = { postgres: appOf(origin, undefined), opensearch: appOf(origin, node?.url) }
  return {
    servers: [parentOf(rows[0]?.pid ?? 0), ...(node ? [node.pid] : [])],
    get,
    async engineAlone(engine, question) {
      await warmUp(engine, question)
      const asked = questionOf(origin, question)
      return engine === 'postgres' ? statementsOf(origin, asked) : requestsOf(origin, openSearch as OpenSearch, asked)
    },
  }

  async function get(engine: Engine, path: string): Promise<void> {
    const response = await apps[engine].request(...(await signed(origin, path)))
    const body = (await response.json()) as { engine?: string }
    if (response.status !== 200 || (body.engine ?? engine) !== engine)
      throw new Error(`Cannot bench ${path}: ${response.status} by ${body.engine}`)
  }

  /** A node that has just been filled is slower than the origin has patience for. */
  async function warmUp(engine: Engine, question: string): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      if (
        await get(engine, `/search?${question}`).then(
          () => true,
          () => false,
        )
      )
        return
      await sleep(1_000)
    }
  }
}

/** The statements of a page and its counts, without those that read the query. */
async function statementsOf(origin: Origin, asked: Question): Promise<() => Promise<void>> {
  const statements: CompiledQuery[] = []
  const query = pg.Client.prototype.query
  pg.Client.prototype.query = function (this: pg.Client, ...args: [string, unknown[]]) {
    if (/^\s*SELECT (id, key|facet, value)/.test(args[0])) statements.push(CompiledQuery.raw(args[0], args[1]))
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    await askBoth(createPostgresEngine(origin), asked)
  } finally {
    pg.Client.prototype.query = query
  }
  if (statements.length < 2) throw new Error(`Cannot bench ${asked.filters.q}: not all statements were seen`)
  return async () => void (await Promise.all(statements.map(statement => origin.db.executeQuery(statement))))
}

/** The searches of a page and its counts, without those that read the query. */
async function requestsOf({ region }: Origin, openSearch: OpenSearch, asked: Question): Promise<() => Promise<void>> {
  const requests: Parameters<OpenSearch['search']>[] = []
  const recording: OpenSearch = {
    ...openSearch,
    search: (...request) => {
      requests.push(request)
      return openSearch.search(...request)
    },
  }
  await askBoth(createOpenSearchEngine({ openSearch: recording, region, alias: aliasOf(region) }), asked)
  return async () => void (await Promise.all(requests.map(request => openSearch.search(...request))))
}

async function askBoth(engine: SearchEngine, asked: Question): Promise<void> {
  await Promise.all([engine.find(asked), engine.count(asked)])
}

function questionOf({ region, now }: Origin, question: string): Question {
  const filters = SearchQuery.parse(Object.fromEntries(new URLSearchParams(question)))
  const words = parseQuery(filters.q)
  const sort = filters.sort === 'relevance' && !hasWords(words) ? 'newest' : filters.sort
  const currency = currencyFor(region, { ...filters, sort: 'newest' }, someVisitor)
  return { filters, words, sort, currency, at: now(), limit: filters.limit, after: undefined }
}

/** An app that searches; what else it would need for other routes is not there. */
function appOf(origin: Origin, openSearchUrl: string | undefined): ReturnType<typeof createApp> {
  const config = { region: origin.region, keys: { edge: edgeKey }, openSearchUrl }
  return createApp({ ...origin, config } as unknown as Context)
}

async function signed({ region, now }: Origin, path: string): Promise<[string, RequestInit]> {
  const target = apiPrefix + path
  const headers = new Headers({ [requestIdHeader]: crypto.randomUUID() })
  headers.set(internalHeaders.region, region)
  headers.set(internalHeaders.visitor, encodeVisitor(someVisitor))
  const parts = { method: 'GET', target, headers, body: null }
  headers.set(internalHeaders.signature, await signRequest(edgeKey, region, parts, now().getTime()))
  return [target, { headers }]
}

function parentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
}
