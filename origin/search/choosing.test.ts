import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { refreshStatistics } from './statistics.ts'

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** What an OpenSearch does that finds two posts, and those that it may do instead. */
const ids: string[] = []
const well: Behaviour = (_, response) =>
  answer(response, 200, {
    hits: { total: { value: 30, relation: 'eq' }, hits: ids.map((id, i) => ({ _id: id, sort: [9 - i, id] })) },
    aggregations: { total: { doc_count: 30 } },
    term_vectors: {},
  })
const slow: Behaviour = () => {}
const broken: Behaviour = request => request.socket.destroy()
const withoutIndex: Behaviour = (_, response) =>
  answer(response, 404, { error: { type: 'index_not_found_exception', reason: 'no such index' }, status: 404 })

const unreadable: Behaviour = (_, response) =>
  answer(response, 400, { error: { type: 'illegal_argument_exception', reason: 'failed to parse' }, status: 400 })
const overloaded: Behaviour = (_, response) =>
  answer(response, 429, { error: { type: 'rejected_execution_exception', reason: 'queue is full' }, status: 429 })

let behave: Behaviour = well
let asked = 0
const server = createServer((request, response) => {
  asked++
  behave(request, response)
})

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

let na: TestOrigin
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  na = await createTestOrigin({ openSearchUrl: `http://127.0.0.1:${port}` })
  const account = await na.createAccount()
  for (const title of ['Red bike', 'Blue bike', 'Green bike'])
    ids.push((await createTestPost(na, account, 'active', { title })).id)
  await refreshStatistics(na.ctx)
  ids.pop()
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const search = async (query = 'q=bike') => (await na.request('GET', `/search?${query}`)).body
const heal = async () => {
  behave = well
  await expect.poll(async () => (await search()).engine, { timeout: 15_000, interval: 100 }).toBe('opensearch')
}
beforeEach(heal)

describe('createAsk', () => {
  it('asks OpenSearch where there is one', async () => {
    const { engine, degraded, items, total } = await search()
    expect({ engine, degraded }).toEqual({ engine: 'opensearch', degraded: false })
    expect(items.map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(total).toEqual({ value: 30, relation: 'eq' })
  })

  it.each([
    ['is broken', broken],
    ['is slow', slow],
    ['has no index', withoutIndex],
    ['has too much to do', overloaded],
  ])('asks Postgres when OpenSearch %s, and says so; comes back by itself', { timeout: 60_000 }, async (_, fault) => {
    behave = fault
    for (let i = 0; i < 5; i++) {
      const { engine, degraded, items } = await search()
      expect({ engine, degraded }).toEqual({ engine: 'postgres', degraded: true })
      expect(items).toHaveLength(3)
    }
    await heal()
    expect((await search()).degraded).toBe(false)
  })

  it('has Postgres answer what OpenSearch cannot read, and goes on asking that', async () => {
    behave = unreadable
    for (let i = 0; i < 5; i++) expect((await search()).engine).toBe('postgres')
    behave = well
    expect(await search()).toMatchObject({ engine: 'opensearch', degraded: false })
  })

  it('leaves OpenSearch alone after three failures in a row', async () => {
    behave = broken
    for (let i = 0; i < 3; i++) await search()
    const before = asked
    for (let i = 0; i < 10; i++) await search()
    // But for now and then one question that tries it.
    expect(asked - before).toBeLessThan(5)
  })

  it('refuses a cursor of OpenSearch while that is away, takes it afterwards, and goes on with one of Postgres', async () => {
    const { nextCursor: own } = await search('q=bike&limit=1')
    behave = broken
    const refused = await na.request('GET', `/search?q=bike&limit=1&cursor=${own}`)
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_cursor'])
    const { nextCursor: other } = await search('q=bike&limit=1')
    expect(await search(`q=bike&limit=1&cursor=${other}`)).toMatchObject({ engine: 'postgres', degraded: true })
    await heal()
    expect(await search(`q=bike&limit=1&cursor=${own}`)).toMatchObject({ engine: 'opensearch', degraded: false })
    expect(await search(`q=bike&limit=1&cursor=${other}`)).toMatchObject({ engine: 'postgres', degraded: true })
  })

  it('does not take the fault of a question for one of OpenSearch', async () => {
    for (let i = 0; i < 4; i++) {
      expect((await na.request('GET', '/search?q=bike&attr.brand=trek')).status).toBe(422)
    }
    expect((await search()).engine).toBe('opensearch')
  })
})
