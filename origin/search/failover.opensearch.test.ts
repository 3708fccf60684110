import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOpenSearch, type Programs, startOpenSearch } from '../../infra/local/opensearch/opensearch.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { type Indexing, indexingOf } from './indexing/indexes.ts'
import { ensureIndex } from './indexing/reindexing.ts'
import { refreshStatistics } from './statistics.ts'

/** A node may start while the rest of the machine is busy. */
const patient = { timeout: 240_000 }
const home = mkdtempSync(path.join(tmpdir(), 'classifyhub-failover-'))
let programs: Programs
let node: Awaited<ReturnType<typeof startOpenSearch>>
let na: TestOrigin

beforeAll(async () => {
  programs = (await findOpenSearch()) as Programs
  node = await startOpenSearch(programs, { home, port: 0 })
  na = await createTestOrigin({ openSearchUrl: node.url })
  const account = await na.createAccount()
  for (const title of ['Red bike', 'Blue bike', 'Green bike']) await createTestPost(na, account, 'active', { title })
  await refreshStatistics(na.ctx)
  await ensureIndex(indexingOf(na.ctx) as Indexing)
}, patient.timeout)
afterAll(async () => {
  await node?.stop()
  await na?.ctx.openSearch?.client.close()
  rmSync(home, { recursive: true, force: true })
})

const search = async () => {
  const { engine, degraded, items, total } = (await na.request('GET', '/search?q=bike')).body
  return { engine, degraded, found: items.length, total: total.value }
}
const well = { engine: 'opensearch', degraded: false, found: 3, total: 3 }
const instead = { engine: 'postgres', degraded: true, found: 3, total: 3 }
const heals = () => expect.poll(search, { timeout: 60_000, interval: 200 }).toEqual(well)

describe('a real OpenSearch that fails', patient, () => {
  it('answers nothing for a while: Postgres does, and then it does again', async () => {
    await heals()
    process.kill(node.pid, 'SIGSTOP')
    try {
      for (let i = 0; i < 5; i++) expect(await search()).toEqual(instead)
    } finally {
      process.kill(node.pid, 'SIGCONT')
    }
    await heals()
  })

  it('is killed and comes back with its data: no search goes without an answer', async () => {
    await heals()
    process.kill(node.pid, 'SIGKILL')
    await node.stop()
    for (let i = 0; i < 5; i++) expect(await search()).toEqual(instead)
    node = await startOpenSearch(programs, { home, port: Number(new URL(node.url).port) })
    await heals()
  })

  it('loses its index: Postgres answers until there is a new one', async () => {
    await heals()
    const { client, alias } = na.ctx.openSearch ?? {}
    for (const index of (await client?.indexesOf(alias ?? '')) ?? []) await client?.deleteIndex(index)
    expect(await search()).toEqual(instead)
    await ensureIndex(indexingOf(na.ctx) as Indexing)
    await heals()
  })
})
