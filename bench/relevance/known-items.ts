import { mkdirSync, writeFileSync } from 'node:fs'
import { dropWord, mistype, rename } from './edits.ts'
import { gradesOf, judgmentFiles, readJudgments } from './judgments.ts'
import { mean, recall } from './measures.ts'
import { readQueries } from './queries.ts'
import { shuffled } from './seeded.ts'
import type { ShownAd } from './sheets.ts'
import { type System, withSystems } from './systems.ts'

/*
 * `node bench/relevance/known-items.ts`: looks for an ad by its own title with a typing error, another word for the same thing, or
 * a word left out, and for what typing errors in the judged queries lose. Promise: with one edit, 0.9 of the clean query's
 * recall@10. Writes bench/results/known-items.json.
 */
const perKind = 300
const variants = 4
const k = 10
const leastKept = 0.9
const leastGrade = 2
const edits = { typo: mistype, synonym: rename, dropped: dropWord } as const
const ours = new Set(['postgres', 'opensearch'])

await withSystems(async ({ systems, ads }) => {
  const items = Object.fromEntries(
    Object.entries(edits).map(([kind, edit]) => [kind, itemsOf(ads, kind, edit)] as const),
  )
  const known = []
  const typos = []
  for (const system of systems) {
    for (const [kind, some] of Object.entries(items)) known.push(await findAll(system, kind, some))
    if (ours.has(system.name)) typos.push(await typosOf(system))
  }
  console.table(known)
  console.table(typos)
  mkdirSync(new URL('../results/', import.meta.url), { recursive: true })
  const file = new URL('../results/known-items.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify({ leastKept, known, typos }, null, 2)}\n`)
  if (typos.some(({ kept }) => !(kept >= leastKept))) process.exitCode = 1
})

type Item = { q: string; ad: string }

/** Draws ads whose title nobody else has and says something, and edits their titles. */
function itemsOf(ads: ReadonlyMap<string, ShownAd>, kind: string, edit: (typeof edits)['typo']): Item[] {
  const titles = Map.groupBy(ads, ([, { title }]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  )
  const single = [...titles.values()].flatMap(same => (same.length === 1 ? same : []))
  const telling = single.filter(([, { title }]) => title.split(/\s+/).length >= 4)
  const edited = shuffled(telling, kind, ([ad]) => ad).flatMap(([ad, { title }]) => {
    const q = edit(title.replaceAll('"', ' ').replaceAll(/(^|\s)-/g, ' '), `${kind} ${ad}`)
    return q === undefined ? [] : [{ q, ad }]
  })
  return edited.slice(0, perKind)
}

async function findAll({ name, find }: System, kind: string, items: readonly Item[]) {
  const ranks: number[] = []
  for (const { q, ad } of items) ranks.push((await find(q, k)).indexOf(ad) + 1)
  const within = (most: number) => mean(ranks.map(rank => (rank > 0 && rank <= most ? 1 : 0)))
  const reciprocal = mean(ranks.map(rank => (rank > 0 ? 1 / rank : 0)))
  return {
    system: name,
    kind,
    items: items.length,
    'success@1': round(within(1)),
    'success@10': round(within(k)),
    'MRR@10': round(reciprocal),
  }
}

/**
 * What is left of a judged query with one edit. `kept` is the recall@10 of ads of at least grade 2 over that of the clean query;
 * `overlap` the share of the clean query's ten that are still among the ten.
 */
async function typosOf({ name, find }: System) {
  const grades = gradesOf(readJudgments(judgmentFiles.first))
  const clean = readQueries().filter(({ kind }) => kind !== 'typo' && kind !== 'phrase')
  const found: { clean: number; edited: number; overlap: number }[] = []
  for (const { id, q } of clean) {
    const before = await find(q, k)
    for (let variant = 0; variant < variants && before.length > 0; variant++) {
      const edited = mistype(q, `${id} ${variant}`)
      if (edited === undefined) continue
      const after = await find(edited, k)
      const own = grades.get(id) ?? new Map()
      found.push({
        clean: recall(before, own, k, leastGrade) ?? 0,
        edited: recall(after, own, k, leastGrade) ?? 0,
        overlap: after.filter(ad => before.includes(ad)).length / before.length,
      })
    }
  }
  const kept = mean(found.map(({ edited }) => edited)) / mean(found.map(({ clean }) => clean))
  return { system: name, edits: found.length, kept: round(kept), overlap: round(mean(found.map(f => f.overlap))) }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
