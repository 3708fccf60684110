import { describe, expect, it } from 'vitest'
import { type ApiRoute, api } from './api.ts'
import { decimalNumber, wholeNumber } from './query.ts'

const oddities = ['0x10', '0b1', '1e3', ' 1', '1 ', '+1', '', 'Infinity', 'NaN', '1_000', '1,5', '١', '--1', '.5', '5.']

describe('wholeNumber', () => {
  it.each([...oddities, '1.0', '-1', '101'])('refuses "%s"', text => {
    expect(wholeNumber(0, 100).safeParse(text).success).toBe(false)
  })
  it('reads plain digits', () => {
    expect(wholeNumber(0, 100).parse('42')).toBe(42)
    expect(wholeNumber(0, 1_000_000_000_000).parse('1000000000000')).toBe(1_000_000_000_000)
  })
})

describe('decimalNumber', () => {
  it.each([...oddities, '91', '-91'])('refuses "%s"', text => {
    expect(decimalNumber(-90, 90).safeParse(text).success).toBe(false)
  })
  it('reads digits with a point', () => {
    expect(decimalNumber(-90, 90).parse('-33.8679')).toBe(-33.8679)
    expect(decimalNumber(-90, 90).parse('40')).toBe(40)
  })
})

/** Every number of every query is one of the two: nothing in a query is coerced. */
describe('the queries of the API', () => {
  const numbers = Object.entries(api).flatMap(([name, { query }]: [string, ApiRoute]) =>
    ['limit', 'minPrice', 'maxPrice', 'radius', 'lat', 'lon'].map(field => ({ name, query, field })),
  )
  it.each(numbers)('$name names $field when it is no plain number', ({ query, field }) => {
    if (!query || !(field in ((query as { shape?: object }).shape ?? {}))) return
    for (const text of ['0x10', '1e1', ' 10']) {
      const { error } = query.safeParse({ [field]: text })
      expect(error?.issues.map(({ path }) => path.join('.'))).toContain(field)
    }
  })
})
