import { mkdirSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { createQueues } from '../origin/adapters/sqs.ts'
import type { Config } from '../origin/config.ts'
import { createLog } from '../origin/log.ts'
import { relayRows } from '../origin/relay.ts'
import { createTestQueues, type TestQueues } from '../origin/testing/queues.ts'
import { withDatabase } from './database.ts'
import { median } from './measure.ts'

/**
 * Rows a second that one relay moves from the outbox to the queue, in batches of 1, 10 and 100: claim, SendMessageBatch, mark.
 * Interleaved slices in one run. Run by `node bench/relay.ts`; exits 1 when batches of 10
 * are not at least 5 times as fast as batches of 1.
 */
const promise = 5
const slices = 12
const batches = [1, 10, 100] as const
const rowsOf: Record<(typeof batches)[number], number> = { 1: 150, 10: 1_000, 100: 3_000 }

await withDatabase(async ({ db, region, now }) => {
  const stand: TestQueues = await createTestQueues()
  const queues = createQueues({ region, aws: stand.settings(region) as Config['aws'] })
  const ctx = { db, region, now, log: createLog('silent') }
  const speeds = new Map<number, number[]>(batches.map(batch => [batch, []]))
  for (let slice = -1; slice < slices; slice++) {
    for (const batch of batches) {
      const speed = await measure(batch)
      if (slice >= 0) speeds.get(batch)?.push(speed) // the first slice warms up
    }
  }
  await stand.close()

  const base = speeds.get(1) ?? []
  const results = batches.map(batch => {
    const all = speeds.get(batch) ?? []
    return { batch, rowsPerSecond: median(all), ratio: median(all.map((speed, i) => speed / (base[i] ?? 1))) }
  })
  console.log(
    `median of ${slices} interleaved slices, by the clock\n\n${'batch'.padStart(6)} ${'rows/s'.padStart(8)} ${'ratio'.padStart(7)}`,
  )
  for (const { batch, rowsPerSecond, ratio } of results) {
    console.log(`${`${batch}`.padStart(6)} ${rowsPerSecond.toFixed(0).padStart(8)} ${ratio.toFixed(2).padStart(7)}`)
  }
  const kept = (results.find(({ batch }) => batch === 10)?.ratio ?? 0) >= promise
  console.log(`\nbatches of 10 promised ${promise} times batches of 1: ${kept ? 'kept' : 'BROKEN'}`)
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(
    new URL('results/relay.json', import.meta.url),
    `${JSON.stringify({ promise, slices, results }, null, 2)}\n`,
  )
  if (!kept) process.exitCode = 1

  async function measure(batch: (typeof batches)[number]): Promise<number> {
    const rows = rowsOf[batch]
    await sql`TRUNCATE outbox`.execute(db)
    await sql`
      INSERT INTO outbox (kind, aggregate_id, aggregate_version, payload)
      SELECT 'purge', 'post:' || i, 1, '{"tags": ["post:na_01k00000000000000000000000"], "sessions": []}'
      FROM generate_series(1, ${rows}::int) AS i`.execute(db)
    const since = performance.now()
    let moved = 0
    while (moved < rows) moved += await relayRows(ctx, queues, batch)
    return (rows / (performance.now() - since)) * 1000
  }
})
