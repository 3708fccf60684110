import type { Client } from '@opensearch-project/opensearch'

/** What the engine is asked, and what it says, as its REST interface has it; the callers know the forms. */
// biome-ignore lint/suspicious/noExplicitAny: the bodies have no useful type
type Json = Record<string, any>

export type SearchHit = { _id: string; _score: number | null; sort?: (number | string)[]; _source?: Json }
export type SearchResponse = {
  hits: { total: { value: number; relation: 'eq' | 'gte' }; hits: SearchHit[] }
  aggregations?: Record<string, Json>
}

/** A document as it is stored, with its external version. */
export type StoredDocument = { id: string; version: number; document: Json }

/**
 * One write by external version. `document` replaces what is stored if `version` is greater (`orEqual`: or the same);
 * without a document the stored one is deleted, of which the version is only known for the index's `gc_deletes`.
 */
export type BulkWrite = { id: string; version: number; document?: Json; orEqual?: boolean }
/** `older`: what is stored is as new or newer, and stays. */
export type BulkResult = { id: string; result: 'written' | 'older' | 'failed'; reason?: string }

export type AliasAction = { add: { index: string; alias: string } } | { remove: { index: string; alias: string } }

/**
 * `missing`: no such index or alias; `malformed`: what was asked cannot be (400), whoever would answer it; `refused`: any other answer
 * that says no; `timeout` and `unreachable`: no answer.
 */
export type OpenSearchFault = 'missing' | 'malformed' | 'refused' | 'timeout' | 'unreachable'

/** Why OpenSearch did not do what was asked; the message says what that was. */
export class OpenSearchError extends Error {
  readonly fault: OpenSearchFault
  constructor(fault: OpenSearchFault, message: string) {
    super(message)
    this.fault = fault
  }
}

/** Documents by id, searched: the part of OpenSearch that we use. Every call throws OpenSearchError. */
export type OpenSearch = {
  /** @param preference searches that name the same one are answered by the same copies of the data, and score alike */
  search: (index: string, body: Json, options?: { preference?: string }) => Promise<SearchResponse>
  count: (index: string, query?: Json) => Promise<number>
  /**
   * Reads a text with an analyzer, and tells of each word where it begins and how many documents have it, at most in one of the
   * fields. A word that the analyzer leaves out is not among them.
   */
  frequenciesOf: (
    index: string,
    asked: { text: string; fields: readonly string[]; analyzer: string },
  ) => Promise<{ start: number; documents: number }[]>
  /**
   * Finds words of a field that are nearly spelled as some words are, by the word that was asked for; the first letter may differ.
   * @param words each with the edits that it may lie away, 1 or 2
   */
  similarWords: (
    index: string,
    asked: { field: string; words: readonly { word: string; edits: number }[] },
  ) => Promise<Map<string, { word: string; documents: number }[]>>
  /**
   * Writes many at once.
   * @param alias `index` must be an alias: else a write to one that is missing would make an index of that name, with any mapping
   * @param refresh `wait_for`: answers when all can be found; `true`: makes that so at once (tests)
   */
  bulk: (
    index: string,
    writes: readonly BulkWrite[],
    options?: { alias?: boolean; refresh?: 'wait_for' | true },
  ) => Promise<BulkResult[]>
  /** The newest state, whether or not it can be found yet. @returns those that are there, deleted ones left out */
  get: (index: string, ids: readonly string[]) => Promise<StoredDocument[]>
  /**
   * Walks over all documents as they were when the walk began, a page at a time, in no order that means anything.
   * @param fields parts of the documents that are wanted; all where none is named, `[]` for ids and versions alone
   */
  walk: (
    index: string,
    options?: { query?: Json; size?: number; fields?: readonly string[] },
  ) => AsyncGenerator<StoredDocument[]>
  createIndex: (index: string, definition: Json) => Promise<void>
  /** Nothing happens when there is none. */
  deleteIndex: (index: string) => Promise<void>
  /** Names of indexes by a pattern with `*`, sorted. */
  listIndexes: (pattern: string) => Promise<string[]>
  /** The indexes behind an alias, none when it does not exist. */
  indexesOf: (alias: string) => Promise<string[]>
  /** All of the actions at once, or none. */
  updateAliases: (actions: readonly AliasAction[]) => Promise<void>
  changeSettings: (index: string, settings: Json) => Promise<void>
  /** Makes all that was written findable. */
  refresh: (index: string) => Promise<void>
  close: () => Promise<void>
}

type Call = { what: string; method: string; path: string; query?: Json; body?: Json; lines?: Json[] }

/** How long a walk's view is kept between two pages. */
const keepAlive = '2m'

/** Whatever is near, however common it is or the word that was asked for, at its first letter too. */
const anyNear = {
  suggest_mode: 'always',
  prefix_length: 0,
  string_distance: 'damerau_levenshtein',
  size: 20,
  shard_size: 100,
}

/**
 * Reaches an OpenSearch. The SDK is loaded with the first call, and never retries: who calls knows whether to.
 * @param url with credentials before the host where it asks for them
 * @param timeout milliseconds that a call may take
 */
export function createOpenSearch({ url, timeout = 30_000 }: { url: string; timeout?: number }): OpenSearch {
  let client: Promise<Client> | undefined

  return {
    search: (index, body, { preference } = {}) =>
      call({
        what: `search ${index}`,
        method: 'POST',
        path: `/${index}/_search`,
        query: { ...(preference !== undefined && { preference }), allow_partial_search_results: false },
        body,
      }),
    count: async (index, query = { match_all: {} }) =>
      (await call({ what: `count in ${index}`, method: 'POST', path: `/${index}/_count`, body: { query } })).count,

    async frequenciesOf(index, { text, fields, analyzer }) {
      const each = (value: string) => Object.fromEntries(fields.map(field => [field, value]))
      const { term_vectors: vectors = {} } = await call({
        what: `count words in ${index}`,
        method: 'POST',
        path: `/${index}/_termvectors`,
        body: {
          doc: each(text),
          per_field_analyzer: each(analyzer),
          fields,
          term_statistics: true,
          field_statistics: false,
        },
      })
      const found = new Map<number, number>()
      for (const { terms } of Object.values(vectors as Record<string, Json>)) {
        for (const { doc_freq: documents = 0, tokens = [] } of Object.values(terms as Record<string, Json>)) {
          for (const { start_offset: start } of tokens) found.set(start, Math.max(found.get(start) ?? 0, documents))
        }
      }
      return Array.from(found, ([start, documents]) => ({ start, documents }))
    },

    async similarWords(index, { field, words }) {
      if (words.length === 0) return new Map()
      const like = { field, ...anyNear }
      const each = words.map(({ word, edits }) => ({ text: word, term: { ...like, max_edits: edits } }))
      const body = { size: 0, suggest: Object.fromEntries(each.map((one, i) => [i, one])) }
      const path = `/${index}/_search`
      const { suggest } = await call({ what: `look for similar words in ${index}`, method: 'POST', path, body })
      return new Map(
        words.map(({ word }, i) => {
          const found: Json[] = suggest[i]?.[0]?.options ?? []
          return [word, found.map(({ text, freq }) => ({ word: text, documents: freq }))] as const
        }),
      )
    },

    async bulk(index, writes, { alias = false, refresh } = {}) {
      if (writes.length === 0) return []
      const { items } = await call({
        what: `write to ${index}`,
        method: 'POST',
        path: `/${index}/_bulk`,
        query: { require_alias: alias, ...(refresh !== undefined && { refresh }) },
        lines: writes.flatMap(linesOf),
      })
      return writes.map(({ id }, i) => ({ id, ...resultOf(items[i]) }))
    },

    async get(index, ids) {
      if (ids.length === 0) return []
      const { docs } = await call({
        what: `read from ${index}`,
        method: 'POST',
        path: `/${index}/_mget`,
        body: { ids },
      })
      const fault = docs.find((doc: Json) => doc.error)?.error
      if (fault) throw new OpenSearchError(faultOf(fault.type), `Cannot read from ${index}: ${fault.reason}`)
      return docs.filter((doc: Json) => doc.found).map(storedOf)
    },

    async *walk(index, { query = { match_all: {} }, size = 1_000, fields } = {}) {
      const open = { what: `walk over ${index}`, path: `/${index}/_search/point_in_time` }
      let { pit_id: id } = await call({ ...open, method: 'POST', query: { keep_alive: keepAlive } })
      const source = fields === undefined ? {} : { _source: fields.length > 0 ? fields : false }
      const asked = { size, query, version: true, ...source, sort: [{ _shard_doc: 'asc' }], track_total_hits: false }
      let after: unknown[] | undefined
      try {
        for (;;) {
          const body = { ...asked, pit: { id, keep_alive: keepAlive }, ...(after && { search_after: after }) }
          const page = await call({ what: `walk over ${index}`, method: 'POST', path: '/_search', body })
          id = page.pit_id ?? id
          const { hits } = page.hits
          if (hits.length > 0) yield hits.map(storedOf)
          if (hits.length < size) return
          after = hits.at(-1).sort
        }
      } finally {
        const path = '/_search/point_in_time'
        await call({ what: `end the walk over ${index}`, method: 'DELETE', path, body: { pit_id: [id] } }).catch(
          () => {},
        )
      }
    },

    createIndex: async (index, definition) => {
      await call({ what: `create ${index}`, method: 'PUT', path: `/${index}`, body: definition })
    },
    deleteIndex: async index => {
      await call({ what: `delete ${index}`, method: 'DELETE', path: `/${index}` }).catch(unless('missing'))
    },
    async listIndexes(pattern) {
      const asked = call({ what: `list ${pattern}`, method: 'GET', path: `/${pattern}/_settings` })
      return Object.keys((await asked.catch(unless('missing'))) ?? {}).sort()
    },
    async indexesOf(alias) {
      const asked = call({ what: `look up ${alias}`, method: 'GET', path: `/_alias/${alias}` })
      return Object.keys((await asked.catch(unless('missing'))) ?? {}).sort()
    },
    updateAliases: async actions => {
      await call({ what: 'change aliases', method: 'POST', path: '/_aliases', body: { actions } })
    },
    changeSettings: async (index, settings) => {
      await call({ what: `set up ${index}`, method: 'PUT', path: `/${index}/_settings`, body: settings })
    },
    refresh: async index => {
      await call({ what: `refresh ${index}`, method: 'POST', path: `/${index}/_refresh` })
    },
    close: async () => {
      await (await client)?.close()
    },
  }

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the form of its answer
  async function call({ what, method, path, query, body, lines }: Call): Promise<any> {
    const { Client } = await import('@opensearch-project/opensearch')
    client ??= Promise.resolve(new Client({ node: url, maxRetries: 0 }))
    const params = {
      method,
      path,
      ...(query && { querystring: query }),
      ...(lines ? { bulkBody: lines } : body && { body }),
    }
    const sent = (await client).transport.request(params, { requestTimeout: timeout, maxRetries: 0 })
    try {
      return (await sent).body
    } catch (error) {
      throw explain(what, error)
    }
  }
}

function linesOf({ id, version, document, orEqual = false }: BulkWrite): Json[] {
  const meta = { _id: id, version, version_type: orEqual ? 'external_gte' : 'external' }
  return document ? [{ index: meta }, document] : [{ delete: meta }]
}

function resultOf(item: Json | undefined): Omit<BulkResult, 'id'> {
  const { status = 0, error } = item?.index ?? item?.delete ?? {}
  if (status === 409) return { result: 'older' }
  // A delete of what is not there has still kept its version.
  if (status < 300 || (status === 404 && !error)) return { result: 'written' }
  return { result: 'failed', reason: `${error?.type}: ${error?.reason} (${status})` }
}

function storedOf({ _id, _version, _source = {} }: Json): StoredDocument {
  return { id: _id, version: _version, document: _source }
}

function unless(fault: OpenSearchFault): (error: unknown) => undefined {
  return error => {
    if (!(error instanceof OpenSearchError && error.fault === fault)) throw error
    return undefined
  }
}

function faultOf(type: string | undefined, status?: number): OpenSearchFault {
  if (type === 'index_not_found_exception' || type === 'aliases_not_found_exception') return 'missing'
  return status === 400 ? 'malformed' : 'refused'
}

/** The client's errors by their names: their classes are loaded with it. They hold credentials, so none becomes a cause. */
function explain(what: string, error: unknown): OpenSearchError {
  const { name, message, statusCode, body } = error as Error & { statusCode?: number; body?: Json }
  if (name === 'TimeoutError') return new OpenSearchError('timeout', `Cannot ${what}: no answer in time`)
  if (name !== 'ResponseError') return new OpenSearchError('unreachable', `Cannot ${what}: ${message}`)
  const { type, reason } = rootOf(body?.error)
  const fault = statusCode === 404 && type === undefined ? 'missing' : faultOf(type, statusCode)
  const said = [type, reason ?? message].filter(Boolean).join(': ')
  return new OpenSearchError(fault, `Cannot ${what}: ${said} (${statusCode})`)
}

/** Some errors are a text alone; those of shards lie one level deeper. */
function rootOf(error: Json | string | undefined): { type?: string; reason?: string } {
  if (typeof error !== 'object') return error === undefined ? {} : { reason: error }
  return error.root_cause?.[0] ?? error
}
