import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { listPosts, selectPage } from '../origin/posts/listing.ts'
import { insertCrowd } from '../origin/testing/crowd.ts'
import { encodeCursor, scopeOf } from '../shared/cursor.ts'
import { PostQuery } from '../shared/post.ts'
import { insertSeller, withDatabase } from './database.ts'
import { interleave, median } from './measure.ts'

/*
 * `node bench/lists.ts [--rows 250000] [--depth 100000]`: what a page of a public list costs deep down, against the
 * first page of the same list (the baseline). Promise: at most 1.2 times. Writes bench/results/lists.json.
 */
const { values } = parseArgs({ options: { rows: { type: 'string' }, depth: { type: 'string' } } })
const rows = Number(values.rows ?? 250_000)
const wantedDepth = Number(values.depth ?? 100_000)
const promise = 1.2

const lists = [
  {},
  { sort: 'oldest' },
  { category: 'bikes' },
  { category: 'bicycles' },
  { country: 'US' },
  { country: 'US', category: 'bikes' },
  { subdivision: 'US-NY' },
  { sort: 'price' },
  { sort: '-price', category: 'bikes' },
  { near: '41,-74', radius: '300' },
] as const

await withDatabase(async ctx => {
  await insertCrowd(ctx.db, 'na', await insertSeller(ctx), rows, ctx.now())
  const pid = await backendPid()
  const results = []
  console.log(`${rows} posts, pages of 24, median of 12 interleaved slices; CPU of Node and Postgres together\n`)
  console.log(
    'list'.padEnd(44),
    'depth'.padStart(8),
    'first µs'.padStart(9),
    'deep µs'.padStart(9),
    'CPU'.padStart(6),
    'clock'.padStart(6),
  )
  for (const filters of lists) {
    const result = await compare(filters, pid)
    results.push(result)
    const { list, depth, firstCpu, deepCpu, cpuRatio, clockRatio } = result
    console.log(
      list.padEnd(44),
      `${depth}`.padStart(8),
      firstCpu.toFixed(0).padStart(9),
      deepCpu.toFixed(0).padStart(9),
      cpuRatio.toFixed(2).padStart(6),
      clockRatio.toFixed(2).padStart(6),
    )
  }
  const worst = Math.max(...results.map(result => result.cpuRatio))
  console.log(`\nworst ratio ${worst.toFixed(2)}, promised ${promise}: ${worst <= promise ? 'kept' : 'BROKEN'}`)
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(
    new URL('results/lists.json', import.meta.url),
    `${JSON.stringify({ rows, promise, worst, results }, null, 2)}\n`,
  )
  if (worst > promise) process.exitCode = 1

  async function compare(filters: object, other: number) {
    const query = PostQuery.parse(filters)
    const { depth, cursor } = await deepCursor(query)
    const visitor = { country: 'US' }
    const first = () => listPosts(ctx, query, visitor)
    const deep = () => listPosts(ctx, { ...query, cursor }, visitor)
    if ((await deep()).items.length !== query.limit)
      throw new Error(`Cannot bench ${JSON.stringify(filters)}: the page is not full`)
    const [firsts = [], deeps = []] = await interleave([first, deep], {
      slices: 12,
      calls: query.near ? 4 : 150,
      other,
    })
    const ratio = (key: 'cpu' | 'wall') => median(deeps.map((cost, i) => cost[key] / (firsts[i]?.[key] ?? 1)))
    return {
      list: JSON.stringify(filters),
      depth,
      firstCpu: median(firsts.map(cost => cost.cpu)),
      deepCpu: median(deeps.map(cost => cost.cpu)),
      cpuRatio: ratio('cpu'),
      clockRatio: ratio('wall'),
    }
  }

  /** The cursor after the wanted number of posts, or as deep as the list goes but for its last pages. */
  async function deepCursor(query: PostQuery): Promise<{ depth: number; cursor: string }> {
    const all = selectPage(ctx, query, 'USD', undefined).clearSelect().clearLimit()
    const { n } = await ctx.db
      .selectFrom(all.select('posts.id').as('found'))
      .select(eb => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    const depth = Math.min(wantedDepth, Number(n) - 50)
    const last = await all
      .select(['posts.id', 'posts.bumped_at', 'posts.price_amount'])
      .offset(depth - 1)
      .limit(1)
      .executeTakeFirstOrThrow()
    const { cursor: _, limit: __, ...filters } = query
    const key = query.sort.endsWith('price') ? Number(last.price_amount) : Number(last.bumped_at)
    return { depth, cursor: encodeCursor(scopeOf(filters), ['USD', key, last.id]) }
  }

  async function backendPid(): Promise<number> {
    const { rows: found } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(ctx.db)
    return found[0]?.pid ?? 0
  }
})
