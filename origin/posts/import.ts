import { type Insertable, sql, type Transaction } from 'kysely'
import type { FieldError } from '../../shared/errors.ts'
import { createId, isId } from '../../shared/ids.ts'
import type { Context } from '../context.ts'
import type { Database, PostsTable } from '../db/schema.ts'
import { transactAndPurge } from '../purge-log.ts'
import { contentColumns } from './content.ts'
import { type ImportItem, parseLine } from './import-line.ts'
import { readLines } from './import-lines.ts'
import { tagsOfLists, tagsOfPost } from './stale.ts'

type Stores = Pick<Context, 'db' | 'now' | 'keys' | 'region' | 'purgeLog' | 'log'>

/** What an import has done so far. `unchanged` lines were there already; `dropped` counts attributes without a place here. */
export type ImportCounts = {
  lines: number
  inserted: number
  updated: number
  unchanged: number
  bad: number
  dropped: number
}

export type ImportEvents = {
  onBadLine?: (line: number, errors: FieldError[]) => void
  onProgress?: (counts: ImportCounts) => void
}

/** Posts in one statement. */
const batchSize = 250

/**
 * Takes NDJSON into an account, as our export or as foreign ads, a batch a statement while the next is being read. Safe
 * to repeat: a line whose `externalId` the account has already changes the words of that post if they differ, never its
 * state or times, and nothing of a post that is sold or removed. A bad line is told of and passed over.
 * @throws what the stream or the database throws; earlier batches stay
 */
export async function importPosts(
  ctx: Stores,
  accountId: string,
  chunks: AsyncIterable<Uint8Array>,
  events: ImportEvents = {},
): Promise<ImportCounts> {
  const counts: ImportCounts = { lines: 0, inserted: 0, updated: 0, unchanged: 0, bad: 0, dropped: 0 }
  const now = ctx.now()
  let batch = new Map<string, ImportItem>()
  let writing = Promise.resolve()
  const flush = async () => {
    // In one order always, so that two imports at once never wait for each other in a circle.
    const items = [...batch.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1))
    batch = new Map()
    await writing
    writing = writeBatch(ctx, accountId, items, counts).then(() => events.onProgress?.(counts))
    writing.catch(() => {}) // told by the next await
  }
  for await (const line of readLines(chunks)) {
    counts.lines++
    const parsed =
      'fault' in line
        ? { ok: false as const, errors: [{ field: '', message: line.fault }] }
        : parseLine(line.text, ctx.region, now)
    if (!parsed.ok) {
      counts.bad++
      events.onBadLine?.(line.number, parsed.errors)
      continue
    }
    counts.dropped += parsed.item.dropped
    if (batch.size >= batchSize || batch.has(parsed.item.externalId)) await flush()
    batch.set(parsed.item.externalId, parsed.item)
  }
  await flush()
  await writing
  return counts
}

async function writeBatch(ctx: Stores, accountId: string, items: ImportItem[], counts: ImportCounts): Promise<void> {
  const own = await findOwnIds(ctx, accountId, items)
  const rows = items.filter(item => !own.has(item.externalId)).map(item => rowOf(ctx, accountId, item))
  counts.unchanged += items.length
  if (rows.length === 0) return
  const written = await transactAndPurge(ctx, async (trx, purge) => {
    const before = await findKnown(trx, accountId, rows)
    const written = await upsert(trx, rows)
    const ids = new Set(written.map(post => post.id))
    const changed = before.filter(post => ids.has(post.id)).flatMap(post => tagsOfPost(ctx.region, post))
    // One job for the batch, which goes by the name of its first post.
    const [first] = written
    if (first) purge(first, { tags: [...changed, ...written.flatMap(post => tagsOfLists(ctx.region, post))] })
    return written
  })
  const inserted = written.filter(row => row.inserted).length
  counts.inserted += inserted
  counts.updated += written.length - inserted
  counts.unchanged -= written.length
}

/** An export names a post that never had an `externalId` by its id: brought back to its own account, it is there already. */
async function findOwnIds({ db }: Stores, accountId: string, items: ImportItem[]): Promise<Set<string>> {
  const ids = items.map(item => item.externalId).filter(isId)
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('posts')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .execute()
  return new Set(rows.map(row => row.id))
}

function rowOf(
  ctx: Stores,
  accountId: string,
  { externalId, post, status, dates }: ImportItem,
): Insertable<PostsTable> {
  const created = dates.createdAt ?? ctx.now()
  const removed = status === 'removed'
  return {
    id: createId(ctx.region, created.getTime()),
    account_id: accountId,
    external_id: externalId,
    ...contentColumns(ctx, accountId, post),
    status,
    removed_from: removed ? 'withdrawn' : null,
    removal_reason: removed ? 'Removed before it was imported' : null,
    created_at: created,
    updated_at: ctx.now(),
    published_at: dates.publishedAt,
    bumped_at: dates.bumpedAt,
    expires_at: dates.expiresAt,
    sold_at: dates.soldAt,
    ended_at: dates.endedAt,
  }
}

/** What the words of a post are made of: the columns that decide whether a line brings anything new. */
const compared = [
  'title',
  'description',
  'category',
  'price_amount',
  'price_currency',
  'price_kind',
  'condition',
  'attributes',
  'country',
  'subdivision',
  'city',
  'lat',
  'lon',
] as const
const rewritten = [...compared, 'top_category', 'category_words', 'public_lat', 'public_lon', 'updated_at'] as const

const facts = [
  'id',
  'version',
  'status',
  'seller_hidden',
  'published_at',
  'country',
  'category',
  'top_category',
] as const

/** The posts of these lines as they are before: a line may move one out of a list. */
function findKnown(trx: Transaction<Database>, accountId: string, rows: Insertable<PostsTable>[]) {
  const externalIds = rows.flatMap(row => row.external_id ?? [])
  const known = trx.selectFrom('posts').select(facts)
  return known.where('account_id', '=', accountId).where('external_id', 'in', externalIds).execute()
}

function upsert(trx: Transaction<Database>, rows: Insertable<PostsTable>[]) {
  const stored = sql.join(compared.map(column => sql.ref(`posts.${column}`)))
  const offered = sql.join(compared.map(column => sql.ref(`excluded.${column}`)))
  return trx
    .insertInto('posts')
    .values(rows)
    .onConflict(conflict =>
      conflict
        .columns(['account_id', 'external_id'])
        .doUpdateSet(eb => ({
          ...Object.fromEntries(rewritten.map(column => [column, eb.ref(`excluded.${column}`)])),
          version: sql<number>`posts.version + 1`,
        }))
        .where('posts.status', 'in', ['draft', 'active', 'reserved', 'withdrawn'])
        .where(sql<boolean>`(${stored}) IS DISTINCT FROM (${offered})`),
    )
    .returning(facts)
    .returning(sql<boolean>`xmax = 0`.as('inserted'))
    .execute()
}
