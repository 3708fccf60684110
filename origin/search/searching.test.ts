import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PostInput } from '../../shared/post.ts'
import { SearchQuery } from '../../shared/search.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import type { SearchEngine } from './engine.ts'
import { searchPosts } from './searching.ts'
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

let wordPosts: Promise<string> | undefined
const wordTitles = { washer: 'Appliance set: washer/dryer and more', sign: 'Bed and breakfast sign' }

function wordSeller(): Promise<string> {
  wordPosts ??= makeWordPosts()
  return wordPosts
}

/** @returns the seller of the posts */
async function makeWordPosts(): Promise<string> {
  const seller = await na.createAccount()
  for (const title of Object.values(wordTitles))
    await createTestPost(na, seller, 'active', { title, category: 'lamps', attributes: {}, description: 'As it is.' })
  await refreshStatistics(na.ctx)
  return seller.id
}

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

  it.each(['seller=%00', 'seller=nobody', 'category=bicycles&attr.brand=a%00b', 'category=bicycles&attr.brand=a%0Ab'])(
    'refuses %s',
    async query => {
      expect((await na.request('GET', `/search?${query}`)).body).toMatchObject({ status: 422, code: 'invalid_input' })
    },
  )

  it('takes no place in a list that cannot be one', async () => {
    const { nextCursor } = await search('sort=newest&limit=1')
    const [version, list, engine, at, , ...rest] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString())
    for (const key of [1e20, -1, 'x', null]) {
      const forged = Buffer.from(JSON.stringify([version, list, engine, at, key, ...rest])).toString('base64url')
      const { body } = await na.request('GET', `/search?sort=newest&limit=1&cursor=${forged}`)
      expect(body, String(key)).toMatchObject({ code: 'invalid_cursor' })
    }
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
    'finds what "%s" means, and offers nobody what one seller alone says',
    async q => {
      const { found, suggestion } = await search(`q=${q.replace(' ', '+')}`)
      expect(found[0]).toBe('gazelle')
      expect(suggestion).toBeNull()
    },
  )

  it('knows the words of categories', async () => {
    const { found, suggestion } = await search('q=bicyles')
    expect(found.toSorted()).toEqual(['bicycle', 'gazelle', 'trek'])
    expect(suggestion).toMatchObject({ q: 'bicycles' })
  })

  it('shows nothing that the public may not see, whatever an index says', async () => {
    const seller = await na.createAccount()
    const made = async (title: string, change: string) => {
      const { id } = await createTestPost(na, seller, 'active', { title, category: 'lamps', attributes: {} })
      await sql.raw(`UPDATE posts SET ${change} WHERE id = '${id}'`).execute(na.ctx.db)
      return id
    }
    const shown = await made('Lamp that is there', 'version = version')
    const stale = [
      await made('Sold lamp', "status = 'sold', sold_at = now()"),
      await made('Withdrawn lamp', "status = 'withdrawn'"),
      await made('Removed lamp', "status = 'removed', removed_from = 'active', removal_reason = 'spam'"),
      await made('Lamp of a suspended seller', 'seller_hidden = true'),
      await made('Expired lamp', "bumped_at = now() - interval '40 days', expires_at = now() - interval '1 minute'"),
    ]
    const ids = [...stale, shown, 'na_0000000000000000000000000a']
    const index: SearchEngine = {
      name: 'opensearch',
      find: async () => ({ hits: ids.map((id, i) => ({ id, key: 1_000 - i })), more: false }),
      count: async () => ({ total: { value: ids.length, relation: 'eq' }, facets: {} }),
    }
    const ask = async <T>(question: (engine: SearchEngine) => Promise<T>) => ({
      value: await question(index),
      engine: index.name,
      degraded: false,
    })
    const found = await searchPosts({ ...na.ctx, ask }, SearchQuery.parse({ q: 'lamp' }), { country: null })
    expect(found.items.map(({ id }) => id)).toEqual([shown])
  })

  it('pages through what only stop words find', async () => {
    const seller = await wordSeller()
    const { nextCursor, items } = await search(`seller=${seller}&q=and&limit=1`)
    const next = await search(`seller=${seller}&q=and&limit=1&cursor=${nextCursor}`)
    expect([...items, ...next.items].map(({ title }) => title).toSorted()).toEqual(
      [wordTitles.sign, wordTitles.washer].toSorted(),
    )
  })

  it('finds what a long sentence speaks of', async () => {
    const q =
      'I want to buy trek mountain bike for school daughter birthday weekend riding around town xa xb xc xd xe xf xg'
    expect((await search(`q=${q.replaceAll(' ', '+')}`)).found[0]).toBe('trek')
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
