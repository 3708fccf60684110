import { afterAll, inject } from 'vitest'
import { maxQueryLength } from '../../../shared/search.ts'
import { createTestIndex } from '../../testing/search-index.ts'
import { questionOf } from '../engine-contract.ts'
import { describeAnyText } from '../naughty-contract.ts'
import { createOpenSearchEngine } from './engine.ts'

let close: (() => Promise<void>) | undefined
afterAll(() => close?.())

describeAnyText('opensearch', async ({ ctx, region }) => {
  const { openSearch, alias, load, remove } = await createTestIndex(inject('openSearchUrl'), ctx)
  close = remove
  await load()
  const engine = createOpenSearchEngine({ openSearch, region, alias })
  const titles = new Map(
    (await ctx.db.selectFrom('posts').select(['id', 'title']).execute()).map(row => [row.id, row.title]),
  )
  return async q => {
    const question = questionOf(q.toWellFormed().slice(0, maxQueryLength), {}, 'relevance', ctx.now())
    const [{ hits }] = await Promise.all([engine.find(question), engine.count(question)])
    return hits.map(({ id }) => titles.get(id) ?? id)
  }
})
