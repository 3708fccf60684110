import { type Kysely, sql } from 'kysely'
import { createRedis, type Redis } from '../adapters/redis.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { exportFolder } from '../exports/making.ts'

/** Whom to look for: by id, and by whatever else is known of them. */
export type Erased = { id: string; email?: string; displayName?: string }
/** Where something was found: `table.column`, `bucket KEY`, `directory`, `cache KEY`. */
export type Leftover = { accountId: string; where: string[] }

/** The audit table names who did what by id, and only that may stay. */
const idsMayStay = new Set(['audit.actor_id', 'audit.subject_id'])
/** Blocks of a table (8 kB each) that one statement reads, so that none takes long. */
const blocksAtOnce = 2_048

/**
 * Looks for what is left of erased accounts: reads every text of every table there is, the bucket's folder, the directory
 * and the region's cache. It knows no table by name but the audit, so that a new one is looked through as well.
 * @returns one entry for each account of which something was found
 */
export async function checkErased(ctx: Context, accounts: readonly Erased[]): Promise<Leftover[]> {
  const found = new Map(accounts.map(({ id }) => [id, [] as string[]]))
  const note = (id: string, where: string) => found.get(id)?.push(where)
  for (const { table, columns } of await textColumns(ctx.db)) {
    for (const { column, accountId } of await searchTable(ctx.db, table, columns, accounts))
      note(accountId, `${table}.${column}`)
  }
  for (const { id } of accounts) for (const key of await ctx.objects.list(exportFolder(id))) note(id, `bucket ${key}`)
  for (const { id, email } of accounts) if (email && (await isListed(ctx, email))) note(id, 'directory')
  for await (const [key, value] of cached(createRedis(ctx.config.redis.region))) {
    const isIn = (needle: string) => key.includes(needle) || value.includes(needle)
    for (const account of accounts) if (needlesOf(account).some(isIn)) note(account.id, `cache ${key}`)
  }
  return [...found].filter(([, where]) => where.length > 0).map(([accountId, where]) => ({ accountId, where }))
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

type Hit = { column: string; accountId: string }

async function searchTable(
  db: Kysely<Database>,
  table: string,
  columns: string[],
  accounts: readonly Erased[],
): Promise<Hit[]> {
  const hits = new Map<string, Hit>()
  const { rows: sizes } = await sql<{ blocks: number }>`
    SELECT (pg_relation_size(${table}::regclass) / current_setting('block_size')::int)::int AS blocks`.execute(db)
  const text = sql.join(
    columns.map(name => sql`(${name}::text, ${sql.ref(`t.${name}`)}::text)`),
    sql`, `,
  )
  const needles = accounts.flatMap(account => needlesOf(account).map(needle => ({ needle, id: account.id })))
  const wanted = sql.join(
    needles.map(({ needle, id }) => sql`(${needle}::text, ${id}::text)`),
    sql`, `,
  )
  for (let from = 0; from <= (sizes[0]?.blocks ?? 0); from += blocksAtOnce) {
    const range = sql`t.ctid >= ${`(${from},0)`}::tid AND t.ctid < ${`(${from + blocksAtOnce},0)`}::tid`
    const { rows } = await sql<{ column: string; needle: string; id: string }>`
      SELECT DISTINCT v.name AS "column", n.needle, n.id
      FROM ${sql.table(table)} t
        CROSS JOIN LATERAL (VALUES ${text}) v (name, value)
        JOIN (VALUES ${wanted}) n (needle, id) ON strpos(v.value, n.needle) > 0
      WHERE ${range}`.execute(db)
    for (const { column, needle, id } of rows) {
      if (needle === id && idsMayStay.has(`${table}.${column}`)) continue
      hits.set(`${column} ${id}`, { column, accountId: id })
    }
  }
  return [...hits.values()]
}

function needlesOf({ id, email, displayName }: Erased): string[] {
  return [id, email, displayName].filter(needle => needle !== undefined)
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
