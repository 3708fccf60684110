import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findOpenSearch, startOpenSearch } from '../infra/local/opensearch/opensearch.ts'
import { withDatabase } from './database.ts'
import { cpuOfFamily, interleave, median } from './measure.ts'
import { makeStand, type Stand } from './search-stand.ts'

/*
 * `node bench/search.ts [--many 200000]`: what `/search` costs at the origin against the same question put to the engine
 * alone, on as many generated posts as there are real ads and on 200,000; how both grow, and what a suggestion costs. CPU of
 * all processes summed, interleaved slices, medians. Writes bench/results/search.json, exits 1 when a promise is broken.
 * Takes about ten minutes. Where Java or Maven lack, OpenSearch is left out, and it says so.
 */
const promises = { engine: 1.4, suggestion: 1.3 }
const slices = 8
const { values } = parseArgs({ options: { many: { type: 'string' } } })
const realAds = fileURLToPath(new URL('../../shared/data/listings.ndjson', import.meta.url))

const questions = [
  'q=bike',
  'q=red+bike',
  'q=trek+mountain+bike',
  'q=iphone+7',
  'q=ooma',
  'q=leather+sofa+good+condition+pick+up+only',
  'q=bycicle',
  'q=%22mountain+bike%22',
  'q=sofa+-leather&sort=price&currency=USD',
  'q=honda+civic&category=cars&attr.transmission=automatic',
  'category=cars',
  'country=US',
  'q=bike&near=40.7,-74&radius=50',
  'near=40.7,-74&radius=50&sort=distance',
]
const typed = ['bi', 'mountain', 'le', 'iph', 'sofa b']

if (!existsSync(realAds)) {
  console.log('Search not measured: the generated posts take their words from ../shared/data/listings.ndjson.')
  process.exit(0)
}
const lines = readFileSync(realAds, 'utf8').trim().split('\n')
const sizes = [lines.length, Number(values.many ?? 200_000)]
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  load: loadavg()[0],
}
console.log('machine', machine)

const found = await findOpenSearch()
if ('missing' in found) console.log(`OpenSearch is left out: ${found.missing}.`)
const nodes = 'missing' in found ? [] : await Promise.all(sizes.map(() => startOpenSearch(found)))
try {
  await withDatabase(few => withDatabase(async many => measure([few, many]), { pool: 4 }), { pool: 4 })
} finally {
  await Promise.all(nodes.map(node => node.stop()))
}

async function measure(origins: Parameters<typeof makeStand>[0][]): Promise<void> {
  const stands: Stand[] = []
  for (const [i, origin] of origins.entries()) stands.push(await makeStand(origin, lines, sizes[i] ?? 0, nodes[i]))
  const servers = stands.flatMap(stand => stand.servers)
  const cpu = () => servers.reduce((sum, pid) => sum + cpuOfFamily(pid), 0)
  const results: Record<string, unknown> = { machine, sizes, promises }
  let broken = false
  const promise = (kept: boolean, text: string) => {
    console.log(`${text}: ${kept ? 'kept' : 'BROKEN'}`)
    broken ||= !kept
  }
  for (const engine of ['postgres', 'opensearch'] as const) {
    if (engine === 'opensearch' && nodes.length === 0) continue
    const rows: ({ question: string } & Awaited<ReturnType<typeof costsOf>>)[] = []
    for (const question of questions) rows.push({ question, ...(await costsOf(engine, question)) })
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + pick(row), 0)
    const ratio = sum(row => row.searchMany) / sum(row => row.engineMany)
    const growth = sum(row => row.searchMany) / sum(row => row.searchFew)
    const times = (sizes[1] ?? 0) / (sizes[0] ?? 1)
    console.log(`\n${engine}, milliseconds of CPU; few is ${sizes[0]} posts, many ${sizes[1]}`)
    console.table(rows.map(rounded))
    promise(
      ratio <= promises.engine,
      `/search against the engine alone ${ratio.toFixed(2)}, promised ${promises.engine}`,
    )
    promise(
      growth < times,
      `${times.toFixed(1)} times the posts cost ${growth.toFixed(1)} times as much, promised less`,
    )
    results[engine] = { rows, ratio, growth }
  }
  const suggesting = stands.map(stand => async () => {
    for (const q of typed) await stand.get('postgres', `/search/suggest?q=${encodeURIComponent(q)}`)
  })
  const [few = [], many = []] = await interleave(suggesting, { slices: 12, calls: 60, other: cpu })
  const ratio = median(many.map((cost, i) => cost.cpu / (few[i]?.cpu ?? 1)))
  const each = median(many.map(cost => cost.wall)) / typed.length / 1_000
  promise(
    ratio <= promises.suggestion,
    `\na suggestion on many against one on few ${ratio.toFixed(2)}, promised ${promises.suggestion}`,
  )
  console.log(`a suggestion on many takes ${each.toFixed(1)} ms by the clock`)
  results.suggestion = { ratio, milliseconds: each }
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(new URL('results/search.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
  if (broken) process.exitCode = 1

  async function costsOf(engine: 'postgres' | 'opensearch', question: string) {
    const [small, large] = stands as [Stand, Stand]
    await small.engineAlone(engine, question)
    const alone = await large.engineAlone(engine, question)
    const searched = () => large.get(engine, `/search?${question}`)
    const candidates = [() => small.get(engine, `/search?${question}`), alone, searched]
    const began = performance.now()
    await searched()
    const calls = Math.max(2, Math.min(20, Math.round(400 / (performance.now() - began))))
    const costs = await interleave(candidates, { slices, calls, other: cpu })
    const [searchFew = 0, engineMany = 0, searchMany = 0] = costs.map(
      slice => median(slice.map(cost => cost.cpu)) / 1_000,
    )
    return { searchFew, engineMany, searchMany, ratio: searchMany / engineMany, growth: searchMany / searchFew }
  }
}

function rounded(row: Record<string, number | string>) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 100) / 100 : value,
    ]),
  )
}
