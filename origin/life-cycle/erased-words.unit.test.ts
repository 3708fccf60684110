import { describe, expect, it } from 'vitest'
import { distinctivePart } from './erased-words.ts'

describe('distinctivePart', () => {
  it.each([
    ['Grandfather clock', 'Grandfather clock'],
    ['A "rare" grandfather clock\n12 in', 'grandfather clock'],
    ['C:\\temp and what else there is', 'temp and what else there is'],
    ['x'.repeat(80), 'x'.repeat(60)],
    ['二手自行車', '二手自行車'],
    ['😀'.repeat(80), '😀'.repeat(60)],
  ])('cuts %j to what JSON leaves alone', (text, part) => {
    expect(distinctivePart(text)).toBe(part)
    expect(JSON.stringify({ text })).toContain(part)
  })

  it.each(['Sofa', '', '  \n ', 'No "no" no'])('leaves %j out: it says too little', text => {
    expect(distinctivePart(text)).toBeUndefined()
  })
})
