import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, inject, it } from 'vitest'
import { reinstateAccount, suspendAccount } from '../../accounts/suspensions.ts'
import { createOpenSearch } from '../../adapters/opensearch.ts'
import type { Departure } from '../../message.ts'
import { insertCrowd } from '../../testing/crowd.ts'
import { createTestOrigin } from '../../testing/harness.ts'
import { deliver, expectSame, takeEvents, useOpenSearch } from '../../testing/indexing.ts'
import { readIndexes } from './indexes.ts'
import { ensureIndex } from './reindexing.ts'

const count = 500
const rounds = 20

/** One statement for all posts that it happens to. */
const operations = {
  edit: sql`title = 'Thing ' || gen_random_uuid()`,
  price: sql`price_amount = (random() * 1e6)::bigint, price_currency = 'USD'`,
  publish: sql`status = 'active', bumped_at = now(), expires_at = now() + interval '30 days'`,
  reserve: sql`status = CASE WHEN status = 'active' THEN 'reserved' ELSE status END`,
  sell: sql`status = 'sold', sold_at = now()`,
  withdraw: sql`status = 'withdrawn', ended_at = now()`,
} as const
const names = [...Object.keys(operations), 'delete'] as (keyof typeof operations | 'delete')[]

it('500 posts × 20 operations, delivered shuffled, duplicated and late: the index equals Postgres, nothing is resurrected', async () => {
  const origin = await createTestOrigin()
  const { db } = origin.ctx
  const client = createOpenSearch({ url: inject('openSearchUrl') })
  let writes = 0
  // What was read before a change is written after what was read after it.
  const bulk: typeof client.bulk = async (...args) => {
    writes++
    await sleep(Math.random() * 250)
    return client.bulk(...args)
  }
  const indexing = useOpenSearch(origin, { ...client, bulk })
  await ensureIndex(indexing)
  const { actor: moderator } = await origin.createAccount({ role: 'moderator' })
  const sellers = await Promise.all(Array.from({ length: 10 }, () => origin.createAccount()))
  await insertCrowd(db, 'na', sellers[0]?.id ?? '', count, new Date())
  const ids = (await db.selectFrom('posts').select('id').execute()).map(({ id }) => id)
  for (const [i, { id }] of sellers.entries())
    await db
      .updateTable('posts')
      .set({ account_id: id })
      .where('id', 'in', ids.slice(i * 50, i * 50 + 50))
      .execute()

  const all: Departure[] = []
  const late: Departure[] = []
  const delivering: Promise<void>[] = []
  let deleted = 0
  for (let round = 0; round < rounds; round++) {
    const turns = new Map(names.map(name => [name, [] as string[]]))
    for (const id of ids) {
      // A post that is deleted early has nothing to do afterwards.
      const name = names[Math.floor(Math.random() * (names.length - (round % 5 === 4 ? 0 : 1)))] ?? 'edit'
      turns.get(name)?.push(id)
    }
    for (const [name, chosen] of turns) {
      if (chosen.length === 0) continue
      if (name === 'delete') {
        const some = chosen.slice(0, 15)
        deleted += Number((await db.deleteFrom('posts').where('id', 'in', some).executeTakeFirst()).numDeletedRows)
      } else await sql`UPDATE posts SET ${operations[name]} WHERE id IN (${sql.join(chosen)})`.execute(db)
    }
    const seller = sellers[Math.floor(Math.random() * sellers.length)]
    if (seller && round % 2 === 0) await suspendAccount(origin.ctx, moderator, { id: seller.id, reason: 'A test' })
    else for (const { id } of sellers) await reinstateAccount(origin.ctx, moderator, id)
    const events = await takeEvents(origin)
    all.push(...events)
    for (const event of shuffled(events)) {
      if (Math.random() < 0.2) late.push(event)
      else delivering.push(deliver(origin, event))
      if (Math.random() < 0.2) delivering.push(deliver(origin, event))
    }
    await sleep(60)
  }
  await Promise.all(delivering)
  await Promise.all(shuffled(late).map(event => deliver(origin, event)))
  await Promise.all(shuffled(all).map(event => deliver(origin, event)))

  expect({ deleted: deleted > 20, events: all.length > 2_000, writes: writes > rounds }).toEqual({
    deleted: true,
    events: true,
    writes: true,
  })
  const [index] = await readIndexes(db)
  expect(await expectSame(origin, indexing, index?.name ?? '')).toBeGreaterThan(20)
})

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
