import { beforeAll, describe, expect, it } from 'vitest'
import type { OwnPost, PostInput } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { refreshStatistics } from './statistics.ts'

let na: TestOrigin
let one: TestAccount
let two: TestAccount
const price = (amount: number) => ({ amount, currency: 'USD' })
const post = (account: TestAccount, title: string, input: Partial<PostInput> = {}) =>
  createTestPost(na, account, 'active', { title, category: 'smartphones', attributes: {}, ...input })
const far = { country: 'US', subdivision: 'US-CA', city: 'Oakland', lat: 37.8, lon: -122.27 } as const
const usual = async ({ id }: OwnPost) => (await na.request('GET', `/posts/${id}/usual-price`)).body.price
const related = async ({ id }: OwnPost): Promise<string[]> =>
  (await na.request('GET', `/posts/${id}/related`)).body.items.map(({ title }: { title: string }) => title)

beforeAll(async () => {
  na = await createTestOrigin()
  one = await na.createAccount()
  two = await na.createAccount()
})

describe('readUsualPrice', () => {
  let phone: OwnPost
  let phoneCase: OwnPost
  const colours = ['black', 'white', 'gold', 'silver', 'grey', 'blue', 'pink', 'red']

  beforeAll(async () => {
    phone = await post(one, 'Zeta phone 6', { price: price(99_00) })
    phoneCase = await post(one, 'Zeta phone 6 case', { price: price(15_00) })
    for (const [i, colour] of colours.entries())
      await post(two, `Zeta phone 6 ${colour} with case`, { price: price((10 + i) * 10_00) })
    await post(two, 'Zeta phone 5', { price: price(10_00) })
    await post(two, 'Another phone', { price: price(10_00), description: 'Not a Zeta 6.' })
    await refreshStatistics(na.ctx)
  })

  it('gives the quartiles of eight or more of the same title and kind', async () => {
    expect(await usual(phone)).toEqual({ currency: 'USD', low: 110_00, median: 130_00, high: 150_00, count: 8 })
  })

  it('says nothing of a case by the prices of phones', async () => {
    expect(await usual(phoneCase)).toBeNull()
  })

  it("counts one seller's reposts once, and a post's own not at all", async () => {
    const bike = await post(one, 'Quark cycle 300', { price: price(95_00) })
    for (const again of ['Quark cycle 300', 'QUARK cycle 300!']) for (let i = 0; i < 5; i++) await post(two, again)
    for (let i = 0; i < 3; i++) await post(one, 'Cycle: Quark 300')
    await refreshStatistics(na.ctx)
    expect(await usual(bike)).toBeNull()
  })

  it('calls nothing usual where prices lie far apart', async () => {
    const lamp = await post(one, 'Omicron lantern', { price: price(50_00) })
    for (const [i, colour] of colours.entries())
      await post(two, `Omicron lantern ${colour}`, { price: price(i < 4 ? 10_00 : 90_00) })
    await refreshStatistics(na.ctx)
    expect(await usual(lamp)).toBeNull()
  })
})

describe('listRelated', () => {
  let car: OwnPost

  beforeAll(async () => {
    car = await post(one, 'Bravo 328 clean title', { category: 'cars' })
    await post(two, 'Bravo 328 convertible', { category: 'cars', location: far })
    await post(two, 'Sedan, Bravo 328', { category: 'cars' })
    await post(one, 'Clean title Bravo 328', { category: 'cars' })
    await post(two, 'Bravo 328 seats', { category: 'cars' })
    for (const what of ['Jaguar', 'Rover', 'Lotus', 'Saab'])
      await post(two, `${what}, clean title`, { category: 'cars' })
    await refreshStatistics(na.ctx)
  })

  it('gives titles alike first, near before far, and those before whatever is near', async () => {
    expect((await related(car)).slice(0, 2)).toEqual(['Sedan, Bravo 328', 'Bravo 328 convertible'])
  })

  it("gives neither the same seller's reposts nor what is only for such a thing", async () => {
    const titles = await related(car)
    expect(titles).toHaveLength(4)
    expect(titles).not.toContain('Clean title Bravo 328')
    expect(titles).not.toContain('Bravo 328 seats')
  })
})
