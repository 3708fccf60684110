import { beforeEach, describe, expect, it } from 'vitest'
import { type BulkWrite, type OpenSearch, OpenSearchError } from '../../adapters/opensearch.ts'
import { doJob } from '../../jobs.ts'
import type { TestAccount } from '../../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../../testing/harness.ts'
import { createTestPost } from '../../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount
let calls: { index: string; writes: readonly BulkWrite[] }[]
/** What the index says to a write; undefined where it takes it. */
let refusal: (index: string, write: BulkWrite) => string | undefined
beforeEach(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  calls = []
  refusal = () => undefined
  const bulk: OpenSearch['bulk'] = async (index, writes, options) => {
    expect(options).toMatchObject({ alias: true })
    calls.push({ index, writes })
    return writes.map(write => {
      const reason = refusal(index, write)
      return reason === undefined
        ? { id: write.id, result: 'written' as const }
        : { id: write.id, result: reason === 'older' ? ('older' as const) : ('failed' as const), reason }
    })
  }
  origin.ctx.openSearch = { client: { bulk } as OpenSearch, alias: 'posts' }
})

const addIndex = (name: string, state: 'live' | 'previous' | 'building') =>
  origin.ctx.db.insertInto('search_indexes').values({ name, state, created_at: new Date() }).execute()

const job = (postId: string, aggregateVersion = 1) => ({
  ...{ id: crypto.randomUUID(), kind: 'post.changed' as const, version: 1, payload: { postId }, aggregateId: postId },
  ...{ aggregateVersion, traceparent: null, receives: 1, publishedAt: new Date() },
})
const index = (...ids: string[]) => Promise.allSettled(ids.map(id => doJob(origin.ctx, job(id, 9))))

describe('indexPost', () => {
  it('gathers jobs into one call an index and tells each how it ended', async () => {
    await addIndex('one', 'live')
    await addIndex('two', 'building')
    const [a, b, c] = [await createTestPost(origin, seller), await createTestPost(origin, seller), 'na_unknown']
    const sold = await createTestPost(origin, seller, 'sold')
    refusal = (_, { id }) => (id === a?.id ? 'mapper_parsing_exception: no' : id === b?.id ? 'older' : undefined)
    const outcomes = await index(a?.id ?? '', b?.id ?? '', c, sold.id, b?.id ?? '')
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')])
    expect(outcomes[0]).toMatchObject({
      reason: { message: `Cannot index post "${a?.id}": mapper_parsing_exception: no` },
    })
    expect(calls.map(call => call.index)).toEqual(['one-writes', 'two-writes'])
    const [{ writes } = { writes: [] }] = calls
    expect(writes.map(({ id, document }) => [id, document?.title ?? document])).toEqual([
      [a?.id, 'Dutch city bike'],
      [b?.id, 'Dutch city bike'],
      [c, { gone: true }],
      [sold.id, { gone: true }],
    ])
    const version = origin.ctx.db.selectFrom('posts').select('search_version').where('id', '=', sold.id)
    expect(writes[3]?.version).toBe(Number((await version.executeTakeFirstOrThrow()).search_version))
    expect(writes[2]?.version).toBe(9)
  })

  it('fails where an index that counts does not answer, and not for the previous one', async () => {
    const { id } = await createTestPost(origin, seller)
    await addIndex('one', 'live')
    await addIndex('old', 'previous')
    refusal = name => (name === 'old-writes' ? 'strict_dynamic_mapping_exception: no' : undefined)
    expect(await index(id)).toMatchObject([{ status: 'fulfilled' }])
    refusal = () => {
      throw new OpenSearchError('timeout', 'no answer in time')
    }
    expect(await index(id, 'na_other')).toMatchObject(Array(2).fill({ reason: { fault: 'timeout' } }))
    refusal = name => {
      if (name === 'one-writes') return undefined
      throw new OpenSearchError('missing', 'no such index')
    }
    expect(await index(id)).toMatchObject([{ status: 'fulfilled' }])
    await origin.ctx.db.updateTable('search_indexes').set({ state: 'building' }).where('name', '=', 'old').execute()
    expect(await index(id)).toMatchObject([{ status: 'fulfilled' }])
    refusal = name => (name === 'old-writes' ? 'rejected_execution_exception: full' : undefined)
    expect(await index(id)).toMatchObject([{ status: 'rejected' }])
  })

  it('does nothing where there is no index, or no OpenSearch', async () => {
    expect(await index('na_any')).toMatchObject([{ status: 'fulfilled' }])
    await addIndex('one', 'live')
    origin.ctx.openSearch = undefined
    expect(await index('na_any')).toMatchObject([{ status: 'fulfilled' }])
    expect(calls).toEqual([])
  })
})
