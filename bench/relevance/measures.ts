import { randomFrom } from './seeded.ts'

/** The grades of a query's ads, 0 to 3, by the ad's id. */
export type Grades = ReadonlyMap<string, number>

/**
 * Normalised discounted cumulative gain of the first k: gain 2^grade - 1, discount 1 / log2(rank + 1), the ideal from all
 * judged ads of the query; an ad that nobody judged counts as 0 (Järvelin and Kekäläinen 2002, in the form of Burges 2005).
 * @returns 0 to 1; undefined for a query that no judged ad fits, as it tells no system from another
 */
export function ndcg(ranked: readonly string[], grades: Grades, k: number): number | undefined {
  const ideal = gainOf([...grades.values()].sort((a, b) => b - a).slice(0, k))
  if (ideal === 0) return undefined
  return gainOf(ranked.slice(0, k).map(id => grades.get(id) ?? 0)) / ideal
}

/** The share of the first k that nobody has judged; 0 for an empty list. */
export function holes(ranked: readonly string[], grades: Grades, k: number): number {
  const first = ranked.slice(0, k)
  return first.length === 0 ? 0 : first.filter(id => !grades.has(id)).length / first.length
}

/** The share of the ads of at least a grade that are among the first k, of as many as could be; undefined where there are none. */
export function recall(ranked: readonly string[], grades: Grades, k: number, least: number): number | undefined {
  const wanted = new Set([...grades].filter(([, grade]) => grade >= least).map(([id]) => id))
  if (wanted.size === 0) return undefined
  return ranked.slice(0, k).filter(id => wanted.has(id)).length / Math.min(k, wanted.size)
}

/** An estimate, and between what it lies in 95 of 100 resamples. */
export type Interval = { value: number; low: number; high: number }

/**
 * Percentile bootstrap (Efron 1979): draws as many items again, with repetition, and measures each draw. What belongs to one
 * query stays together in its item, so that two systems are compared on the same queries (paired).
 * @param resamples how many draws
 */
export function bootstrap<T>(
  items: readonly T[],
  measure: (drawn: readonly T[]) => number,
  { seed, resamples = 10_000 }: { seed: string; resamples?: number },
): Interval {
  const random = randomFrom(seed)
  const draws = Array.from({ length: resamples }, () =>
    measure(items.map(() => items[Math.floor(random() * items.length)] as T)),
  ).sort((a, b) => a - b)
  const at = (share: number) => draws[Math.min(Math.floor(share * resamples), resamples - 1)] ?? Number.NaN
  return { value: measure(items), low: at(0.025), high: at(0.975) }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * Agreement of two judgings beyond chance, where a difference of two grades weighs four times one of one (quadratic weights,
 * Cohen 1968): 1 is the same throughout, 0 is chance.
 * @param pairs the grades of one thing, first and second
 */
export function weightedKappa(pairs: readonly (readonly [number, number])[]): number {
  const apart = (a: number, b: number) => (a - b) ** 2
  const seen = mean(pairs.map(([a, b]) => apart(a, b)))
  const byChance = mean(pairs.map(([a]) => mean(pairs.map(([, b]) => apart(a, b)))))
  return byChance === 0 ? 1 : 1 - seen / byChance
}

function gainOf(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0)
}
