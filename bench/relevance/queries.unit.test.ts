import { describe, expect, it } from 'vitest'
import { dropWord, mistype, rename } from './edits.ts'
import { readQueries } from './queries.ts'

describe('the judged queries', () => {
  const queries = readQueries()
  it('are at least 120, each once, and of every kind as many in either half, or one more', () => {
    expect(queries.length).toBeGreaterThanOrEqual(120)
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length)
    expect(new Set(queries.map(({ q }) => q.toLowerCase())).size).toBe(queries.length)
    for (const [kind, some] of Map.groupBy(queries, query => query.kind)) {
      const tune = some.filter(({ half }) => half === 'tune').length
      expect(Math.abs(some.length - 2 * tune), kind).toBeLessThanOrEqual(1)
    }
  })
})

describe('edits', () => {
  it('mistype changes one word of letters by one edit, the same for the same seed', () => {
    for (let seed = 0; seed < 200; seed++) {
      const edited = mistype('TV leather 2004', `${seed}`) ?? ''
      expect(edited).toMatch(/^TV \w{6,8} 2004$/)
      expect(edited).not.toBe('TV leather 2004')
      expect(mistype('TV leather 2004', `${seed}`)).toBe(edited)
    }
    expect(mistype('TV 2004', 'a')).toBeUndefined()
  })
  it('rename says one word otherwise, and nothing where there is no other', () => {
    expect(rename('Nice Nightstand, oak', 'a')).toBe('Nice bedside table oak')
    expect(rename('Nice oak', 'a')).toBeUndefined()
  })
  it('dropWord leaves out one of at least four', () => {
    expect(dropWord('a b c d', 'a')?.split(' ')).toHaveLength(3)
    expect(dropWord('a b c', 'a')).toBeUndefined()
  })
})
