import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { isListed } from '../posts/visibility.ts'
import { allPosts } from './postgres/terms.ts'

/** Runs of words that are kept at most, so that a suggestion costs the same however many posts there are. */
const mostPhrases = 20_000
/** Words of which a phrase has at most. */
const longestPhrase = 3
/** Sellers who must have written a run of words: what only one person says is nobody else's suggestion. */
const leastSellers = 2

/**
 * Counts anew in how many public posts each stem is, and what public titles say: what ranking, spelling and suggestions
 * go by. It reads public posts alone, so that a word nobody may see is suggested to nobody; what visitors type is never
 * kept.
 */
export async function refreshStatistics({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await db.transaction().execute(async trx => {
    await sql`CREATE TEMPORARY TABLE public_posts ON COMMIT DROP AS
      SELECT posts.account_id, posts.title, posts.search FROM posts WHERE ${isListed(now())}`.execute(trx)
    await countTerms(trx)
    await countPhrases(trx)
  })
}

async function countTerms(trx: Transaction<Database>): Promise<void> {
  await sql`DELETE FROM search_terms`.execute(trx)
  await sql`
    INSERT INTO search_terms (lexeme, posts)
    SELECT word, ndoc FROM ts_stat('SELECT search FROM public_posts')
    UNION ALL SELECT ${allPosts}, count(*) FROM public_posts`.execute(trx)
}

async function countPhrases(trx: Transaction<Database>): Promise<void> {
  await sql`DELETE FROM search_phrases`.execute(trx)
  await sql`
    INSERT INTO search_phrases (phrase, words, posts)
    SELECT array_to_string(words[first:first + length - 1], ' ') AS phrase, length, count(*)
    FROM (
      SELECT account_id, regexp_split_to_array(trim(regexp_replace(lower(title), '[^[:alnum:]''’]+', ' ', 'g')), ' +') AS words
      FROM public_posts
    ) AS titles,
      generate_series(1, cardinality(words)) AS first,
      generate_series(1, ${longestPhrase}::int) AS length
    WHERE first + length - 1 <= cardinality(words) AND length(words[first]) BETWEEN 2 AND 40
      AND length(words[first + length - 1]) BETWEEN 2 AND 40
      AND (length = 1 OR numnode(plainto_tsquery('english', words[first])) > 0)
      AND (length = 1 OR numnode(plainto_tsquery('english', words[first + length - 1])) > 0)
    GROUP BY 1, 2
    HAVING length = 1 OR count(DISTINCT account_id) >= ${leastSellers}
    ORDER BY count(*) DESC, 1
    LIMIT ${mostPhrases}`.execute(trx)
}
