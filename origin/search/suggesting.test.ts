import { beforeAll, describe, expect, it } from 'vitest'
import type { Suggestion } from '../../shared/search.ts'
import type { Visitor } from '../../shared/visitor.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { refreshStatistics } from './statistics.ts'

let na: TestOrigin

beforeAll(async () => {
  na = await createTestOrigin()
  const [one, two] = [await na.createAccount(), await na.createAccount()]
  const both = [
    'Samsung Galaxy S7',
    'Samsung Galaxy S7 phone',
    'iPhone 6',
    'Mountain bike',
    'Near new bikes',
    'Call 4085551234 now',
    'Great sale',
  ]
  for (const title of both) for (const account of [one, two]) await createTestPost(na, account, 'active', { title })
  await createTestPost(na, one, 'active', { title: 'Bike of steel' })
  // What one person alone says: the same title again and again, and a vanity number.
  for (let i = 0; i < 6; i++) await createTestPost(na, one, 'active', { title: 'Zanzibar XBR55X800E 519331' })
  // What an import of many people's posts says.
  for (const what of ['door', 'shelf', 'lamp', 'sofa', 'desk'])
    await createTestPost(na, two, 'active', { title: `Walnut veneer ${what}` })
  for (const title of ['Old car', 'Car for parts'])
    await createTestPost(na, two, 'active', { title, category: 'cars', attributes: {} })
  await createTestPost(na, one, 'active', { title: 'Old tale', category: 'childrens-books', attributes: {} })
  await refreshStatistics(na.ctx)
})

const suggest = async (q: string, visitor: Partial<Visitor> = {}): Promise<Suggestion[]> => {
  const { status, body } = await na.request('GET', `/search/suggest?q=${encodeURIComponent(q)}`, { visitor })
  expect(status, JSON.stringify(body)).toBe(200)
  return body.items
}
const textsOf = (kind: Suggestion['kind'], items: Suggestion[]) =>
  items.filter(item => item.kind === kind).map(({ text }) => text)
const phrasesFor = async (q: string) => textsOf('phrase', await suggest(q))

describe('suggest', () => {
  it('gives nobody what one person alone says, however often', async () => {
    for (const q of ['zanz', 'zanzibar x', 'xb', '51', '519331', 'door', 'steel'])
      expect(await phrasesFor(q), q).toEqual([])
  })

  it('gives what one seller says in five different titles', async () => {
    expect(await phrasesFor('waln')).toEqual(['walnut veneer'])
  })

  it('gives no telephone number, whoever says it', async () => {
    expect(await phrasesFor('4085')).toEqual([])
    expect(await phrasesFor('call')).toEqual([])
  })

  it('gives phrases with the numbers of models', async () => {
    expect(await phrasesFor('iphone 6')).toEqual(['iphone 6'])
    expect(await phrasesFor('samsung g')).toEqual(['samsung galaxy s7'])
  })

  it('gives of a plural and its singular the commoner one', async () => {
    expect((await phrasesFor('bik')).filter(text => /^bikes?$/.test(text))).toEqual(['bike'])
    expect(await phrasesFor('bikes')).toEqual(['bikes'])
  })

  it('gives no word that says nothing of a thing', async () => {
    for (const q of ['gre', 'sal', 'nea', 'now', 'the']) expect(await phrasesFor(q), q).toEqual([])
  })

  it('gives what a slip of the finger means where nothing begins so', async () => {
    expect(await phrasesFor('samsng')).toContain('samsung galaxy s7')
    expect(await phrasesFor('samsng gal')).toEqual(['samsung galaxy s7'])
  })

  it('names the category that is called so first, and phrases before categories before places', async () => {
    const items = await suggest('car', { country: 'US' })
    expect(textsOf('category', items)[0]).toBe('Cars')
    const order = ['phrase', 'category', 'place']
    const kinds = items.map(({ kind }) => order.indexOf(kind))
    expect(kinds).toEqual(kinds.toSorted())
  })

  it('names the category with more posts first where both names begin so', async () => {
    expect(textsOf('category', await suggest('ch'))).toEqual(["Children's books", 'Chairs and stools'])
  })

  it('names large cities, and small ones in the own country', async () => {
    expect(textsOf('place', await suggest('muni'))).toContain('Munich')
    expect(textsOf('place', await suggest('bike'))).toEqual([])
    expect(textsOf('place', await suggest('bikenibeu', { country: 'KI' }))).toEqual(['Bikenibeu Village'])
    expect(textsOf('place', await suggest('be'))).toEqual([])
  })
})
