import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gradesOf, judgmentFiles, keyOf, readJudgments } from './judgments.ts'
import { bootstrap, type Grades, holes, type Interval, mean, ndcg, weightedKappa } from './measures.ts'
import { halves, type JudgedQuery, readQueries } from './queries.ts'
import { withSystems } from './systems.ts'

/*
 * `node bench/relevance/evaluate.ts --half tune|report`: nDCG@10 of our engines and of the baselines on one half of the judged
 * queries, as ratios to plain BM25 with paired bootstrap intervals, and how far two judgings agree. Promise, on the half that was not
 * tuned on: OpenSearch 1.10, Postgres 1.00. Writes bench/results/relevance-HALF.json.
 */
const { values } = parseArgs({ options: { half: { type: 'string' } } })
const half = halves.find(half => half === values.half)
if (!half) throw new Error(`Cannot evaluate: --half is one of ${halves.join(', ')}`)
const k = 10
const baseline = 'bm25'
const promised: Record<string, number> = { opensearch: 1.1, postgres: 1 }

/** What one system reached for one query. */
type Score = { query: JudgedQuery; ndcg: number; holes: number }

await withSystems(async ({ systems }) => {
  const grades = gradesOf(readJudgments(judgmentFiles.first))
  const queries = readQueries().filter(query => query.half === half)
  const judged = queries.filter(({ id }) => [...(grades.get(id)?.values() ?? [])].some(grade => grade > 0))
  if (judged.length === 0) throw new Error('Cannot evaluate: no query of this half is judged')
  const scores = new Map<string, Score[]>()
  for (const { name, find } of systems) {
    const own: Score[] = []
    for (const query of judged) own.push(scoreOf(query, await find(query.q, k), grades.get(query.id) ?? new Map()))
    scores.set(name, own)
  }
  const result = {
    half,
    queries: judged.length,
    withoutRelevantAds: queries.length - judged.length,
    gain: '2^grade - 1, ideal from all judged ads of the query',
    kappa: kappaOfSecond(),
    systems: systems.map(({ name }) => summaryOf(name, scores)),
    perQuery: judged.map(({ id, kind, q }, i) => ({
      ...{ id, kind, q },
      ...Object.fromEntries(systems.map(({ name }) => [name, round(scores.get(name)?.[i]?.ndcg ?? 0)])),
    })),
  }
  print(result.systems)
  console.log(
    `${judged.length} queries of the half "${half}", ${result.withoutRelevantAds} left out as no judged ad fits them`,
  )
  if (result.kappa) console.log(`second judging: weighted kappa ${result.kappa.value} on ${result.kappa.pairs} pairs`)
  mkdirSync(new URL('../results/', import.meta.url), { recursive: true })
  const file = new URL(`../results/relevance-${half}.json`, import.meta.url)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  if (half === 'report' && result.systems.some(({ kept }) => kept === false)) process.exitCode = 1
})

function scoreOf(query: JudgedQuery, ranked: string[], grades: Grades): Score {
  return { query, ndcg: ndcg(ranked, grades, k) ?? 0, holes: holes(ranked, grades, k) }
}

function summaryOf(name: string, scores: ReadonlyMap<string, Score[]>) {
  const own = scores.get(name) ?? []
  const pairs = own.map((score, i) => ({ own: score.ndcg, base: scores.get(baseline)?.[i]?.ndcg ?? 0 }))
  const ratio = rounded(
    bootstrap(pairs, drawn => mean(drawn.map(pair => pair.own)) / mean(drawn.map(pair => pair.base)), { seed: name }),
  )
  const least = promised[name]
  return {
    name,
    ndcg: rounded(bootstrap(own, drawn => mean(drawn.map(score => score.ndcg)), { seed: name })),
    ratio,
    holes: round(mean(own.map(score => score.holes))),
    ...(least !== undefined && { promised: least, kept: ratio.value >= least }),
    kinds: Object.fromEntries(
      [...Map.groupBy(own, ({ query }) => query.kind)].map(([kind, some]) => [
        kind,
        round(mean(some.map(s => s.ndcg))),
      ]),
    ),
  }
}

/** How far the second judging agrees with the first; undefined before there is one. */
function kappaOfSecond() {
  const first = new Map(readJudgments(judgmentFiles.first).map(judgment => [keyOf(judgment), judgment.grade]))
  const pairs = readJudgments(judgmentFiles.second).flatMap(judgment => {
    const before = first.get(keyOf(judgment))
    return before === undefined ? [] : [[before, judgment.grade] as const]
  })
  if (pairs.length === 0) return undefined
  const same = mean(pairs.map(([a, b]) => (a === b ? 1 : 0)))
  return { value: round(weightedKappa(pairs)), pairs: pairs.length, same: round(same) }
}

function print(systems: ReturnType<typeof summaryOf>[]): void {
  const interval = ({ value, low, high }: Interval) => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  console.table(
    systems.map(({ name, ndcg, ratio, holes, promised, kept }) => ({
      system: name,
      'nDCG@10 [95%]': interval(ndcg),
      'ratio to BM25 [95%]': interval(ratio),
      unjudged: holes,
      promised: promised === undefined ? '' : `${promised}: ${kept ? 'kept' : 'BROKEN'}`,
    })),
  )
  console.table(Object.fromEntries(systems.map(({ name, kinds }) => [name, kinds])))
}

function rounded({ value, low, high }: Interval): Interval {
  return { value: round(value), low: round(low), high: round(high) }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
