import { describe, expect, it } from 'vitest'
import { wordsOf } from './query.ts'
import { synonymGroups } from './synonyms.ts'

describe('synonymGroups', () => {
  it('has at least 150 pairs', () => {
    const pairs = synonymGroups.map(({ names, oneSided }) =>
      oneSided ? names.length - 1 : (names.length * (names.length - 1)) / 2,
    )
    expect(pairs.reduce((sum, count) => sum + count)).toBeGreaterThan(150)
    expect(synonymGroups.length).toBeGreaterThan(150)
  })

  it('holds plain words in lower case, and no group twice', () => {
    for (const { names } of synonymGroups) {
      expect(names.length).toBeGreaterThan(1)
      for (const name of names) expect(wordsOf(name.join(' '))).toEqual(name)
      for (const name of names) expect(name.join(' ')).toBe(name.join(' ').toLowerCase())
    }
    const written = synonymGroups.map(group => JSON.stringify(group))
    expect(new Set(written).size).toBe(written.length)
  })
})
