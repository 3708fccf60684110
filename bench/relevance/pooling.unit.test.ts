import { describe, expect, it } from 'vitest'
import { readAnswers } from './answers.ts'
import { keyOf, type Pair, pairOf } from './judgments.ts'
import { dealByQuery, drawSecond, poolOf } from './pooling.ts'
import { excerptOf, keysOf, type ShownAd, sheetOf } from './sheets.ts'

const pairs: Pair[] = Array.from({ length: 40 }, (_, query) =>
  Array.from({ length: 5 + (query % 20) }, (_, ad) => ({ query: `q${100 + query}`, ad: `${ad}` })),
).flat()

describe('poolOf', () => {
  it('takes what any system has among its first, once, and not what is judged', () => {
    const rankings = [
      ['a', 'b', 'c'],
      ['b', 'd', 'a'],
    ]
    const pool = poolOf('q001', rankings, { depth: 2, judged: new Set(['q001.a', 'q002.b']) })
    expect(pool.map(keyOf)).toEqual(['q001.b', 'q001.d'])
  })
})

describe('dealing', () => {
  it('gives every pair to one judge, a whole query to the same, and about as many to each', () => {
    const sheets = dealByQuery(pairs, 4, 'seed')
    expect(sheets.flat().map(keyOf).sort()).toEqual(pairs.map(keyOf).sort())
    const queries = sheets.map(sheet => new Set(sheet.map(({ query }) => query)))
    expect(queries.reduce((sum, some) => sum + some.size, 0)).toBe(40)
    const sizes = sheets.map(sheet => sheet.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(25)
  })
  it('depends on the seed alone, not on the order in which systems brought the ads', () => {
    const order = (some: readonly Pair[]) => dealByQuery(some, 4, 'seed').flat().map(keyOf)
    expect(order(pairs.toReversed())).toEqual(order(pairs))
    expect(dealByQuery(pairs, 4, 'other').flat().map(keyOf)).not.toEqual(order(pairs))
    expect(order(pairs)).not.toEqual(pairs.map(keyOf))
  })
  it('draws a fifth for the second judging, in another order', () => {
    const second = drawSecond(pairs, 2, 'seed').flat().map(keyOf)
    expect(new Set(second).size).toBe(Math.ceil(pairs.length / 5))
    const first = dealByQuery(pairs, 2, 'seed').flat().map(keyOf)
    const within = (keys: readonly string[], query: string) => keys.filter(key => pairOf(key).query === query)
    const reordered = [...new Set(pairs.map(({ query }) => query))].filter(query => {
      const [once, again] = [within(first, query), within(second, query)]
      return once.filter(key => again.includes(key)).join() !== again.join()
    })
    expect(reordered.length).toBeGreaterThan(10)
  })
})

describe('sheets', () => {
  const query = { id: 'q001', kind: 'short', q: 'sofa', need: 'A sofa', half: 'tune' } as const
  const ad: ShownAd = { title: 'A\tsofa', description: 'x', price: 5, attributes: { color: 'red' }, category: 'sofas' }
  it('show query and need once, and a row of one line for each ad', () => {
    const some = ['1', '2'].map(ad => ({ query: 'q001', ad }))
    const sheet = sheetOf(some, new Map([['q001', query]]), new Map(some.map(pair => [pair.ad, ad])))
    expect(sheet).toBe(
      '#\tsofa\tneed: A sofa\nq001.1\tA sofa\tsofas\t$5\tcolor: red\tx\nq001.2\tA sofa\tsofas\t$5\tcolor: red\tx\n',
    )
    expect(keysOf(sheet)).toEqual(['q001.1', 'q001.2'])
    expect(pairOf('q001.a.b')).toEqual({ query: 'q001', ad: 'a.b' })
  })
  it('show the beginning of a description and where the words of the query begin further on', () => {
    const description = `${'y'.repeat(400)} unbearable ${'z'.repeat(400)} bearing ${'w'.repeat(400)}`
    const excerpt = excerptOf(description, ['bear'])
    expect(excerpt).toContain('bearing')
    expect(excerpt).not.toContain('unbearable')
    expect(excerpt.length).toBeLessThan(500)
  })
})

describe('readAnswers', () => {
  const sheet = '#\tsofa\tneed: A sofa\nq001.1\tx\nq001.2\tx\nq001.3\tx\n'
  it('takes a grade for each row', () => {
    const { judgments, faults } = readAnswers(sheet, 'q001.1\t3\nq001.2\t0\n\nq001.3\t1\n')
    expect(faults).toEqual([])
    expect(judgments[0]).toEqual({ query: 'q001', ad: '1', grade: 3 })
  })
  it('tells of rows without a grade, with two, with one out of range, and of foreign ones', () => {
    const { faults } = readAnswers(sheet, 'q001.1\t4\nq001.2\t0\nq001.2\t1\nq009.1\t1\n')
    expect(faults).toEqual([
      'q001.1 has no grade from 0 to 3, but "4"',
      'q001.2 is judged twice',
      'q009.1 is not on the sheet',
      'q001.1 is not judged',
      'q001.3 is not judged',
    ])
  })
})
