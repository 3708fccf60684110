import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { isListed } from '../posts/visibility.ts'
import { countPhrases } from './phrases.ts'
import { allPosts } from './postgres/terms.ts'

/** Posts that are read, the newest first: what they say and how often stands for all, and the pass costs the same however many there are. */
const mostRead = 20_000
/** Any number that nothing else locks: two passes at once would each keep the other's rows. */
const lock = 6_002

/**
 * Counts anew in how many public posts each stem is, and what public titles say: what ranking, spelling and suggestions
 * go by. It reads public posts alone, so that a word nobody may see is suggested to nobody; what visitors type is never
 * kept.
 */
export async function refreshStatistics({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await db.transaction().execute(async trx => {
    await sql`SELECT pg_advisory_xact_lock(${lock})`.execute(trx)
    await sql`CREATE TEMPORARY TABLE newest_posts ON COMMIT DROP AS
      SELECT posts.id, posts.account_id, posts.title, posts.category, posts.category_words, posts.search,
        hashtextextended(concat_ws(' ', posts.account_id, strip(ts_filter(posts.search, '{a}'))), 0) AS said
      FROM posts WHERE ${isListed(now())}
      ORDER BY posts.bumped_at DESC LIMIT ${mostRead}`.execute(trx)
    await countTerms(trx)
    await countPhrases(trx)
    await countCategories(trx)
    await noteAges(trx, now())
  })
}

async function countTerms(trx: Transaction<Database>): Promise<void> {
  await sql`DELETE FROM search_terms`.execute(trx)
  await sql`
    INSERT INTO search_terms (lexeme, posts)
    SELECT word, ndoc FROM ts_stat('SELECT search FROM newest_posts')
    UNION ALL SELECT ${allPosts}, count(*) FROM newest_posts`.execute(trx)
}

async function countCategories(trx: Transaction<Database>): Promise<void> {
  await sql`DELETE FROM search_categories`.execute(trx)
  await sql`
    INSERT INTO search_categories (category, posts)
    SELECT category, count(*) FROM newest_posts GROUP BY category`.execute(trx)
}

/** Notes since when the newest 10,000, 20,000, 40,000… public posts were bumped, as far as there are so many. */
async function noteAges(trx: Transaction<Database>, now: Date): Promise<void> {
  await sql`DELETE FROM search_ages`.execute(trx)
  await sql`
    INSERT INTO search_ages (newest, since)
    SELECT place, bumped_at FROM (
      SELECT bumped_at, row_number() OVER (ORDER BY bumped_at DESC)::int AS place FROM posts WHERE ${isListed(now)}
    ) AS aged
    WHERE place IN (SELECT 10000 * 2 ^ n FROM generate_series(0, 12) AS n)`.execute(trx)
}
