import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { analyzers } from '../search/opensearch/analysis.ts'
import { documentOf, type IndexedRow, tombstone } from '../search/opensearch/document.ts'
import { languages } from '../search/opensearch/languages.ts'
import { indexDefinition } from '../search/opensearch/mapping.ts'
import { aliasOf, indexNameOf, indexPatternOf } from '../search/opensearch/names.ts'
import { createOpenSearch, type OpenSearch, type OpenSearchError, type StoredDocument } from './opensearch.ts'

const prefix = `adapter-${process.pid}`
const alias = aliasOf('na', prefix)
const index = indexNameOf(alias, new Date('2026-01-02T03:04:05.678Z'))
let engine: OpenSearch
beforeAll(async () => {
  engine = createOpenSearch({ url: inject('openSearchUrl') })
  await engine.createIndex(index, indexDefinition({ replicas: 0 }))
  await engine.updateAliases([{ add: { index, alias } }])
})
afterAll(async () => {
  await engine.deleteIndex(index)
  await engine.close()
})

const row = (id: string, title: string): IndexedRow => ({
  id,
  account_id: 'na_0account',
  title,
  description: 'Some words',
  category: 'bicycles',
  top_category: 'bikes',
  category_words: 'Bikes Bicycles',
  price_amount: '18000',
  price_currency: 'USD',
  condition: 'good',
  attributes: { brand: 'GAZELLE İ', gears: 7, electric: true },
  country: 'US',
  subdivision: 'US-NY',
  public_lat: 40.71,
  public_lon: -74.01,
  status: 'active',
  seller_hidden: false,
  published_at: new Date(1_000),
  bumped_at: new Date(2_000),
  expires_at: new Date(3_000),
})
const write = (id: string, version: number) => ({ id, version, document: documentOf(row(id, `bikes ${version}`)) })
const walked = async (fields?: string[]) => {
  const all: StoredDocument[] = []
  for await (const page of engine.walk(alias, { size: 2, ...(fields && { fields }) })) all.push(...page)
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
const faultOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    (error: OpenSearchError) => error.fault,
  )

describe('createOpenSearch', () => {
  it('writes by external version, and says what was older', async () => {
    const options = { alias: true, refresh: true } as const
    expect(await engine.bulk(alias, [write('a', 2), write('b', 1), write('c', 1)], options)).toEqual(
      ['a', 'b', 'c'].map(id => ({ id, result: 'written' })),
    )
    expect(
      await engine.bulk(
        alias,
        [write('a', 1), { ...write('b', 1), orEqual: true }, { id: 'c', version: 2, document: tombstone }],
        options,
      ),
    ).toEqual([
      { id: 'a', result: 'older' },
      { id: 'b', result: 'written' },
      { id: 'c', result: 'written' },
    ])
    const [a] = await engine.get(alias, ['a', 'nobody'])
    expect(a).toMatchObject({
      id: 'a',
      version: 2,
      document: {
        title: 'bikes 2',
        values: { brand: 'gazelle i', gears: '7', electric: 'true' },
        numbers: { gears: 7 },
      },
    })
    expect(await engine.count(alias, { match: { title: 'bike' } })).toBe(2)
  })

  it('names each write that failed, and does the others', async () => {
    const [bad, good] = await engine.bulk(alias, [{ id: 'x', version: 1, document: { unknown: 1 } }, write('d', 1)], {
      refresh: true,
    })
    expect(bad).toMatchObject({ id: 'x', result: 'failed', reason: expect.stringContaining('strict_dynamic_mapping') })
    expect(good).toEqual({ id: 'd', result: 'written' })
    expect(
      await engine.bulk(
        alias,
        [
          { id: 'd', version: 2 },
          { id: 'nobody', version: 1 },
        ],
        { refresh: true },
      ),
    ).toEqual([
      { id: 'd', result: 'written' },
      { id: 'nobody', result: 'written' },
    ])
    expect(await engine.get(alias, ['d'])).toEqual([])
  })

  it('walks over all documents with their versions', async () => {
    expect(await walked([])).toEqual([
      { id: 'a', version: 2, document: {} },
      { id: 'b', version: 1, document: {} },
      { id: 'c', version: 2, document: {} },
    ])
    expect((await walked(['gone']))[2]).toEqual({ id: 'c', version: 2, document: { gone: true } })
  })

  it('tells how common words are, and what is nearly them', async () => {
    const words = ['mirror', 'mirror', 'mirror lamp'].map((title, i) => ({
      id: `w${i}`,
      version: 1,
      document: documentOf(row(`w${i}`, title)),
    }))
    await engine.bulk(alias, words, { refresh: true })
    const asked = { text: 'the Mirrors lamp zebra', fields: ['title', 'description'], analyzer: analyzers.fewStems }
    expect((await engine.frequenciesOf(alias, asked)).toSorted((a, b) => a.start - b.start)).toEqual([
      { start: 4, documents: 3 },
      { start: 12, documents: 1 },
      { start: 17, documents: 0 },
    ])
    const similar = await engine.similarWords(alias, {
      field: 'title.exact',
      words: [
        { word: 'mirrro', edits: 1 },
        { word: 'nirror', edits: 1 },
        { word: 'mirror', edits: 1 },
      ],
    })
    const found = expect.objectContaining({ word: 'mirror', documents: 3 })
    expect(Object.fromEntries(similar)).toEqual({ mirrro: [found], nirror: [found], mirror: [] })
  })

  it('reads texts as another language too, where an index has one', async () => {
    const german = { stopWords: ['und'], stemmers: ['light_german'], synonyms: [] }
    const other = `${alias}-german`
    await engine.createIndex(other, indexDefinition({ replicas: 0, languages: { ...languages, german } }))
    const write = { id: 'a', version: 1, document: documentOf(row('a', 'Häuser und Gärten')) }
    await engine.bulk(other, [write], { refresh: true })
    const found = async (match: Record<string, string>) =>
      (await engine.search(other, { query: { match } })).hits.total.value
    expect(await found({ 'title.german': 'Haus' })).toBe(1)
    expect(await found({ 'title.german': 'und' })).toBe(0)
    expect(await found({ title: 'Haus' })).toBe(0)
    await engine.deleteIndex(other)
  })

  it('finds and changes aliases, and lists indexes', async () => {
    expect(await engine.indexesOf(alias)).toEqual([index])
    expect(await engine.indexesOf('no-such-alias')).toEqual([])
    expect(await engine.listIndexes(indexPatternOf(alias))).toEqual([index])
    expect(await engine.listIndexes('no-such-*')).toEqual([])
    await engine.deleteIndex('no-such-index')
  })

  it('says why there is no answer', async () => {
    const missing = `${alias}-none`
    expect(await faultOf(engine.search(missing, {}))).toBe('missing')
    expect(await faultOf(engine.count(missing))).toBe('missing')
    const tampered = {
      query: { match_all: {} },
      sort: [{ bumped_at: 'desc' }, { id: 'desc' }],
      search_after: [1e20, 'a'],
    }
    expect(await faultOf(engine.search(alias, tampered))).toBe('malformed')
    expect((await engine.bulk(missing, [write('a', 1)], { alias: true }))[0]).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('index_not_found'),
    })
    expect(await engine.listIndexes(missing)).toEqual([])
    await expect(engine.search(alias, { query: { nonsense: {} } })).rejects.toThrow(
      /^Cannot search .*nonsense.* \(400\)$/,
    )
    expect(await faultOf(createOpenSearch({ url: 'http://127.0.0.1:9' }).search(alias, {}))).toBe('unreachable')
    const silent = createServer(() => {}).listen(0)
    const { port } = silent.address() as AddressInfo
    const slow = createOpenSearch({ url: `http://127.0.0.1:${port}`, timeout: 50 })
    expect(await faultOf(slow.search(alias, {}))).toBe('timeout')
    expect(await faultOf(slow.search(alias, {}))).toBe('timeout')
    silent.closeAllConnections()
    silent.close()
  })
})
