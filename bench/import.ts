import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { importPosts } from '../origin/posts/import.ts'
import { insertSeller, withDatabase } from './database.ts'
import { interleave, median } from './measure.ts'

/*
 * `node bench/import.ts`: what a post costs to import by batches, against one statement a post (the baseline), with the
 * real ads where ../shared is present and made ones elsewhere. Promise: 500 posts/s. Writes bench/results/import.json.
 */
const promise = 500
const perSlice = 500
const realAds = fileURLToPath(new URL('../../shared/data/listings.ndjson', import.meta.url))
const lines = existsSync(realAds) ? readFileSync(realAds, 'utf8').trim().split('\n') : madeLines()

await withDatabase(async ctx => {
  const other = Number((await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(ctx.db)).rows[0]?.pid)
  const slices = 10
  let turn = 0
  const nextLines = () => {
    const first = (turn++ * perSlice) % (lines.length - perSlice)
    return lines.slice(first, first + perSlice)
  }
  const batched = async () => importPosts(ctx, await insertSeller(ctx), bytesOf(nextLines()))
  const single = async () => {
    const seller = await insertSeller(ctx)
    for (const line of nextLines()) await importPosts(ctx, seller, bytesOf([line]))
  }
  const [batches = [], singles = []] = await interleave([batched, single], { slices, calls: 1, other })
  const result = {
    lines: existsSync(realAds) ? 'listings.ndjson' : 'made',
    postsPerSecond: Math.round(perSlice / (median(batches.map(cost => cost.wall)) / 1e6)),
    cpuMicrosecondsPerPost: Math.round(median(batches.map(cost => cost.cpu)) / perSlice),
    baselineCpuMicrosecondsPerPost: Math.round(median(singles.map(cost => cost.cpu)) / perSlice),
    cpuRatio: median(batches.map((cost, i) => cost.cpu / (singles[i]?.cpu ?? 1))),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }
  console.table(result)
  const kept = result.postsPerSecond >= promise
  console.log(`promised ${promise} posts/s: ${kept ? 'kept' : 'BROKEN'}`)
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(new URL('results/import.json', import.meta.url), `${JSON.stringify({ promise, ...result }, null, 2)}\n`)
  if (!kept) process.exitCode = 1
})

async function* bytesOf(some: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(some.join('\n'))
}

function madeLines(): string[] {
  const description = 'In good order, used on Sundays. '.repeat(20)
  return Array.from({ length: 6_000 }, (_, i) =>
    JSON.stringify({ id: `made-${i}`, category: 'bike', title: `Road bike ${i}`, description, price: 100 + (i % 900) }),
  )
}
