import { describe, expect, it } from 'vitest'
import { catalogue } from '../catalogue.ts'
import { drawingsFor, drawingsOf } from './drawings.ts'

const categories = Object.keys(catalogue)
const all = categories.flatMap(drawingsOf)

describe('drawingsOf', () => {
  it('has about 150 pictures, each with a name of its own, none like another', () => {
    expect(all.length).toBeGreaterThan(140)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(new Set(all.map(({ svg }) => svg)).size).toBe(all.length)
  })

  it('draws the same each time, for each category, and says that it is an illustration', () => {
    for (const category of categories) {
      expect(drawingsOf(category).length).toBeGreaterThan(1)
      expect(drawingsOf(category)).toEqual(drawingsOf(category))
      for (const { alt } of drawingsOf(category)) expect(alt).toMatch(/^Illustration: /)
    }
  })

  it('writes no number that is none', () => {
    for (const { svg } of all) expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('drawingsFor', () => {
  it('gives a post two to six pictures of its category, the same ones each time, none twice', () => {
    for (let n = 1; n <= 40; n++) {
      const names = drawingsFor('bikes', `demo-na-bikes-${n}`).map(({ name }) => name)
      expect(names.length).toBeGreaterThanOrEqual(2)
      expect(names.length).toBeLessThanOrEqual(6)
      expect(new Set(names).size).toBe(names.length)
      expect(drawingsFor('bikes', `demo-na-bikes-${n}`).map(({ name }) => name)).toEqual(names)
    }
  })
})
