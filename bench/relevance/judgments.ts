import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A query and an ad that one of the systems gave for it. */
export type Pair = { query: string; ad: string }
export type Judgment = Pair & { grade: number }

/** What is judged (`first`), and the part of it that was judged again from the guideline alone (`second`). */
export const judgmentFiles = {
  first: new URL('judgments.tsv', import.meta.url),
  second: new URL('judgments-second.tsv', import.meta.url),
}

/** How a pair is named on a sheet and in a judge's answers; it tells nothing of who gave the ad. */
export function keyOf({ query, ad }: Pair): string {
  return `${query}.${ad}`
}

/** Reads the opposite of `keyOf`. */
export function pairOf(key: string): Pair {
  const dot = key.indexOf('.')
  return { query: key.slice(0, dot), ad: key.slice(dot + 1) }
}

/** Reads judgments: query, ad and grade, with tabs between; none where there is no file yet. */
export function readJudgments(file: URL): Judgment[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.slice(1).map(line => {
    const [query = '', ad = '', grade] = line.split('\t')
    return { query, ad, grade: Number(grade) }
  })
}

/** Writes judgments in one order always, so that a later round changes no line of an earlier one. */
export function writeJudgments(file: URL, judgments: readonly Judgment[]): void {
  const lines = judgments.map(({ query, ad, grade }) => [query, ad, grade].join('\t')).sort()
  writeFileSync(file, `${['query\tad\tgrade', ...lines].join('\n')}\n`)
}

/** The grades of each query. */
export function gradesOf(judgments: readonly Judgment[]): Map<string, Map<string, number>> {
  const grades = new Map<string, Map<string, number>>()
  for (const { query, ad, grade } of judgments) {
    const own = grades.get(query) ?? new Map<string, number>()
    grades.set(query, own.set(ad, grade))
  }
  return grades
}
