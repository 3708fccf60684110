import { afterAll, beforeAll, expect, it } from 'vitest'
import { startConsumer } from '../../consumer.ts'
import { startRelay } from '../../relay.ts'
import { insertCrowd } from '../../testing/crowd.ts'
import { measureFreshness } from '../../testing/freshness.ts'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { expectSame, useOpenSearch } from '../../testing/indexing.ts'
import { createTestQueues, type TestQueues } from '../../testing/queues.ts'
import type { Indexing } from './indexes.ts'
import { ensureIndex } from './reindexing.ts'

/** Writes a second, and for how many seconds. */
const rate = 50
const seconds = 20
/** The promise: so many milliseconds from the commit until a search finds it, for 99 of 100. */
const promised = 2_000

let origin: TestOrigin
let stand: TestQueues
let ctx: Indexing
const loops: { stop: () => Promise<void> }[] = []
beforeAll(async () => {
  origin = await createTestOrigin()
  stand = await createTestQueues()
  Object.assign(origin.ctx.config.aws, stand.settings('na'))
  ctx = useOpenSearch(origin)
  const { id } = await origin.createAccount()
  await insertCrowd(ctx.db, 'na', id, 2_000, new Date())
  await ensureIndex(ctx)
  loops.push(startRelay(origin.ctx, stand.of('na')), startConsumer(origin.ctx, stand.of('na'), { only: ['index'] }))
})
afterAll(async () => {
  await Promise.all(loops.map(loop => loop.stop()))
  await stand.close()
})

it(`at ${rate} writes a second a change is found within ${promised} ms of its commit, 99 times of 100`, async () => {
  await measureFreshness(ctx, { rate, seconds: 4 }) // a server that has just started is slow
  const delays = await measureFreshness(ctx, { rate, seconds })
  expect(delays).toHaveLength(rate * seconds)
  expect(delays[Math.ceil(delays.length * 0.99) - 1]).toBeLessThan(promised)
  await expectSame(origin, ctx, (await ctx.openSearch.indexesOf(ctx.alias))[0] ?? '')
})
