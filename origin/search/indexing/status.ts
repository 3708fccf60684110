import { jobKinds } from '../../../shared/jobs.ts'
import { indexPatternOf } from '../opensearch/names.ts'
import { countPosts, findable } from './checking.ts'
import { type Indexing, readIndexes } from './indexes.ts'

type IndexState = {
  name: string
  /** As the table has it; `unused` for one that nothing is written to, `lost` for one that is not there. */
  state: 'building' | 'live' | 'previous' | 'unused' | 'lost'
  /** Whether searches go to it: what the alias says. */
  searched: boolean
  createdAt: Date | undefined
  /** Documents that can be found (expired ones among them), and those that stand for hidden posts. */
  documents: number
  tombstones: number
}

export type SearchStatus = {
  /** Public posts in Postgres. */
  posts: number
  indexes: IndexState[]
  /** Changes that the relay has still to publish, and since when the oldest waits. */
  pending: number
  oldest: Date | undefined
  /** Jobs for the index that have failed and have not been done since. */
  failing: number
  lastError: string | undefined
}

/** Tells how the indexes are and how far behind Postgres. */
export async function readSearchStatus(ctx: Indexing): Promise<SearchStatus> {
  const [posts, indexes, pending, failing] = await Promise.all([
    countPosts(ctx),
    readIndexStates(ctx),
    readPending(ctx),
    readFailing(ctx),
  ])
  return { posts, indexes, ...pending, ...failing }
}

async function readIndexStates(ctx: Indexing): Promise<IndexState[]> {
  const { openSearch, alias } = ctx
  const [known, there, searched] = await Promise.all([
    readIndexes(ctx.db),
    openSearch.listIndexes(indexPatternOf(alias)),
    openSearch.indexesOf(alias),
  ])
  const names = [...new Set([...known.map(({ name }) => name), ...there])].sort()
  return Promise.all(
    names.map(async name => {
      const row = known.find(index => index.name === name)
      const common = { name, searched: searched.includes(name), createdAt: row?.created_at }
      if (!there.includes(name)) return { ...common, state: 'lost' as const, documents: 0, tombstones: 0 }
      const [all, documents] = await Promise.all([openSearch.count(name), openSearch.count(name, findable)])
      return { ...common, state: row?.state ?? ('unused' as const), documents, tombstones: all - documents }
    }),
  )
}

async function readPending({ db }: Indexing): Promise<Pick<SearchStatus, 'pending' | 'oldest'>> {
  const row = await db
    .selectFrom('outbox')
    .select(eb => [eb.fn.countAll().as('pending'), eb.fn.min('created_at').as('oldest')])
    .where('kind', '=', 'post.changed')
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { pending: Number(row.pending), oldest: row.oldest ?? undefined }
}

async function readFailing({ db }: Indexing): Promise<Pick<SearchStatus, 'failing' | 'lastError'>> {
  const failures = await db
    .selectFrom('job_failures')
    .select('last_error')
    .where('queue', '=', jobKinds['post.changed'].queue)
    .where('kind', '=', 'post.changed')
    .orderBy('last_failed_at', 'desc')
    .execute()
  return { failing: failures.length, lastError: failures[0]?.last_error }
}
