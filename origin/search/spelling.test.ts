import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { respell } from './spelling.ts'
import { refreshStatistics } from './statistics.ts'

let na: TestOrigin
let one: TestAccount
let two: TestAccount

beforeAll(async () => {
  na = await createTestOrigin()
  one = await na.createAccount()
  two = await na.createAccount()
  const post = (account: TestAccount, title: string) =>
    createTestPost(na, account, 'active', { title, category: 'other-furniture', attributes: {}, description: '.' })
  for (let i = 0; i < 20; i++) await post(i % 2 ? one : two, `Walnut ${i}`)
  for (const account of [one, two]) await post(account, 'Walnutt veneer')
  for (const account of [one, two]) await post(account, 'Cherry')
  await post(one, 'Cherruy')
  await post(one, 'Zebrano')
  await refreshStatistics(na.ctx)
})

describe('respell', () => {
  it('puts a slip right by what several people write, not by the slip of one', async () => {
    expect((await respell(na.ctx, 'Cherruuy table'))?.q).toBe('cherry table')
    expect(await respell(na.ctx, 'cherry')).toBeUndefined()
  })

  it('puts it right at once, though several people write what is wrong itself', async () => {
    expect((await respell(na.ctx, 'walnutt'))?.q).toBe('walnut')
    expect((await respell(na.ctx, 'walnuttt'))?.q).toBe('walnut')
  })

  it('leaves alone what people call a thing, though no post says it', async () => {
    expect(await respell(na.ctx, 'table')).toBeUndefined()
  })

  it('offers nobody the word of one person', async () => {
    expect(await respell(na.ctx, 'zebrsno')).toBeUndefined()
  })
})

const search = async (q: string) => (await na.request('GET', `/search?q=${q}`)).body

describe('searchPosts', () => {
  it('says that the words were read so already, though some posts have them as they were typed', async () => {
    const { total, suggestion } = await search('walnutt')
    expect(total.value).toBe(22)
    expect(suggestion).toEqual({ q: 'walnut', total, applied: true })
  })

  it('offers a spelling that the words were not read in only where it finds more', async () => {
    expect((await search('%22walnutt%22')).suggestion).toMatchObject({ applied: false, total: { value: 20 } })
    expect((await search('%22walnutt%22&maxPrice=1&currency=USD')).suggestion).toBeNull()
  })
})
