import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { judgmentFiles, keyOf, type Pair, readJudgments } from './judgments.ts'
import { dealByQuery, drawSecond, poolOf } from './pooling.ts'
import { readQueries } from './queries.ts'
import { sheetOf } from './sheets.ts'
import { withSystems } from './systems.ts'

/*
 * `node bench/relevance/pool.ts FOLDER`: writes the sheets that judges fill in, of the first 20 of all systems for every query,
 * without what is judged already, and sheets of a fifth of it for a second judging. They hold the ads' texts: the folder must
 * lie outside the repository.
 */
const depth = 20
const sheets = 8
const secondSheets = 2

const [folder] = process.argv.slice(2)
const repository = path.resolve(import.meta.dirname, '../..')
if (!folder || !path.relative(repository, path.resolve(folder)).startsWith('..'))
  throw new Error('Cannot write sheets: name a folder outside the repository, as they hold the texts of the ads')

await withSystems(async ({ systems, ads }) => {
  const queries = readQueries()
  const judged = new Set(readJudgments(judgmentFiles.first).map(keyOf))
  const pairs: Pair[] = []
  for (const { id, q } of queries) {
    const rankings: string[][] = []
    for (const system of systems) rankings.push(await system.find(q, depth))
    pairs.push(...poolOf(id, rankings, { depth, judged }))
  }
  mkdirSync(folder, { recursive: true })
  const byId = new Map(queries.map(query => [query.id, query]))
  const seed = `round of ${judged.size}`
  const write = (name: string, dealt: readonly Pair[][]) => {
    for (const [i, sheet] of dealt.entries()) {
      const file = path.join(folder, `${name}-${i + 1}.tsv`)
      writeFileSync(file, sheetOf(sheet, byId, ads))
      console.log(`${file}: ${sheet.length} pairs`)
    }
  }
  write('sheet', dealByQuery(pairs, sheets, seed))
  write('second', drawSecond(pairs, secondSheets, seed))
  console.log(`${pairs.length} pairs of ${queries.length} queries from ${systems.map(({ name }) => name).join(', ')}`)
})
