import { keyOf, type Pair } from './judgments.ts'
import { shuffled } from './seeded.ts'

/** Gives each ad that any system has among its first `depth` for a query, once, but not those that are judged already. */
export function poolOf(
  query: string,
  rankings: readonly (readonly string[])[],
  { depth, judged }: { depth: number; judged: ReadonlySet<string> },
): Pair[] {
  const ads = new Set(rankings.flatMap(ranking => ranking.slice(0, depth)))
  return [...ads].map(ad => ({ query, ad })).filter(pair => !judged.has(keyOf(pair)))
}

/**
 * Deals pairs to judges: all pairs of a query to one, each about as many, queries and the ads of each in an order by chance,
 * so that neither the order nor the neighbours tell which system gave an ad.
 */
export function dealByQuery(pairs: readonly Pair[], count: number, seed: string): Pair[][] {
  const sheets = Array.from({ length: count }, () => ({ size: 0, queries: [] as Pair[][] }))
  for (const group of byQuery(pairs, seed).sort((a, b) => b.length - a.length)) {
    const least = sheets.reduce((a, b) => (b.size < a.size ? b : a))
    least.queries.push(group)
    least.size += group.length
  }
  return sheets.map(({ queries }) => shuffled(queries, seed, ([first]) => first?.query ?? '').flat())
}

/** Draws a fifth of the pairs, rounded up, for a second judging, dealt in an order of its own. */
export function drawSecond(pairs: readonly Pair[], count: number, seed: string): Pair[][] {
  const drawn = shuffled(pairs, `${seed} drawn`, keyOf).slice(0, Math.ceil(pairs.length / 5))
  return dealByQuery(drawn, count, `${seed} second`)
}

function byQuery(pairs: readonly Pair[], seed: string): Pair[][] {
  return [...Map.groupBy(shuffled(pairs, seed, keyOf), ({ query }) => query).values()]
}
