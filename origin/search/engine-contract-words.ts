import { beforeAll, describe, expect, it } from 'vitest'
import type { PostInput } from '../../shared/post.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import type { SearchEngine } from './engine.ts'
import { type Filters, questionOf } from './engine-contract.ts'
import { refreshStatistics } from './statistics.ts'

/** Titles whose signs part words, and those whose words are none that one looks for. */
const titles = {
  washer: 'Appliance set: washer/dryer and more',
  tablet: 'Tablet 12.9 inch, 3.5mm jack',
  shoes: 'Size 7.5 shoes',
  desk: 'Desk worth 1,000',
  book: 'Learning node.js',
  phone: 'Mobile for AT&T',
  case: 'iPhone-12 case',
  jeans: "Levi's women’s jeans",
  sign: 'Bed and breakfast sign',
  oven: 'Microwave w/turntable',
  toaster: 'Toaster_oven',
  kayak: 'Kayak',
  bike1: 'Folding bike',
  bike2: 'Racing bike',
}
const now = new Date('2026-06-15T12:00:00Z')
const plain = { category: 'lamps', attributes: {}, description: 'As it is.' } satisfies Partial<PostInput>

/** What both engines take for a word, and what comes first of what they find; see `describeEngine`. */
export function describeWords(
  name: string,
  make: (origin: TestOrigin) => Promise<{ engine: SearchEngine; load: () => Promise<void> }>,
): void {
  describe(`words in the ${name} engine`, () => {
    let engine: SearchEngine
    let words: string
    let ranked: string
    let placed: string
    const names = new Map<string, string>()

    beforeAll(async () => {
      const origin = await createTestOrigin({ now: () => now })
      const accounts = [
        await origin.createAccount(),
        await origin.createAccount(),
        await origin.createAccount(),
      ] as const
      ;[words, ranked, placed] = accounts.map(({ id }) => id) as [string, string, string]
      const post = async (account: 0 | 1 | 2, name: string, input: Partial<PostInput>) => {
        const { id } = await createTestPost(origin, accounts[account], 'active', { ...plain, ...input })
        names.set(id, name)
        return id
      }
      const move = (id: string | undefined, lat: number, lon: number) =>
        origin.ctx.db
          .updateTable('posts')
          .set({ public_lat: lat, public_lon: lon })
          .where('id', '=', id ?? '')
          .execute()
      for (const [name, title] of Object.entries(titles)) await post(0, name, { title })

      // Ids decide between equals, the greater first: the one that must come second has that.
      const pair = async (title: string, first: string, second: string) => {
        const [low = '', high = ''] = [await post(1, first, { title }), await post(1, second, { title })].toSorted()
        names.set(low, first)
        names.set(high, second)
        return [low, high] as const
      }
      const [, older] = await pair('Garden gnome', 'newer', 'older')
      await turnBack(origin, older, 25 * 86_400_000)
      const [nearer, farther] = await pair('Brass lantern', 'nearer', 'farther')
      await move(nearer, 40.7, -74)
      await move(farther, 42, -74)
      await post(1, 'all', { title: 'Quartz ornament', description: 'With marble and granite.' })
      await post(1, 'some', { title: 'Marble and a little quartz in a long wooden box' })
      await post(1, 'other', { title: 'Granite slab' })

      for (const [name, lat, lon] of places) await move(await post(2, name, { title: name }), lat, lon)
      for (const brand of brands) await post(2, brand, { title: brand, category: 'bicycles', attributes: { brand } })
      await refreshStatistics(origin.ctx)
      const made = await make(origin)
      engine = made.engine
      await made.load()
    })

    const find = async (q: string, filters: Filters = { seller: words }) =>
      (await engine.find(questionOf(q, filters, 'relevance', now))).hits.map(({ id }) => names.get(id) ?? id)

    it.each([
      ['washer', ['washer']],
      ['dryer', ['washer']],
      ['"washer dryer"', ['washer']],
      ['"washer/dryer"', ['washer']],
      ['appliance -dryer', []],
      ['"12.9"', ['tablet']],
      ['"12.9 inch" 3.5mm', ['tablet']],
      ['tablet -12.9', []],
      ['tablet -3.5mm', []],
      ['"7.5"', ['shoes']],
      ['"1,000"', ['desk']],
      ['"$1,000"', ['desk']],
      ['desk -1,000', []],
      ['node.js', ['book']],
      ['"node.js"', ['book']],
      ['node', ['book']],
      ['"iphone 12"', ['case']],
      ["levi's", ['jeans']],
      ['levis', ['jeans']],
      ['"women\'s jeans"', ['jeans']],
      ['"women’s jeans"', ['jeans']],
      ['"bed and breakfast"', ['sign']],
      ['turntable', ['oven']],
      ['microwave -turntable', []],
      ['microwave -w/turntable', []],
      ['"toaster oven"', ['toaster']],
      ['toaster_oven', ['toaster']],
    ])('finds %s by its words', async (q, wanted) => {
      expect(await find(q)).toEqual(wanted)
    })

    it.each([
      ['12.9', 'tablet'],
      ['3.5mm', 'tablet'],
      ['1,000', 'desk'],
      ['iphone-12', 'case'],
    ])('finds %s by its words before what has some of them', async (q, wanted) => {
      expect((await find(q)).at(0)).toBe(wanted)
    })

    it.each([
      ['AT&T', ['phone']],
      ['"AT&T"', ['phone']],
      ['and', ['sign', 'washer']],
      ['the', []],
      ['"the" "and"', []],
    ])('finds %s, nothing but stop words, in titles', async (q, wanted) => {
      expect((await find(q)).toSorted()).toEqual(wanted)
      expect((await engine.count(questionOf(q, { seller: words }, 'relevance', now))).total.value).toBe(wanted.length)
    })

    it.each([
      ['kayak "the"', ['kayak']],
      ['"i am" kayak', ['kayak']],
      ['kayak -the', ['kayak']],
    ])('leaves the stop words of %s out', async (q, wanted) => {
      expect(await find(q)).toEqual(wanted)
    })

    it('finds what has the rarer words where next to none has most of them', async () => {
      expect((await find('bike 123')).toSorted()).toEqual(['bike1', 'bike2'])
      expect((await find('kayak 456 sign')).toSorted()).toEqual(['kayak', 'sign'])
    })

    it('puts the newer of two alike first, and the nearer', async () => {
      expect(await find('garden gnome', { seller: ranked })).toEqual(['newer', 'older'])
      const near = { near: '40.7,-74', radius: '500' }
      expect(await find('brass lantern', { seller: ranked, ...near })).toEqual(['nearer', 'farther'])
      expect((await find('garden gnome', { seller: ranked, ...near })).toSorted()).toEqual(['newer', 'older'])
    })

    it('puts what has all of the words before what has some of them in a better place', async () => {
      const found = await find('quartz granite marble', { seller: ranked })
      expect(found.at(0)).toBe('all')
      expect(found).toContain('some')
    })

    it.each(brands)('filters by a value as it was written: %s', async brand => {
      expect(await find('', { seller: placed, category: 'bicycles', 'attr.brand': brand })).toEqual([brand])
    })

    it.each([
      ['-17,179.95', '30', ['east', 'west']],
      ['-17,-179.95', '30', ['east', 'west']],
      ['-17,179.95', '10', ['west']],
      ['89.9,0', '50', ['beyond', 'north']],
      ['90,0', '50', ['beyond', 'north']],
      ['-90,0', '50', []],
    ])('finds around %s within %s km', async (near, radius, wanted) => {
      expect((await find('', { seller: placed, near, radius })).toSorted()).toEqual(wanted)
    })
  })
}

/** Whose lower case as a word is not that of their letters. */
const brands = ['İstanbul', 'ΣΊΣΥΦΟΣ'] as const
/** On both sides of the antimeridian, and around the pole. */
const places = [
  ['west', -17, 179.9],
  ['east', -17, -179.9],
  ['north', 89.9, 90],
  ['beyond', 89.9, 180],
  ['south', 89, 0],
] as const
