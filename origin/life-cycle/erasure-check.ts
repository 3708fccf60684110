import { type Kysely, sql } from 'kysely'
import { createRedis, type Redis } from '../adapters/redis.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { exportFolder } from '../exports/making.ts'
import { type Bytes, findBytes } from '../media/removing.ts'
import { hasDocumentsOf } from '../search/indexing/sellers.ts'

/** Whom to look for: by id, by addresses, by words that they had in common with nobody (`collectWords`), by photos. */
export type Erased = { id: string; addresses?: readonly string[]; words?: readonly string[]; photos?: Bytes }
/** Where something was found: `table.column`, `bucket KEY`, `directory`, `search index`, `cache KEY`. */
export type Leftover = { accountId: string; where: string[] }

/** The audit table names who did what by id, and only that may stay. */
const idsMayStay = new Set(['audit.actor_id', 'audit.subject_id'])
/**
 * Tables whose rows name by id whose words they hold: what is the erased account's there is found by its id, and words that
 * are found there are somebody else's too, who may call a bicycle a bicycle.
 */
const namesItsAuthor = new Set(['accounts', 'posts', 'threads', 'thread_mirrors', 'messages', 'reports'])
/** Blocks of a table (8 kB each) that one statement reads, so that none takes long. */
const blocksAtOnce = 2_048

/**
 * Looks for what is left of erased accounts: reads every text of every table there is, the bucket's folders, the directory,
 * the search indexes and the region's cache. Every table is looked through, one that is new as well; those that it knows by name only tell it
 * which words are anybody's.
 * @returns one entry for each account of which something was found
 */
export async function checkErased(ctx: Context, accounts: readonly Erased[]): Promise<Leftover[]> {
  const found = new Map(accounts.map(({ id }) => [id, new Set<string>()]))
  const note = (id: string, where: string) => found.get(id)?.add(where)
  const hits: Hit[] = []
  for (const { table, columns } of await textColumns(ctx.db)) {
    hits.push(...(await searchTable(ctx.db, table, columns, accounts)))
  }
  const common = new Set(
    hits.flatMap(({ table, needle, isWord }) => (isWord && namesItsAuthor.has(table) ? needle : [])),
  )
  for (const { accountId, table, column, needle } of hits)
    if (!common.has(needle)) note(accountId, `${table}.${column}`)
  for (const { id, photos } of accounts) {
    const keys = [...(await ctx.objects.list(exportFolder(id))), ...(photos ? await findBytes(ctx, photos) : [])]
    for (const key of keys) note(id, `bucket ${key}`)
  }
  for (const { id, addresses = [] } of accounts)
    for (const address of addresses) if (await isListed(ctx, address)) note(id, 'directory')
  for (const { id } of accounts) if (await hasDocumentsOf(ctx, id)) note(id, 'search index')
  for await (const [key, value] of cached(createRedis(ctx.config.redis.region))) {
    const isIn = (needle: string) => key.includes(needle) || value.includes(needle)
    for (const account of accounts)
      if (needlesOf(account).some(({ needle }) => !common.has(needle) && isIn(needle))) note(account.id, `cache ${key}`)
  }
  return [...found]
    .filter(([, where]) => where.size > 0)
    .map(([accountId, where]) => ({ accountId, where: [...where] }))
}

/** Every column that can hold a text, by table. */
async function textColumns(db: Kysely<Database>): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await sql<{ table: string; columns: string[] }>`
    SELECT table_name AS "table", array_agg(column_name::text ORDER BY ordinal_position) AS columns
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
      AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'xml', 'ARRAY', 'USER-DEFINED')
    GROUP BY table_name ORDER BY table_name`.execute(db)
  return rows
}

type Needle = { needle: string; isWord: boolean }
type Hit = Needle & { table: string; column: string; accountId: string }

async function searchTable(
  db: Kysely<Database>,
  table: string,
  columns: string[],
  accounts: readonly Erased[],
): Promise<Hit[]> {
  const hits: Hit[] = []
  const { rows: sizes } = await sql<{ blocks: number }>`
    SELECT (pg_relation_size(${table}::regclass) / current_setting('block_size')::int)::int AS blocks`.execute(db)
  const text = sql.join(
    columns.map(name => sql`(${name}::text, ${sql.ref(`t.${name}`)}::text)`),
    sql`, `,
  )
  const needles = accounts.flatMap(account => needlesOf(account).map(needle => ({ ...needle, id: account.id })))
  const wanted = sql.join(
    needles.map(({ needle, isWord, id }) => sql`(${needle}::text, ${isWord}::boolean, ${id}::text)`),
    sql`, `,
  )
  for (let from = 0; from <= (sizes[0]?.blocks ?? 0); from += blocksAtOnce) {
    const range = sql`t.ctid >= ${`(${from},0)`}::tid AND t.ctid < ${`(${from + blocksAtOnce},0)`}::tid`
    const { rows } = await sql<Needle & { column: string; id: string }>`
      SELECT DISTINCT v.name AS "column", n.needle, n.is_word AS "isWord", n.id
      FROM ${sql.table(table)} t
        CROSS JOIN LATERAL (VALUES ${text}) v (name, value)
        JOIN (VALUES ${wanted}) n (needle, is_word, id) ON strpos(v.value, n.needle) > 0
      WHERE ${range}`.execute(db)
    for (const { id, ...hit } of rows) {
      if (hit.needle === id && idsMayStay.has(`${table}.${hit.column}`)) continue
      hits.push({ ...hit, table, accountId: id })
    }
  }
  return hits
}

function needlesOf({ id, addresses = [], words = [] }: Erased): Needle[] {
  return [
    ...[id, ...addresses].map(needle => ({ needle, isWord: false })),
    ...words.map(needle => ({ needle, isWord: true })),
  ]
}

/** An address is nobody's any more, unless somebody has registered it since. */
async function isListed({ db, directory, region }: Context, email: string): Promise<boolean> {
  if ((await directory.find(email)) !== region) return false
  return (await db.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst()) === undefined
}

/** The region's cache, key by key; what is no text is named only. */
async function* cached(redis: Redis): AsyncGenerator<[key: string, value: string]> {
  for (let cursor = '0'; ; ) {
    const [next, keys] = await redis.scan(cursor, { count: 500 })
    const [, texts] = await redis.scan(cursor, { count: 500, type: 'string' })
    const values = texts.length > 0 ? await redis.mget<(string | null)[]>(...texts) : []
    const known = new Map(texts.map((key, i) => [key, values[i] ?? '']))
    for (const key of keys) yield [key, known.get(key) ?? '']
    if (next === '0') return
    cursor = next
  }
}
