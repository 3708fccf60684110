import { createHash } from 'node:crypto'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { OpenSearch } from '../../adapters/opensearch.ts'
import type { Context } from '../../context.ts'
import type { Database, SearchIndexesTable } from '../../db/schema.ts'
import { indexDefinition } from '../opensearch/mapping.ts'
import { indexNameOf } from '../opensearch/names.ts'

/** What keeps an index needs: both sides, and the alias that searches go to. */
export type Indexing = Pick<Context, 'db' | 'now' | 'log'> & { openSearch: OpenSearch; alias: string }
type Stores = Pick<Context, 'db' | 'now' | 'log' | 'openSearch'>
export type SearchIndex = Selectable<SearchIndexesTable>

/** Gives what keeps this region's index; undefined where there is no OpenSearch. */
export function indexingOf({ db, now, log, openSearch }: Stores): Indexing | undefined {
  return openSearch && { db, now, log, openSearch: openSearch.client, alias: openSearch.alias }
}

/**
 * The alias by which changes are written to one index. A write that demands an alias fails where the index is missing;
 * one to a name would make an index of that name, with any mapping.
 */
export function writeAliasOf(index: string): string {
  return `${index}-writes`
}

/** Marks indexes by what they were made from, so that one of another mapping is told from the present one. */
const mark = createHash('sha256').update(JSON.stringify(indexDefinition())).digest('hex').slice(0, 8)

/** Names a new index. */
export function newIndexName({ alias, now }: Pick<Indexing, 'alias' | 'now'>): string {
  return `${indexNameOf(alias, now())}-${mark}`
}

/** Tells whether an index has the mapping that this code writes and searches by. */
export function isOfThisMapping(name: string): boolean {
  return name.endsWith(`-${mark}`)
}

/** Gives the indexes that changes are written to. */
export function readIndexes(db: Kysely<Database>): Promise<SearchIndex[]> {
  return db.selectFrom('search_indexes').selectAll().orderBy('created_at').execute()
}

/**
 * Makes an index the one that is searched: the alias moves in one step, the index that it left stays as the previous one.
 * @returns the name of the index that was the previous one until now and is none any more
 */
export async function makeLive(ctx: Indexing, name: string): Promise<string | undefined> {
  const { openSearch, alias } = ctx
  const others = (await openSearch.indexesOf(alias)).filter(index => index !== name)
  const left = others.map(index => ({ remove: { index, alias } }))
  await openSearch.updateAliases([...left, { add: { index: name, alias } }])
  return noteLive(ctx, name)
}

/**
 * Brings the table to what the alias says, which is what counts: a process may have died between the two.
 * @returns the index that is live; undefined when there is none, or one that is not written to
 */
export async function settleIndexes(ctx: Indexing): Promise<SearchIndex | undefined> {
  const behind = await ctx.openSearch.indexesOf(ctx.alias)
  const index = (await readIndexes(ctx.db)).find(({ name }) => behind.length === 1 && name === behind[0])
  if (!index || index.state === 'live') return index
  await noteLive(ctx, index.name)
  return { ...index, state: 'live' }
}

/** Of two indexes that change places neither is in the other's way: uniqueness is looked at when the statement is done. */
async function noteLive({ db, now }: Indexing, name: string): Promise<string | undefined> {
  return db.transaction().execute(async trx => {
    const before = (await readIndexes(trx)).find(({ state }) => state === 'previous')
    const dropped = before && before.name !== name ? before.name : undefined
    if (dropped) await trx.deleteFrom('search_indexes').where('name', '=', dropped).execute()
    await sql`
      UPDATE search_indexes SET
        state = CASE WHEN name = ${name} THEN 'live' ELSE 'previous' END,
        live_at = CASE WHEN name = ${name} THEN ${now()}::timestamptz ELSE live_at END
      WHERE name = ${name} OR state = 'live'`.execute(trx)
    return dropped
  })
}
