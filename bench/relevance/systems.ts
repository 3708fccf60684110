import { sql } from 'kysely'
import { findOpenSearch, startOpenSearch } from '../../infra/local/opensearch/opensearch.ts'
import { createOpenSearch, type OpenSearch } from '../../origin/adapters/opensearch.ts'
import type { Context } from '../../origin/context.ts'
import { importPosts } from '../../origin/posts/import.ts'
import { selectPosts } from '../../origin/posts/rows.ts'
import type { SearchEngine } from '../../origin/search/engine.ts'
import { documentOf } from '../../origin/search/opensearch/document.ts'
import { createOpenSearchEngine } from '../../origin/search/opensearch/engine.ts'
import { indexDefinition } from '../../origin/search/opensearch/mapping.ts'
import { createPostgresEngine } from '../../origin/search/postgres/engine.ts'
import { parseQuery } from '../../origin/search/query.ts'
import { refreshStatistics } from '../../origin/search/statistics.ts'
import { SearchQuery } from '../../shared/search.ts'
import { insertSeller, withDatabase } from '../database.ts'
import { adBytes, hasAds, readAds } from './ads.ts'
import { createBm25, createTsRank } from './baselines.ts'
import type { ShownAd } from './sheets.ts'

/** What answers a query with the ids of ads, best first. */
export type System = { name: string; find: (q: string, k: number) => Promise<string[]> }
export type Bench = { systems: System[]; ads: Map<string, ShownAd> }
type Stores = Pick<Context, 'db' | 'region' | 'now'>

/** The moment of every run, so that ages, and with them scores, are the same in each. */
const moment = new Date('2026-11-30T12:00:00Z')

/**
 * Imports the real ads, as the import verb does, into a Postgres and an OpenSearch of its own, and runs some work over our two
 * engines and the two baselines. Where the ads, Java or Maven are missing, it says so in one line and does nothing.
 */
export async function withSystems(work: (bench: Bench) => Promise<void>): Promise<void> {
  if (!hasAds()) {
    console.log('Relevance not measured: the real ads are not at hand (../shared/data/listings.ndjson).')
    return
  }
  const found = await findOpenSearch()
  if ('missing' in found) {
    console.log(`Relevance not measured: no OpenSearch to compare with, as ${found.missing}.`)
    return
  }
  const node = await startOpenSearch(found)
  const openSearch = createOpenSearch({ url: node.url })
  try {
    await withDatabase(async origin => {
      const ctx = { ...origin, now: () => moment }
      await importPosts(ctx, await insertSeller(ctx), adBytes())
      await sql`ANALYZE posts`.execute(ctx.db)
      await refreshStatistics(ctx)
      const posts = await readPosts(ctx)
      const systems = [
        engineSystem(createPostgresEngine(ctx), posts),
        engineSystem(await createFilledEngine(ctx, openSearch), posts),
        await createBm25(node.url, posts),
        await createTsRank(ctx.db),
      ]
      await work({ systems, ads: shownAds(posts) })
    })
  } finally {
    await openSearch.close()
    await node.stop()
  }
}

/** A post that came of an ad, with the ad's id. */
export type ImportedPost = Awaited<ReturnType<typeof readPosts>>[number]

function readPosts({ db }: Stores) {
  return db
    .selectFrom('posts')
    .select(['id', 'title', 'description', 'category'])
    .select(eb => eb.ref('external_id').$notNull().as('ad'))
    .orderBy('external_id')
    .execute()
}

/** Our OpenSearch engine over an index of all posts. */
async function createFilledEngine({ db, region }: Stores, openSearch: OpenSearch): Promise<SearchEngine> {
  const alias = 'posts'
  await openSearch.createIndex(alias, indexDefinition({ replicas: 0 }))
  const rows = await selectPosts(db).orderBy('posts.id').execute()
  for (let from = 0; from < rows.length; from += 1_000) {
    const writes = rows.slice(from, from + 1_000).map(row => ({ id: row.id, version: 1, document: documentOf(row) }))
    const results = await openSearch.bulk(alias, writes)
    const failed = results.find(({ result }) => result !== 'written')
    if (failed) throw new Error(`Cannot index post "${failed.id}": ${failed.reason}`)
  }
  await openSearch.refresh(alias)
  return createOpenSearchEngine({ openSearch, region, alias })
}

function engineSystem(engine: SearchEngine, posts: readonly ImportedPost[]): System {
  const ads = new Map(posts.map(({ id, ad }) => [id, ad]))
  return {
    name: engine.name,
    async find(q, k) {
      const filters = SearchQuery.parse({ q })
      const asked = { filters, words: parseQuery(q), sort: 'relevance', currency: 'USD', at: moment } as const
      const { hits } = await engine.find({ ...asked, limit: k, after: undefined })
      return hits.map(({ id }) => ads.get(id) ?? id)
    },
  }
}

/** The ads as judges see them: their own words, with the category that the import gave them. */
function shownAds(posts: readonly ImportedPost[]): Map<string, ShownAd> {
  const ads = readAds()
  return new Map(
    posts.flatMap(({ ad, category }) => {
      const own = ads.get(ad)
      return own ? [[ad, { ...own, category }] as const] : []
    }),
  )
}
