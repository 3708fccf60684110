import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  attributesOf,
  attributesSchema,
  Category,
  categories,
  categoryPath,
  conditionLabels,
  conditions,
  findCategory,
  isLeafCategory,
  leafCategories,
  leavesOf,
} from './category.ts'

const all = categories.flatMap(top => [top, ...top.children])
const icons = new URL('../node_modules/lucide-static/icons/', import.meta.url)

describe('categories', () => {
  it('are at least 12 top ones and 60 leaves with unique kebab-case slugs', () => {
    expect(categories.length).toBeGreaterThanOrEqual(12)
    expect(leafCategories.length).toBeGreaterThanOrEqual(60)
    expect(new Set(all.map(category => category.slug)).size).toBe(all.length)
    for (const { slug } of all) expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it('begin with the twelve of the header', () => {
    expect(categories.slice(0, 12).map(category => category.name)).toEqual(
      'Bikes Furniture Cars Housing Phones Electronics Clothing Kids Garden Books Music Tools'.split(' '),
    )
  })

  it('match their schema and use icons that exist', () => {
    z.array(Category).parse(categories)
    for (const { icon } of all) expect(existsSync(new URL(`${icon}.svg`, icons)), icon).toBe(true)
  })

  it('hold each attribute key once', () => {
    for (const { slug, attributes } of all) {
      const keys = attributes.map(attribute => attribute.key)
      expect(new Set(keys).size, slug).toBe(keys.length)
    }
  })

  it('have a label for each condition', () => {
    expect(Object.keys(conditionLabels)).toEqual([...conditions])
  })
})

describe('findCategory, categoryPath, leavesOf', () => {
  it('walk the tree by slug', () => {
    expect(findCategory('cars')?.name).toBe('Cars and SUVs')
    expect(categoryPath('cars').map(category => category.slug)).toEqual(['vehicles', 'cars'])
    expect(leavesOf('phones')).toEqual(['smartphones', 'other-phones', 'phone-accessories'])
    expect(leavesOf('cars')).toEqual(['cars'])
    expect(leavesOf('free-stuff')).toEqual(['free-stuff'])
  })

  it('know nothing of an unknown slug', () => {
    for (const slug of ['', 'Cars', 'constructor', '__proto__']) {
      expect(findCategory(slug)).toBeUndefined()
      expect(categoryPath(slug)).toEqual([])
      expect(leavesOf(slug)).toEqual([])
      expect(attributesOf(slug)).toEqual([])
      expect(isLeafCategory(slug)).toBe(false)
    }
  })

  it('accept leaves only for posts', () => {
    expect(isLeafCategory('cars')).toBe(true)
    expect(isLeafCategory('vehicles')).toBe(false)
  })
})

describe('attributesSchema', () => {
  const car = {
    make: 'Toyota',
    model: 'Yaris',
    year: 2014,
    odometer: 98_000,
    fuel: 'hybrid',
    transmission: 'automatic',
  }

  it('accepts typed values, each of them optional, and keeps texts as they are', () => {
    expect(attributesSchema('cars').parse({ ...car, make: ' Toyota ' })).toEqual({ ...car, make: ' Toyota ' })
    expect(attributesSchema('cars').parse({})).toEqual({})
    expect(attributesSchema('sofas').parse({ material: 'linen', width: 210.5, seats: 3 })).toBeTruthy()
  })

  it.each([
    ['an unknown key', { wings: 2 }, 'unrecognized_keys'],
    ['a year as text', { year: '2014' }, 'invalid_type'],
    ['half a kilometre', { odometer: 1.5 }, 'invalid_type'],
    ['a negative odometer', { odometer: -1 }, 'too_small'],
    ['a fuel that is no choice', { fuel: 'water' }, 'invalid_value'],
    ['an empty make', { make: '  ' }, 'custom'],
    ['a control character', { make: 'A\u0000B' }, 'custom'],
    ['a make too long', { make: 'x'.repeat(81) }, 'custom'],
  ])('refuses %s', (_, attributes, code) => {
    const { error } = attributesSchema('cars').safeParse(attributes)
    expect(error?.issues[0]?.code).toBe(code)
    const [key = ''] = Object.keys(attributes)
    if (code !== 'unrecognized_keys') expect(error?.issues[0]?.path).toEqual([key])
  })

  it('is made once for each category', () => {
    expect(attributesSchema('cars')).toBe(attributesSchema('cars'))
  })
})
