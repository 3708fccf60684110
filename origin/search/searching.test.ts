import { beforeAll, describe, expect, it } from 'vitest'
import type { PostInput } from '../../shared/post.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { refreshStatistics } from './statistics.ts'

let na: TestOrigin
const ids: Record<string, string> = {}
const money = (amount: number) => ({ amount, currency: 'USD' })
const ads: Record<string, Partial<PostInput>> = {
  trek: { title: 'Trek mountain bike', attributes: { brand: 'Trek', type: 'mountain' }, price: money(40_000) },
  gazelle: {
    title: 'Gazelle city bike',
    attributes: { brand: 'Gazelle', type: 'city' },
    condition: 'new',
    price: money(90_000),
  },
  bicycle: {
    title: 'Old red bicycle',
    description: 'Made by Trek long ago.',
    attributes: {},
    condition: 'worn',
    price: money(5_000),
  },
  couch: {
    title: 'Blue couch',
    category: 'sofas',
    attributes: {},
    description: 'Seats three, no pets.',
    price: money(20_000),
  },
  leather: {
    title: 'Leather sofa',
    category: 'sofas',
    attributes: {},
    description: 'Brown leather.',
    price: money(30_000),
  },
}

beforeAll(async () => {
  na = await createTestOrigin()
  const [one, two] = [await na.createAccount(), await na.createAccount()]
  let n = 0
  for (const [name, input] of Object.entries(ads)) {
    ids[name] = (await createTestPost(na, n++ % 2 ? one : two, 'active', input)).id
  }
  await refreshStatistics(na.ctx)
})

const search = async (query: string) => {
  const { status, body } = await na.request('GET', `/search?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
  return { ...body, found: body.items.map(({ id }: { id: string }) => names.get(id)) }
}

describe('searchPosts', () => {
  it('finds by words, the title before the description, whatever form they have', async () => {
    expect((await search('q=trek+bikes')).found.slice(0, 2)).toEqual(['trek', 'bicycle'])
  })

  it('finds what is called another name', async () => {
    expect((await search('q=sofa')).found.toSorted()).toEqual(['couch', 'leather'])
    expect((await search('q=couch')).found[0]).toBe('couch')
  })

  it('leaves out what is excluded, and keeps to phrases', async () => {
    expect((await search('q=sofa+-leather')).found).toEqual(['couch'])
    expect((await search('q=%22mountain+bike%22')).found).toEqual(['trek'])
    expect((await search('q=%22couch%22')).found).toEqual(['couch'])
  })

  it('counts each facet without its own filter', async () => {
    const { facets, total, found } = await search('category=bicycles&condition=new')
    expect(found).toEqual(['gazelle'])
    expect(total).toEqual({ value: 1, relation: 'eq' })
    expect(facets.condition).toEqual([
      { value: 'good', count: 1 },
      { value: 'new', count: 1 },
      { value: 'worn', count: 1 },
    ])
    expect(facets['attr.brand']).toEqual([{ value: 'gazelle', count: 1 }])
  })

  it('filters by attributes, and says what an attribute cannot be', async () => {
    expect((await search('category=bicycles&attr.brand=trek')).found).toEqual(['trek'])
    const wrong = await na.request('GET', '/search?category=bicycles&attr.wheels=2')
    expect(wrong.body).toMatchObject({ status: 422, errors: [{ field: 'attr.wheels' }] })
  })

  it('pages by keyset in each order', async () => {
    for (const order of ['relevance&q=bike', 'newest', 'oldest', 'price', '-price', 'distance&near=40.7,-74']) {
      const whole = (await search(`sort=${order}`)).found
      const seen: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { found: string[]; nextCursor: string | null } = await search(
          `sort=${order}&limit=2${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...page.found)
        cursor = page.nextCursor
      }
      expect(seen, order).toEqual(whole)
    }
  })

  it('names the regions that it does not speak for', async () => {
    expect((await search('q=bike&scope=world')).missingRegions).toEqual(['eu', 'ap'])
    expect((await search('q=bike')).missingRegions).toEqual([])
  })

  it.each(['gazele', 'gazlele', 'gzaelle', 'gaxelle bike'])(
    'finds what "%s" means, and offers its spelling',
    async q => {
      const { found, suggestion } = await search(`q=${q.replace(' ', '+')}`)
      expect(found[0]).toBe('gazelle')
      expect(suggestion).toMatchObject({ q: q.replace(/^g[a-z]*/, 'gazelle') })
    },
  )

  it('knows the words of categories', async () => {
    const { found, suggestion } = await search('q=bicyles')
    expect(found.toSorted()).toEqual(['bicycle', 'gazelle', 'trek'])
    expect(suggestion).toMatchObject({ q: 'bicycles' })
  })

  it('counts its words by two passes at once', async () => {
    await Promise.all([refreshStatistics(na.ctx), refreshStatistics(na.ctx), refreshStatistics(na.ctx)])
    expect((await search('q=gazele')).found).toEqual(['gazelle'])
  })

  it('lets a word that no post has not stand in the way of the others', async () => {
    expect((await search('q=xyzzyq+sofa')).found.toSorted()).toEqual(['couch', 'leather'])
  })

  it('takes a word for another only where hardly any post has it', async () => {
    expect(await search('q=bike')).toMatchObject({ suggestion: null })
    expect((await search('q=bile')).suggestion).toMatchObject({ q: 'bike' })
    expect((await search('q=%22bile%22')).found).toEqual([])
  })

  it('gives for the world with each post what it was sorted by and where the list goes on', async () => {
    for (const [order, sort] of [
      ['relevance&q=bike', 'relevance'],
      ['relevance', 'newest'],
      ['oldest', 'oldest'],
      ['price&currency=USD', 'price'],
      ['-price&currency=USD', '-price'],
      ['distance&near=40.7,-74', 'distance'],
    ]) {
      const whole = await search(`scope=world&sort=${order}`)
      expect(whole.sort, order).toBe(sort)
      expect(whole.positions).toHaveLength(whole.items.length)
      const keys = whole.positions.map(({ key }: { key: number }) => key)
      const rises = sort === 'price' || sort === 'oldest' || sort === 'distance'
      expect(keys, order).toEqual(keys.toSorted((a: number, b: number) => (rises ? a - b : b - a)))
      for (const [i, { cursor }] of whole.positions.entries()) {
        expect((await search(`scope=world&sort=${order}&cursor=${cursor}`)).found).toEqual(whole.found.slice(i + 1))
      }
    }
    const newest = await search('scope=world&sort=newest')
    expect(newest.positions.map(({ key }: { key: number }) => key)).toEqual(
      newest.items.map(({ bumpedAt }: { bumpedAt: string }) => Date.parse(bumpedAt)),
    )
    expect(Object.keys(await search('q=bike'))).not.toContain('positions')
  })

  it('suggests words of titles, categories and cities', async () => {
    const { body } = await na.request('GET', '/search/suggest?q=bik')
    expect(body.items).toContainEqual({ kind: 'phrase', text: 'bike' })
    expect(body.items.some(({ kind }: { kind: string }) => kind === 'category')).toBe(true)
  })
})
