import { beforeAll, describe, expect, it } from 'vitest'
import type { SearchHelp } from '../../shared/search.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { refreshStatistics } from './statistics.ts'

let na: TestOrigin
const oakland = { country: 'US', subdivision: 'US-CA', city: 'Oakland', lat: 37.8, lon: -122.27 } as const
const toronto = { country: 'CA', subdivision: 'CA-ON', city: 'Toronto', lat: 43.7, lon: -79.4 } as const
const anchorage = '61.2,-149.9'

beforeAll(async () => {
  na = await createTestOrigin()
  const seller = await na.createAccount()
  await createTestPost(na, seller, 'active', { title: 'Tuba', location: oakland, condition: 'new' })
  await createTestPost(na, seller, 'active', { title: 'Tuba', location: toronto, condition: 'good' })
  await refreshStatistics(na.ctx)
})

const totalOf = async (query: string): Promise<number> => (await na.request('GET', `/search?${query}`)).body.total.value
const helpFor = async (query: string): Promise<SearchHelp> => {
  const { body } = await na.request('GET', `/search?${query}`)
  expect(body.total.value).toBe(0)
  return body.help
}

describe('helpWith', () => {
  it('counts without a place what a link without it finds: in the country that is named', async () => {
    const { without } = await helpFor(`q=tuba&country=US&near=${anchorage}&radius=50`)
    expect(without).toEqual([{ filter: 'near', total: await totalOf('q=tuba&country=US') }])
    expect(without[0]?.total).toBe(1)
  })

  it('counts without a place in the whole region where no country is named', async () => {
    const { without } = await helpFor(`q=tuba&near=${anchorage}&radius=50`)
    expect(without).toEqual([{ filter: 'near', total: await totalOf('q=tuba') }])
    expect(without[0]?.total).toBe(2)
  })

  it('counts without all filters where two of them leave nothing, and none of them alone does', async () => {
    const filters = `near=${anchorage}&radius=50&condition=for_parts&minPrice=99999999&currency=USD`
    expect(await helpFor(`q=tuba&country=US&${filters}`)).toMatchObject({ without: [], withoutAll: { total: 1 } })
    expect((await helpFor(`q=tuba&${filters}`)).withoutAll).toEqual({ total: 2 })
    expect((await helpFor(`q=tuba&category=sofas&${filters}`)).withoutAll).toBeNull()
  })

  it('says it once where only one filter is given', async () => {
    expect((await helpFor('q=tuba&condition=for_parts')).withoutAll).toBeNull()
  })
})
