import { type Indexing, readIndexes } from './indexes.ts'

const batchSize = 1_000
const tombstones = { bool: { must_not: { exists: { field: 'id' } } } }

/**
 * Deletes the documents that stand for posts which Postgres has forgotten too (`forget search tombstones` in
 * `life-cycle/pruning.ts`): nothing that may still arrive is about them. Those of hidden posts stay, they may be shown again.
 * By version, so that a post that comes back at the same moment wins.
 * @returns how many
 */
export async function forgetTombstones(ctx: Indexing): Promise<number> {
  let forgotten = 0
  for (const { name } of await readIndexes(ctx.db)) {
    for await (const page of ctx.openSearch.walk(name, { query: tombstones, size: batchSize, fields: [] })) {
      const known = await findKnown(
        ctx,
        page.map(({ id }) => id),
      )
      const writes = page.filter(({ id }) => !known.has(id)).map(({ id, version }) => ({ id, version, orEqual: true }))
      await ctx.openSearch.bulk(name, writes)
      forgotten += writes.length
    }
  }
  return forgotten
}

async function findKnown({ db }: Indexing, ids: string[]): Promise<Set<string>> {
  const [posts, tombstones] = await Promise.all([
    db.selectFrom('posts').select('id').where('id', 'in', ids).execute(),
    db.selectFrom('search_tombstones').select('post_id as id').where('post_id', 'in', ids).execute(),
  ])
  return new Set([...posts, ...tombstones].map(({ id }) => id))
}
