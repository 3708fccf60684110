import { describe, expect, it } from 'vitest'
import { likeliest } from './spelling.ts'

const titles = (words: Record<string, number>) => Object.entries(words).map(([word, posts]) => ({ word, posts }))

describe('likeliest', () => {
  it('takes the fewest edits first, then the same first letter, then the more common', () => {
    expect(likeliest('sofe', 0, titles({ sofa: 3, soda: 500 }))).toEqual(['sofa'])
    // The nearer one is a slip itself.
    expect(likeliest('bycicle', 0, titles({ bycycle: 2, bicycle: 900 }))).toEqual(['bicycle'])
    expect(likeliest('gsy', 0, [])).toEqual([])
    expect(likeliest('dolk', 0, titles({ folk: 90, dolly: 20, doll: 2 }))).toEqual(['doll', 'folk'])
    expect(likeliest('ahir', 0, titles({ hair: 1, chair: 80 }))).toEqual(['hair'])
  })

  it('leaves a word that is not far rarer than what it is near', () => {
    expect(likeliest('bile', 2, titles({ bike: 19 }))).toEqual([])
    expect(likeliest('bile', 2, titles({ bike: 20 }))).toEqual(['bike'])
  })

  it('knows what people call a thing, though no post says it', () => {
    expect(likeliest('loory', 0, [])).toEqual(['lorry'])
    expect(likeliest('loory', 1, [])).toEqual([])
  })

  it('changes no short word', () => {
    expect(likeliest('lft', 0, titles({ loft: 30 }))).toEqual([])
    expect(likeliest('bxke', 0, titles({ bake: 9, bike: 80, bank: 99 }))).toEqual(['bike', 'bake'])
  })
})
