import { beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor, scopeOf } from '../../shared/cursor.ts'
import type { Post, PostInput } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'

const hour = 3_600_000
const cities = {
  newYork: { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7128, lon: -74.006 },
  boston: { country: 'US', subdivision: 'US-MA', city: 'Boston', lat: 42.3584, lon: -71.0598 },
  toronto: { country: 'CA', subdivision: 'CA-ON', city: 'Toronto', lat: 43.7001, lon: -79.4163 },
  saoPaulo: { country: 'BR', subdivision: 'BR-SP', city: 'São Paulo', lat: -23.5475, lon: -46.6361 },
} as const

let origin: TestOrigin
let seller: TestAccount
let ids: string[]

/** Title, where, what, price in minor units and currency; made an hour apart, the last one newest. */
const stock: [string, keyof typeof cities, string, number | null, string?][] = [
  ['A1', 'newYork', 'bicycles', 30_000, 'USD'],
  ['A2', 'boston', 'kids-bikes', 5_000, 'USD'],
  ['A3', 'toronto', 'bicycles', 20_000, 'CAD'],
  ['A4', 'saoPaulo', 'sofas', 90_000, 'BRL'],
  ['A5', 'newYork', 'sofas', null],
  ['A6', 'newYork', 'bicycles', 10_000, 'USD'],
  ['A7', 'boston', 'bicycles', 10_000, 'USD'],
  ['A8', 'newYork', 'bicycles', 999_999, 'EUR'],
]

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  ids = []
  for (const [i, [title, city, category, amount, currency = 'USD']] of stock.entries()) {
    const price: Partial<PostInput> =
      amount === null ? { price: null, priceKind: 'free' } : { price: { amount, currency } }
    const input = { title, category, location: cities[city], attributes: {}, ...price }
    const { id } = await createTestPost(origin, seller, 'active', input)
    await turnBack(origin, id, (stock.length - i) * hour)
    ids.push(id)
  }
})

describe('GET /posts', () => {
  it.each([
    ['', 'A8 A7 A6 A5 A4 A3 A2 A1'],
    ['sort=oldest', 'A1 A2 A3 A4 A5 A6 A7 A8'],
    ['category=bikes', 'A8 A7 A6 A3 A2 A1'],
    ['category=bicycles', 'A8 A7 A6 A3 A1'],
    ['country=US', 'A8 A7 A6 A5 A2 A1'],
    ['country=US&subdivision=US-MA', 'A7 A2'],
    ['subdivision=CA-ON', 'A3'],
    ['country=CA&subdivision=US-MA', ''],
    ['country=DE', ''],
    ['near=40.7128,-74.006', 'A8 A6 A5 A1'],
    ['near=40.7128,-74.006&radius=500', 'A8 A7 A6 A5 A2 A1'],
    ['near=40.7128,-74.006&radius=500&category=kids-bikes', 'A2'],
    ['near=-23.5,-46.6&radius=30', 'A4'],
    ['sort=price', 'A2 A7 A6 A1'],
    ['sort=-price', 'A1 A6 A7 A2'],
    ['sort=price&country=CA', 'A3'],
    ['sort=price&subdivision=BR-SP', 'A4'],
    ['sort=price&currency=EUR', 'A8'],
    ['sort=price&near=-23.5,-46.6', 'A4'],
    ['sort=-price&near=40.7128,-74.006', 'A1 A6'],
    ['minPrice=10000', 'A7 A6 A1'],
    ['minPrice=10000&maxPrice=29999', 'A7 A6'],
    ['maxPrice=0', ''],
    ['maxPrice=20000&currency=CAD', 'A3'],
    ['region=na&category=sofas', 'A5 A4'],
  ])('%s', async (query, expected) => {
    for (const limit of [100, 1, 3]) {
      const titles = (await walk(`${query}&limit=${limit}`)).map(post => post.title)
      // Equal prices come in the order of their ids, which is that of their making.
      expect(sameOrder(titles, query).join(' ')).toBe(sameOrder(expected.split(' ').filter(Boolean), query).join(' '))
    }
  })

  it('takes the currency of the visitor’s country when it is of this region', async () => {
    const brazil = await list('sort=price', { country: 'BR' })
    expect(titlesOf(brazil)).toEqual(['A4'])
    const germany = await list('sort=price', { country: 'DE' })
    expect(titlesOf(germany)).toContain('A1')
  })

  it('keeps to the currency of the first page when the visitor moves on', async () => {
    const first = await list('sort=price&limit=1', { country: 'US' })
    const second = await list(`sort=price&limit=100&cursor=${first.body.nextCursor}`, { country: 'BR' })
    expect(titlesOf(second)).not.toContain('A4')
    expect(titlesOf(second)).toHaveLength(3)
  })

  it('finds what is near across the antimeridian', async () => {
    const location = { country: 'US', subdivision: 'US-AK', city: 'Amchitka', lat: 51.54, lon: 179.99 }
    const { id } = await createTestPost(origin, seller, 'active', { category: 'boats', attributes: {}, location })
    for (const near of ['51.54,-179.99', '51.54,179.99', '51.54,180', '51.54,-180']) {
      const { items } = (await list(`near=${near}&radius=20`)).body
      expect(items.map((item: Post) => item.id)).toEqual([id])
    }
    expect((await list('near=51.54,-179&radius=20')).body.items).toEqual([])
  })

  it('is stable while others post: no post twice, none of the first ones missed', async () => {
    const first = await list('limit=3')
    await createTestPost(origin, seller, 'active', { title: 'Fresh' })
    const rest = await walk(`limit=3&cursor=${first.body.nextCursor}`)
    expect([...titlesOf(first), ...rest.map(post => post.title)].join(' ')).toBe('A8 A7 A6 A5 A4 A3 A2 A1')
  })

  it('gives 24 a page unless asked, and null after the last', async () => {
    const reply = await list('category=sofas')
    expect(reply.body.nextCursor).toBeNull()
  })

  it.each([
    'AAAA',
    '%00',
    '[]',
    'null',
    encodeCursor(scopeOf({ sort: 'newest' }), ['USD', -1, 'x']),
    encodeCursor(scopeOf({ sort: 'newest' }), ['USD', 1e300, 'na_01k0000000000000000000000']),
    encodeCursor(scopeOf({ sort: 'newest' }), ['XXX', 1, 'na_01k00000000000000000000000']),
    encodeCursor(scopeOf({ sort: 'oldest' }), ['USD', 1, 'na_01k00000000000000000000000']),
  ])('refuses the cursor %s', async cursor => {
    const reply = await list(`cursor=${cursor}`)
    expect(reply.body).toMatchObject({ status: 400, code: 'invalid_cursor' })
  })

  it('refuses the cursor of other filters', async () => {
    const { nextCursor } = (await list('category=bikes&limit=1')).body
    expect((await list(`category=bicycles&cursor=${nextCursor}`)).body.code).toBe('invalid_cursor')
  })

  it.each([
    ['category=nonsense', 'category'],
    ['category=%00', 'category'],
    ['country=XX', 'country'],
    ['subdivision=Ontario', 'subdivision'],
    ['near=1,2,3', 'near'],
    ['near=91,0', 'near'],
    ['radius=5', 'near'],
    ['near=1,2&radius=0', 'radius'],
    ['near=1,2&radius=501', 'radius'],
    ['minPrice=-1', 'minPrice'],
    ['minPrice=1.5', 'minPrice'],
    ['maxPrice=1000000000001', 'maxPrice'],
    ['currency=XXX', 'currency'],
    ['sort=best', 'sort'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['region=eu', 'region'],
    ['limit=1&limit=2', 'limit'],
    ['nonsense=1', 'nonsense'],
  ])('names the field of %s', async (query, field) => {
    const reply = await list(query)
    expect(reply.body).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(reply.body.errors.map((error: { field: string }) => error.field)).toEqual([field])
  })
})

describe('GET /post-counts', () => {
  it('counts what the list would show, and what of it was published in the last seven days', async () => {
    const place = { country: 'CL', subdivision: 'CL-RM', city: 'Santiago', lat: -33.45, lon: -70.65 }
    for (const age of [0, 8 * 24]) {
      const { id } = await createTestPost(origin, seller, 'active', { location: place })
      await turnBack(origin, id, age * hour)
    }
    await createTestPost(origin, seller, 'expired', { location: place })
    const reply = await origin.request('GET', '/post-counts?country=CL')
    expect(reply.body).toEqual({ total: 2, newThisWeek: 1 })
  })

  it('leaves out with the order by price what that order leaves out, and nothing for a currency alone', async () => {
    const location = { country: 'PY', subdivision: null, city: 'Asunción', lat: -25.29, lon: -57.65 }
    const dollars = { price: { amount: 5_000, currency: 'USD' }, priceKind: 'fixed' } as const
    await createTestPost(origin, seller, 'active', { location, ...dollars })
    await createTestPost(origin, seller, 'active', {
      location,
      price: { amount: 5_000, currency: 'PYG' },
      priceKind: 'fixed',
    })
    await createTestPost(origin, seller, 'active', { location, price: null, priceKind: 'free' })
    for (const [query, total] of [
      ['', 3],
      ['&currency=USD', 3],
      ['&sort=price', 1],
      ['&sort=-price&currency=USD', 1],
      ['&maxPrice=9999&currency=EUR', 0],
    ] as const) {
      const listed = await origin.request('GET', `/posts?country=PY${query}`)
      const counted = await origin.request('GET', `/post-counts?country=PY${query}`)
      expect([query, listed.body.items.length, counted.body.total]).toEqual([query, total, total])
    }
  })
})

describe('GET /me/posts', () => {
  it('lists all of one’s own, newest first, by status and by page', async () => {
    const holder = await origin.createAccount()
    const statuses = ['draft', 'active', 'reserved', 'sold', 'withdrawn', 'removed', 'expired'] as const
    for (const status of statuses) await createTestPost(origin, holder, status)
    const all = await own(holder, 'limit=100')
    expect(all.body.items.map((post: { ownStatus: string }) => post.ownStatus).sort()).toEqual([...statuses].sort())
    for (const status of statuses) {
      const { items } = (await own(holder, `status=${status}`)).body
      expect(items.map((post: { ownStatus: string }) => post.ownStatus)).toEqual([status])
    }
    const walked: string[] = []
    let cursor = ''
    do {
      const page = await own(holder, `limit=2${cursor && `&cursor=${cursor}`}`)
      walked.push(...page.body.items.map((post: Post) => post.id))
      cursor = page.body.nextCursor
    } while (cursor)
    expect(walked).toEqual(all.body.items.map((post: Post) => post.id))
  })

  it('refuses the cursor of somebody else', async () => {
    const [one, two] = await Promise.all([origin.createAccount(), origin.createAccount()])
    await createTestPost(origin, one, 'draft')
    await createTestPost(origin, one, 'draft')
    const { nextCursor } = (await own(one, 'limit=1')).body
    expect((await own(two, `limit=1&cursor=${nextCursor}`)).body.code).toBe('invalid_cursor')
  })

  function own({ token }: TestAccount, query: string) {
    return origin.request('GET', `/me/posts?${query}`, { token })
  }
})

function list(query: string, visitor = {}) {
  return origin.request('GET', `/posts?${query}`, { visitor })
}

async function walk(query: string): Promise<Post[]> {
  const items: Post[] = []
  const [, start] = /&cursor=(.*)$/.exec(query) ?? []
  const filters = query.replace(/&cursor=.*$/, '')
  let cursor: string | null = start ?? null
  do {
    const reply = await list(cursor ? `${filters}&cursor=${cursor}` : filters)
    expect(reply.status, reply.text).toBe(200)
    items.push(...reply.body.items.filter((post: Post) => ids.includes(post.id)))
    cursor = reply.body.nextCursor
  } while (cursor)
  return items
}

/** A6 and A7 cost the same; which comes first is for their ids to say. */
function sameOrder(titles: string[], query: string): string[] {
  return query.includes('price') ? titles.map(title => title.replace(/A[67]/, 'A6|A7')) : titles
}

function titlesOf(reply: { body: { items: Post[] } }): string[] {
  return reply.body.items.filter(post => ids.includes(post.id)).map(post => post.title)
}
