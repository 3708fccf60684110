import { describe, expect, it } from 'vitest'
import { bootstrap, holes, mean, ndcg, recall, weightedKappa } from './measures.ts'

const grades = new Map([
  ['a', 3],
  ['b', 2],
  ['c', 0],
  ['d', 1],
])

describe('ndcg', () => {
  it('is 1 for the ideal order and counts what nobody judged as nothing', () => {
    expect(ndcg(['a', 'b', 'd'], grades, 10)).toBe(1)
    expect(ndcg(['x', 'y'], grades, 10)).toBe(0)
  })
  it('gains 2^grade - 1, discounted by the logarithm of the rank', () => {
    const ideal = 7 + 3 / Math.log2(3) + 1 / 2
    expect(ndcg(['b', 'x', 'a'], grades, 10)).toBeCloseTo((3 + 7 / 2) / ideal, 12)
  })
  it('looks at no more than the first k, in the ideal too', () => {
    expect(ndcg(['c', 'a'], grades, 1)).toBe(0)
    expect(ndcg(['a', 'c'], grades, 1)).toBe(1)
  })
  it('says nothing of a query that no ad fits', () => {
    expect(ndcg(['c'], new Map([['c', 0]]), 10)).toBeUndefined()
  })
})

describe('holes and recall', () => {
  it('holes are the unjudged of the first k', () => {
    expect(holes(['a', 'x', 'y', 'b'], grades, 2)).toBe(0.5)
    expect(holes([], grades, 10)).toBe(0)
  })
  it('recall is of as many as the first k can hold', () => {
    expect(recall(['a', 'c', 'b'], grades, 2, 2)).toBe(0.5)
    expect(recall(['a', 'c', 'b'], grades, 1, 2)).toBe(1)
    expect(recall(['a'], new Map(), 10, 2)).toBeUndefined()
  })
})

describe('weightedKappa', () => {
  it('is 1 where both agree and 0 where one says the same of everything', () => {
    const same = [0, 1, 2, 3].map(grade => [grade, grade] as const)
    expect(weightedKappa(same)).toBe(1)
    expect(weightedKappa([0, 1, 2, 3].map(grade => [grade, 2] as const))).toBeCloseTo(0, 12)
  })
  it('weighs by the square of the difference', () => {
    // Seen: (0 + 0 + 1 + 1) / 4. By chance: every first grade against every second one, (6 + 2 + 6 + 2) / 16.
    const pairs = [
      [0, 0],
      [1, 1],
      [0, 1],
      [1, 2],
    ] as const
    expect(weightedKappa(pairs)).toBeCloseTo(1 - 0.5 / 1, 12)
  })
})

describe('bootstrap', () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ own: 1 + (i % 7), base: 1 + (i % 5) }))
  const ratio = (drawn: readonly { own: number; base: number }[]) =>
    mean(drawn.map(({ own }) => own)) / mean(drawn.map(({ base }) => base))
  it('gives the same for the same seed, and another for another', () => {
    const once = bootstrap(items, ratio, { seed: 'a', resamples: 500 })
    expect(bootstrap(items, ratio, { seed: 'a', resamples: 500 })).toEqual(once)
    expect(bootstrap(items, ratio, { seed: 'b', resamples: 500 }).low).not.toBe(once.low)
  })
  it('holds the value within the interval, which is about as wide as the normal one', () => {
    const own = items.map(item => item.own)
    const { value, low, high } = bootstrap(own, mean, { seed: 'a', resamples: 4_000 })
    const deviation = Math.sqrt(mean(own.map(x => (x - value) ** 2)) / own.length)
    expect((high - low) / (2 * 1.96 * deviation)).toBeGreaterThan(0.9)
    expect((high - low) / (2 * 1.96 * deviation)).toBeLessThan(1.1)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  })
  it('pairs: a system against itself is 1 without doubt', () => {
    const same = items.map(({ own }) => ({ own, base: own }))
    expect(bootstrap(same, ratio, { seed: 'a', resamples: 100 })).toEqual({ value: 1, low: 1, high: 1 })
  })
})
