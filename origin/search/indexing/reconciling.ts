import { sql } from 'kysely'
import type { StoredDocument } from '../../adapters/opensearch.ts'
import { type Drift, driftOf } from './comparing.ts'
import type { Indexing } from './indexes.ts'
import { goneAt, readTruths, type Truth, walkPosts } from './truth.ts'
import { writeTo } from './writing.ts'

const batchSize = 500

/** How many posts were looked at, and how many of each kind of drift were mended. */
export type Mended = { posts: number; drift: Partial<Record<Drift, number>> }
type Found = { id: string; drift: Drift; stored: StoredDocument | undefined }

/**
 * Compares an index with Postgres in both directions, version and content, and mends what differs: public posts are looked
 * up in the index, and what the index can find is looked up in Postgres. Changes may go on meanwhile.
 * @param tell is told of each document that was mended
 * @throws {Error} when the index does not take what Postgres says
 */
export async function reconcileIndex(
  ctx: Indexing,
  index: string,
  tell: (id: string, drift: Drift) => void = () => {},
): Promise<Mended> {
  const mended: Mended = { posts: 0, drift: {} }
  const mend = async (ids: readonly string[]) => {
    for (const { id, drift } of await mendPosts(ctx, index, ids)) {
      mended.drift[drift] = (mended.drift[drift] ?? 0) + 1
      tell(id, drift)
    }
  }
  for await (const truths of walkPosts(ctx.db, batchSize)) {
    mended.posts += truths.length
    await mend(await differing(ctx, index, truths))
  }
  await ctx.openSearch.refresh(index)
  for await (const page of ctx.openSearch.walk(index, { size: batchSize, fields: ['gone'] })) {
    const truths = await readTruths(ctx.db, idsOf(page))
    const inDoubt = page.filter(stored => {
      const drift = driftOf(truths.get(stored.id), stored)
      return drift === 'leftover' || drift === 'unknown' || (drift === 'ahead' && !truths.get(stored.id)?.isPublic)
    })
    await mend(idsOf(inDoubt))
  }
  return mended
}

/** The posts of a batch whose documents differ. */
async function differing({ openSearch }: Indexing, index: string, truths: readonly Truth[]): Promise<string[]> {
  const documents = await openSearch.get(index, idsOf(truths))
  const byId = new Map(documents.map(stored => [stored.id, stored]))
  return idsOf(truths.filter(truth => driftOf(truth, byId.get(truth.id))))
}

/**
 * Reads both sides again, the index first, and writes what Postgres says where they still differ. Where the index is ahead,
 * Postgres's version is raised above it: no other write would be taken.
 * @returns what was mended
 */
async function mendPosts(ctx: Indexing, index: string, ids: readonly string[]): Promise<Found[]> {
  if (ids.length === 0) return []
  const stored = new Map((await ctx.openSearch.get(index, ids)).map(document => [document.id, document]))
  const truths = await readTruths(ctx.db, ids)
  const found = ids.flatMap(id => {
    const drift = driftOf(truths.get(id), stored.get(id))
    return drift ? [{ id, drift, stored: stored.get(id) }] : []
  })
  await raiseVersions(ctx, found, truths)
  const right = await readTruths(ctx.db, idsOf(found))
  const writes = found.map(({ id, stored }) => right.get(id) ?? goneAt(id, (stored?.version ?? 0) + 1))
  const [fault] = await writeTo(ctx, index, writes, { orEqual: true })
  if (fault) throw new Error(`Cannot mend post "${fault[0]}" in ${index}: ${fault[1]}`)
  return found
}

/** Of what Postgres does not know a tombstone is kept from now on, so that its version is known to it too. */
async function raiseVersions({ db }: Indexing, found: readonly Found[], truths: Map<string, Truth>): Promise<void> {
  for (const { id, stored } of found) {
    const truth = truths.get(id)
    const seen = stored?.version ?? 0
    if (truth && truth.version >= seen) continue
    const needed = seen + 1
    await sql`UPDATE posts SET search_version = ${needed} WHERE id = ${id} AND search_version < ${needed}`.execute(db)
    await sql`
      INSERT INTO search_tombstones (post_id, version)
      SELECT ${id}, ${needed} WHERE NOT EXISTS (SELECT FROM posts WHERE id = ${id})
      ON CONFLICT (post_id) DO UPDATE SET version = greatest(search_tombstones.version, excluded.version)`.execute(db)
  }
}

function idsOf(things: readonly { id: string }[]): string[] {
  return things.map(({ id }) => id)
}
