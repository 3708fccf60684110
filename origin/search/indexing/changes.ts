import type { Context } from '../../context.ts'
import type { Job } from '../../job.ts'
import { type Indexing, indexingOf, readIndexes } from './indexes.ts'
import { goneAt, readTruths } from './truth.ts'
import { writeToAll } from './writing.ts'

type Change = { id: string; version: number }
type Waiting = Change & { resolve: () => void; reject: (error: unknown) => void }

/** Jobs that come within so many milliseconds, or so many jobs, share one read and one write. */
const gatherFor = 50
const mostAtOnce = 500

const batches = new WeakMap<object, (change: Change) => Promise<void>>()

/**
 * Brings a post that has changed into the indexes. What the job says of it does not matter: Postgres is read again, so old
 * news and new news write the same. Done when every index has acknowledged it, or has it in a later version.
 * Without OpenSearch there is nothing to do.
 * @throws OpenSearchError, or an Error with what an index says against the document
 */
export async function indexPost(ctx: Context, { payload, aggregateVersion }: Job<'post.changed'>): Promise<void> {
  const indexing = indexingOf(ctx)
  if (!indexing) return
  const known = batches.get(indexing.openSearch)
  const add = known ?? createBatch(changes => indexPosts(indexing, changes))
  if (!known) batches.set(indexing.openSearch, add)
  await add({ id: payload.postId, version: aggregateVersion })
}

/** Writes what Postgres says of some posts to every index. @returns why one was not taken, by id */
export async function indexPosts(ctx: Indexing, changes: readonly Change[]): Promise<Map<string, string>> {
  // Before the posts: an index that is added later reads them after this.
  const indexes = await readIndexes(ctx.db)
  if (indexes.length === 0) return new Map()
  const latest = new Map<string, number>()
  for (const { id, version } of changes) latest.set(id, Math.max(version, latest.get(id) ?? 0))
  const truths = await readTruths(ctx.db, [...latest.keys()])
  // Of one that nobody knows any more the job's own version is the last that there was.
  return writeToAll(
    ctx,
    indexes,
    [...latest].map(([id, version]) => truths.get(id) ?? goneAt(id, version)),
  )
}

/** Gathers changes and works on them together; each is told how it ended itself. */
function createBatch(work: (changes: readonly Change[]) => Promise<Map<string, string>>) {
  let waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined

  return (change: Change): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...change, resolve, reject })
      if (waiting.length >= mostAtOnce) void flush()
      else timer ??= setTimeout(flush, gatherFor)
    })

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    try {
      const faults = await work(batch)
      for (const { id, resolve, reject } of batch) {
        const fault = faults.get(id)
        if (fault === undefined) resolve()
        else reject(new Error(`Cannot index post "${id}": ${fault}`))
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
