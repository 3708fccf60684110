import { describe, expect, it } from 'vitest'
import { areOfAKind } from './accessories.ts'

describe('areOfAKind', () => {
  it.each([
    ['iPhone 6', 'Apple iPhone 6 16GB'],
    ['iPhone 6 with case', 'iPhone 6'],
    ['iPhone 6 + charger', 'iPhone 6'],
    ['iPhone 6 case', 'Leather cases for iPhone'],
    ['Laptop accessories', 'Accessory for laptops'],
  ])('takes "%s" and "%s" for the same kind', (one, other) => {
    expect(areOfAKind(one, other)).toBe(true)
    expect(areOfAKind(other, one)).toBe(true)
  })

  it.each([
    ['iPhone 6', 'iPhone 6 case'],
    ['iPhone 6 case', 'iPhone 6 charger'],
    ['Trek bike', 'Trek bike wheels'],
    ['Honda Civic', 'Manual for Honda Civic'],
  ])('tells "%s" from "%s"', (one, other) => {
    expect(areOfAKind(one, other)).toBe(false)
    expect(areOfAKind(other, one)).toBe(false)
  })
})
