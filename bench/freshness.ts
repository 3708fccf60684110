import { mkdirSync, writeFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { findOpenSearch, startOpenSearch } from '../infra/local/opensearch/opensearch.ts'
import { createOpenSearch } from '../origin/adapters/opensearch.ts'
import { startConsumer } from '../origin/consumer.ts'
import type { Context } from '../origin/context.ts'
import { connect } from '../origin/db/connect.ts'
import { createLog } from '../origin/log.ts'
import { startRelay } from '../origin/relay.ts'
import { indexingOf } from '../origin/search/indexing/indexes.ts'
import { ensureIndex } from '../origin/search/indexing/reindexing.ts'
import { insertCrowd } from '../origin/testing/crowd.ts'
import { measureFreshness } from '../origin/testing/freshness.ts'
import setup, { createDatabase } from '../origin/testing/postgres.ts'
import { createTestQueues } from '../origin/testing/queues.ts'
import { insertSeller } from './database.ts'

/*
 * `node bench/freshness.ts [RATE] [SECONDS]`: how long it takes from the commit of a change until a search in a real OpenSearch
 * finds it, through relay, queue and worker, at 50 writes a second. Promise: 99 of 100 within 2 s. Writes
 * bench/results/freshness.json.
 */
const promise = 2_000
const [rate = 50, seconds = 60] = process.argv.slice(2).map(Number)
const posts = 20_000

const found = await findOpenSearch()
if ('missing' in found) {
  console.log(`Not measured: ${found.missing}.`)
  process.exit(0)
}
let postgresUrl = ''
const provide = (_: string, value: string) => {
  postgresUrl = value
}
const stopPostgres = await setup({ provide } as unknown as TestProject)
const node = await startOpenSearch(found)
const stand = await createTestQueues()
const database = { url: await createDatabase(postgresUrl), driver: 'pg', wsProxy: undefined, pool: 10 } as const
const db = await connect({ ...database, onError() {} })
try {
  const openSearch = { client: createOpenSearch({ url: node.url }), alias: 'bench-posts' }
  const now = () => new Date()
  const config = { database, aws: stand.settings('na'), stopWithin: 5 }
  const ctx = { db, now, openSearch, config, region: 'na', log: createLog('warn') } as unknown as Context
  await insertCrowd(db, 'na', await insertSeller(ctx), posts, now())
  const indexing = indexingOf(ctx)
  if (!indexing) throw new Error('Cannot measure without OpenSearch')
  await ensureIndex(indexing)
  const loops = [startRelay(ctx, stand.of('na')), startConsumer(ctx, stand.of('na'), { only: ['index'] })]
  await measureFreshness(indexing, { rate, seconds: 5 }) // warms up
  const delays = await measureFreshness(indexing, { rate, seconds })
  await Promise.all(loops.map(loop => loop.stop()))
  await openSearch.client.close()
  report(delays)
} finally {
  await db.destroy()
  await stand.close()
  await node.stop()
  await stopPostgres()
}

function report(delays: readonly number[]): void {
  const shares = [0.5, 0.9, 0.99, 0.999, 1]
  const results = shares.map(share => ({ share, ms: Math.round(delays[Math.ceil(delays.length * share) - 1] ?? 0) }))
  console.log(`${delays.length} changes at ${rate} a second, ${posts} posts, by the clock\n`)
  for (const { share, ms } of results) console.log(`${`p${share * 100}`.padStart(6)} ${`${ms}`.padStart(6)} ms`)
  const kept = (results.find(({ share }) => share === 0.99)?.ms ?? promise) < promise
  console.log(`\np99 promised under ${promise} ms: ${kept ? 'kept' : 'BROKEN'}`)
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  const json = JSON.stringify({ promise, rate, seconds, posts, results }, null, 2)
  writeFileSync(new URL('results/freshness.json', import.meta.url), `${json}\n`)
  if (!kept) process.exitCode = 1
}
