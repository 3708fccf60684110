import { describe, expect, it } from 'vitest'
import { subdivisionName, subdivisions } from './subdivisions.ts'

describe('subdivisions', () => {
  it.each([
    ['US', 51],
    ['CA', 13],
    ['MX', 32],
    ['BR', 27],
    ['GB', 4],
    ['DE', 16],
    ['FR', 13],
    ['IN', 36],
    ['JP', 47],
    ['AU', 8],
  ] as const)('hold all of %s: %i', (country, count) => {
    const codes = Object.keys(subdivisions[country])
    expect(codes).toHaveLength(count)
    for (const code of codes) expect(code).toMatch(new RegExp(`^${country}-[A-Z0-9]{2,3}$`))
    const names = Object.values(subdivisions[country])
    expect(new Set(names).size).toBe(count)
    for (const name of names) expect(name).toMatch(/^\p{Lu}[\p{L} ’-]+$/u)
  })
})

describe('subdivisionName', () => {
  it('names a code and knows no other', () => {
    expect(subdivisionName('US-NY')).toBe('New York')
    expect(subdivisionName('JP-13')).toBe('Tokyo')
    expect(subdivisionName('FR-20R')).toBe('Corse')
    for (const code of ['', 'US', 'US-ZZ', 'ES-MD', 'us-ny', '__proto__', 'US-toString']) {
      expect(subdivisionName(code)).toBeUndefined()
    }
  })
})
