import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery, wantedWords } from './query.ts'

describe('parseQuery', () => {
  it.each([
    ['trek bike', { words: ['trek', 'bike'], phrases: [], excluded: [] }],
    ['"mid century" sofa', { words: ['sofa'], phrases: [['mid', 'century']], excluded: [] }],
    ['“mid century” sofa', { words: ['sofa'], phrases: [['mid', 'century']], excluded: [] }],
    ['"bile" bike', { words: ['bike'], phrases: [['bile']], excluded: [] }],
    ['sofa -leather', { words: ['sofa'], phrases: [], excluded: [['leather']] }],
    ['sofa -"dark brown"', { words: ['sofa'], phrases: [], excluded: [['dark', 'brown']] }],
    ['t-shirt - x', { words: ['t', 'shirt', 'x'], phrases: [], excluded: [] }],
    ['27" monitor', { words: ['27', 'monitor'], phrases: [], excluded: [] }],
    ['27" or 32" monitor', { words: ['27', 'or', '32', 'monitor'], phrases: [], excluded: [] }],
    ['"open', { words: ['open'], phrases: [], excluded: [] }],
    ['--x', { words: ['x'], phrases: [], excluded: [] }],
    [
      'a AND (b OR c)~2 title:d*',
      { words: ['a', 'AND', 'b', 'OR', 'c', '2', 'title', 'd'], phrases: [], excluded: [] },
    ],
    ["levi's", { words: ["levi's"], phrases: [], excluded: [] }],
    ['Ｔｒｅｋ ﬁxie', { words: ['Trek', 'fixie'], phrases: [], excluded: [] }],
    ['-', { words: [], phrases: [], excluded: [] }],
    ['"" "  "', { words: [], phrases: [], excluded: [] }],
    ['🚲', { words: [], phrases: [], excluded: [] }],
  ])('understands %s', (typed, understood) => {
    expect(parseQuery(typed)).toEqual(understood)
  })

  it('keeps 32 words', () => {
    expect(wantedWords(parseQuery('one two '.repeat(100)))).toHaveLength(32)
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), typed => {
        const { words, phrases, excluded } = parseQuery(typed)
        for (const word of [...words, ...phrases.flat(), ...excluded.flat()])
          expect(word).toMatch(/^[\p{L}\p{N}\p{M}'’]+$/u)
      }),
    )
  })
})
