import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { isListed } from '../posts/visibility.ts'
import { allPosts } from './postgres/terms.ts'

/** Posts that are read, the newest first: what they say and how often stands for all, and the pass costs the same however many there are. */
const mostRead = 20_000
/** Runs of words that are kept at most, so that a suggestion costs the same however many posts there are. */
const mostPhrases = 20_000
/** Any number that nothing else locks: two passes at once would each keep the other's rows. */
const lock = 6_002
/** Sellers who must have written a run of words: what only one person says is nobody else's suggestion. */
const leastSellers = 2

/**
 * Counts anew in how many public posts each stem is, and what public titles say: what ranking, spelling and suggestions
 * go by. It reads public posts alone, so that a word nobody may see is suggested to nobody; what visitors type is never
 * kept.
 */
export async function refreshStatistics({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await db.transaction().execute(async trx => {
    await sql`SELECT pg_advisory_xact_lock(${lock})`.execute(trx)
    await sql`CREATE TEMPORARY TABLE newest_posts ON COMMIT DROP AS
      SELECT posts.id, posts.account_id, posts.title, posts.category_words, posts.search FROM posts WHERE ${isListed(now())}
      ORDER BY posts.bumped_at DESC LIMIT ${mostRead}`.execute(trx)
    await countTerms(trx)
    await countPhrases(trx)
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

/**
 * Keeps words of titles and of the names of categories, and runs of two and three words of titles that neither begin nor end
 * with a word that means nothing alone.
 */
async function countPhrases(trx: Transaction<Database>): Promise<void> {
  await sql`CREATE TEMPORARY TABLE title_words ON COMMIT DROP AS
    SELECT account_id, word, lead(word, 1) OVER title AS second, lead(word, 2) OVER title AS third
    FROM newest_posts, string_to_table(trim(regexp_replace(lower(title), '[^[:alnum:]''’]+', ' ', 'g')), ' ')
      WITH ORDINALITY AS words(word, at)
    WINDOW title AS (PARTITION BY id ORDER BY at)`.execute(trx)
  await sql`CREATE TEMPORARY TABLE title_ends ON COMMIT DROP AS
    SELECT word, numnode(plainto_tsquery('english', word)) > 0 AS speaks
    FROM (SELECT DISTINCT word FROM title_words WHERE length(word) BETWEEN 2 AND 40) AS known`.execute(trx)
  await sql`DELETE FROM search_phrases`.execute(trx)
  await sql`
    INSERT INTO search_phrases (phrase, words, posts)
    SELECT word, 1, count(*) FROM (
      SELECT word FROM title_words JOIN title_ends USING (word)
      UNION ALL
      SELECT string_to_table(lower(category_words), ' ') FROM newest_posts
    ) AS words WHERE word ~ '^[[:alnum:]]{2,40}$' GROUP BY 1
    UNION ALL (
      SELECT phrase, words, count(*) FROM (
        SELECT account_id, word AS first, second AS last, word || ' ' || second AS phrase, 2 AS words FROM title_words
        UNION ALL
        SELECT account_id, word, third, word || ' ' || second || ' ' || third, 3 FROM title_words
      ) AS runs
      WHERE first IN (SELECT word FROM title_ends WHERE speaks) AND last IN (SELECT word FROM title_ends WHERE speaks)
      GROUP BY phrase, words
      HAVING count(DISTINCT account_id) >= ${leastSellers}
    )
    ORDER BY 3 DESC, 1
    LIMIT ${mostPhrases}`.execute(trx)
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
