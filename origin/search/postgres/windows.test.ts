import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createTestOrigin } from '../../testing/harness.ts'
import { createTestPost } from '../../testing/posts.ts'
import { refreshStatistics } from '../statistics.ts'

it('the best of the newest come first, then the best of the rest, none twice and none left out', async () => {
  const na = await createTestOrigin()
  const seller = await na.createAccount()
  const titles = ['Kayak', 'Kayak and more', 'Kayak kayak', 'Paddle for a kayak', 'Blue kayak, like new', 'Kayak rack']
  for (const [days, title] of titles.entries()) {
    const { id } = await createTestPost(na, seller, 'active', { title, category: 'sofas', attributes: {} })
    await sql`UPDATE posts SET bumped_at = bumped_at - ${days}::int * interval '1 day' WHERE id = ${id}`.execute(
      na.ctx.db,
    )
  }
  await refreshStatistics(na.ctx)
  const all = await walk(24)
  expect(all.toSorted()).toEqual(titles.toSorted())

  const twoDays = sql`now() - interval '60 hours'`
  await sql`INSERT INTO search_ages (newest, since) VALUES (10000, ${twoDays})`.execute(na.ctx.db)
  for (const limit of [1, 2, 3, 4, 6, 24]) {
    const walked = await walk(limit)
    expect(walked.slice(0, 3).toSorted(), `${limit} a page`).toEqual(titles.slice(0, 3).toSorted())
    expect(walked.slice(3).toSorted()).toEqual(titles.slice(3).toSorted())
    expect(walked).toEqual(await walk(24))
  }

  async function walk(limit: number): Promise<string[]> {
    const found: string[] = []
    for (let cursor = ''; ; ) {
      const { status, body } = await na.request('GET', `/search?q=kayak&limit=${limit}${cursor}`)
      expect(status).toBe(200)
      found.push(...body.items.map(({ title }: { title: string }) => title))
      if (body.nextCursor === null) return found
      cursor = `&cursor=${body.nextCursor}`
    }
  }
})
