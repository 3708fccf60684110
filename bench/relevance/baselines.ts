import { type Kysely, sql } from 'kysely'
import type { Database } from '../../origin/db/schema.ts'
import type { ImportedPost, System } from './systems.ts'

/**
 * Plain BM25: one text field of title and description in an OpenSearch index of one shard, its `english` analyzer, its defaults
 * of k1 and b, a `match` of any word.
 */
export async function createBm25(url: string, posts: readonly ImportedPost[]): Promise<System> {
  const index = `${url}/plain-bm25`
  const text = { type: 'text', analyzer: 'english' }
  const mappings = { properties: { ad: { type: 'keyword' }, text } }
  await ask('PUT', index, { settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings })
  for (let from = 0; from < posts.length; from += 1_000) {
    const lines = posts
      .slice(from, from + 1_000)
      .flatMap(({ ad, title, description }) => [{ index: { _id: ad } }, { ad, text: `${title}\n${description}` }])
    const answer = await ask('POST', `${index}/_bulk`, `${lines.map(line => JSON.stringify(line)).join('\n')}\n`)
    if (answer.errors) throw new Error('Cannot index the ads for plain BM25')
  }
  await ask('POST', `${index}/_forcemerge?max_num_segments=1`)
  await ask('POST', `${index}/_refresh`)
  return {
    name: 'bm25',
    async find(q, k) {
      const query = { match: { text: { query: q } } }
      const sort = [{ _score: 'desc' }, { ad: 'asc' }]
      const answer = await ask('POST', `${index}/_search`, { query, sort, size: k, _source: false })
      return answer.hits.hits.map(({ _id }) => _id)
    },
  }
}

/** Plain `ts_rank`: the stock `english` configuration over title and description, any of the query's lexemes, default weights. */
export async function createTsRank(db: Kysely<Database>): Promise<System> {
  await sql`CREATE TABLE plain_ts_rank AS
    SELECT external_id AS ad, to_tsvector('english', title || ' ' || description) AS text FROM posts`.execute(db)
  return {
    name: 'ts_rank',
    async find(q, k) {
      const { rows } = await sql<{ ad: string }>`
        WITH asked AS (
          SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS query
          FROM unnest(tsvector_to_array(to_tsvector('english', ${q}))) AS lexeme
        )
        SELECT ad FROM plain_ts_rank, asked WHERE text @@ query
        ORDER BY ts_rank(text, query) DESC, ad LIMIT ${k}`.execute(db)
      return rows.map(({ ad }) => ad)
    },
  }
}

type Answer = { errors?: boolean; hits: { hits: { _id: string }[] } }

async function ask(method: string, url: string, body?: object | string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`Cannot ask OpenSearch: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}
