import { afterAll, expect, inject, it } from 'vitest'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { createChances, insertRandomPosts } from '../../testing/random-posts.ts'
import { createTestIndex } from '../../testing/search-index.ts'
import { describeEngine, questionOf, randomFilters, randomSort } from '../engine-contract.ts'
import { describeWords } from '../engine-contract-words.ts'
import { createPostgresEngine } from '../postgres/engine.ts'
import { createOpenSearchEngine } from './engine.ts'

const open: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(open.map(close => close()))
})

const make = async ({ ctx, region }: TestOrigin) => {
  const { openSearch, alias, load, remove } = await createTestIndex(inject('openSearchUrl'), ctx)
  open.push(remove)
  return { engine: createOpenSearchEngine({ openSearch, region, alias }), load }
}
describeEngine('opensearch', make)
describeWords('opensearch', make)

it('both engines find and count the same where nothing is asked for in words', async () => {
  const now = new Date('2026-06-15T12:00:00Z')
  const { ctx, region, createAccount } = await createTestOrigin({ now: () => now })
  const accounts = [await createAccount(), await createAccount()]
  await insertRandomPosts(ctx, accounts, { count: 300, seed: 21 })
  const { openSearch, alias, load, remove } = await createTestIndex(inject('openSearchUrl'), ctx)
  open.push(remove)
  await load()
  const engines = [createPostgresEngine(ctx), createOpenSearchEngine({ openSearch, region, alias })]
  const chances = createChances(22)
  let found = 0
  for (let i = 0; i < 200; i++) {
    const filters = randomFilters(chances, accounts[0]?.id)
    const question = questionOf(chances.maybe(0.1) ? '-zebra' : '', filters, randomSort(chances, filters), now)
    const [postgres, openSearch] = await Promise.all(
      engines.map(async engine => {
        const [{ hits }, { total, facets }] = await Promise.all([engine.find(question), engine.count(question)])
        return { hits, total, facets }
      }),
    )
    expect(openSearch, JSON.stringify({ filters, sort: question.sort })).toEqual(postgres)
    found += postgres?.hits.length ?? 0
  }
  expect(found).toBeGreaterThan(1_000)
})
