import { sql, type Transaction } from 'kysely'
import type { Database } from '../db/schema.ts'
import { noiseWords } from './noise.ts'

/** Runs of words that are kept at most, so that a suggestion costs the same however many posts there are. */
const mostPhrases = 20_000
/** Sellers who must have said something: what only one person says is nobody else's suggestion. */
const leastSellers = 2
/** Or different titles of one seller: an import brings the posts of many people. Reposts are one title. */
const leastTitles = 5
const noise = [...noiseWords]

/**
 * Keeps words of titles and of the names of categories, and runs of two and three words of titles that neither begin nor end
 * with a word that means nothing alone. A run is kept where several people say it; a word that one person says is kept for
 * spelling, but suggested to nobody (decision 095).
 * @param trx has `newest_posts`, see `refreshStatistics`
 */
export async function countPhrases(trx: Transaction<Database>): Promise<void> {
  await sql`CREATE TEMPORARY TABLE title_words ON COMMIT DROP AS
    SELECT account_id, said, word, lead(word, 1) OVER title AS second, lead(word, 2) OVER title AS third
    FROM newest_posts, string_to_table(trim(regexp_replace(lower(title), '[^[:alnum:]''’]+', ' ', 'g')), ' ')
      WITH ORDINALITY AS words(word, at)
    WINDOW title AS (PARTITION BY id ORDER BY at)`.execute(trx)
  await sql`CREATE TEMPORARY TABLE known_words ON COMMIT DROP AS
    SELECT word, numnode(plainto_tsquery('english', word)) > 0 AS speaks, word = ANY (${noise}::text[]) AS is_noise,
      word ~ '^[0-9]+$' AS is_number, word ~ '[0-9]{5}' AS is_long_number,
      (SELECT string_agg(lexeme, ' ' ORDER BY lexeme) FROM unnest(to_tsvector('classifieds_en', word))) AS stem
    FROM (SELECT DISTINCT word FROM title_words WHERE length(word) <= 40) AS known`.execute(trx)
  const runs = sql`
    SELECT account_id, said, word, NULL AS second, NULL AS third FROM title_words
    UNION ALL SELECT account_id, said, word, second, NULL FROM title_words WHERE second IS NOT NULL
    UNION ALL SELECT account_id, said, word, second, third FROM title_words WHERE third IS NOT NULL`
  await sql`CREATE TEMPORARY TABLE runs ON COMMIT DROP AS
    SELECT word, second, third, count(*)::int AS posts, count(DISTINCT said)::int AS titles,
      count(DISTINCT account_id) >= ${leastSellers} OR count(DISTINCT said) >= ${leastTitles} AS common
    FROM (${runs}) AS runs GROUP BY word, second, third`.execute(trx)
  await sql`DELETE FROM search_phrases`.execute(trx)
  await sql`
    INSERT INTO search_phrases (phrase, words, posts, titles, common, stems)
    SELECT phrase, words, sum(posts), sum(titles), bool_or(common), max(stems) FROM (
      SELECT concat_ws(' ', runs.word, second, third) AS phrase, num_nonnulls(runs.word, second, third) AS words, posts,
        CASE WHEN common THEN titles ELSE 0 END AS titles, common, CASE WHEN common AND ${isWorthSaying} THEN
          concat_ws(' ', first.stem, middle.stem, last.stem) END AS stems
      FROM runs
      JOIN known_words AS first ON first.word = runs.word
      LEFT JOIN known_words AS middle ON middle.word = second
      LEFT JOIN known_words AS last ON last.word = third
      WHERE CASE WHEN second IS NULL THEN runs.word ~ '^[[:alnum:]]{2,40}$'
        ELSE common AND first.speaks AND CASE WHEN third IS NULL THEN middle.speaks ELSE last.speaks END END
      UNION ALL
      SELECT word, 1, sum(posts), 0, true, NULL
      FROM (SELECT lower(category_words) AS name, count(*) AS posts FROM newest_posts GROUP BY 1) AS named,
        string_to_table(name, ' ') AS word
      WHERE word ~ '^[[:alnum:]]{2,40}$' GROUP BY word
    ) AS phrases
    GROUP BY phrase, words
    ORDER BY bool_or(common) DESC, sum(posts) DESC, phrase
    LIMIT ${mostPhrases}`.execute(trx)
}

/**
 * What a suggestion must be: no address, telephone or stock number, at most one number beside a word, and neither beginning
 * nor ending with a word of praise or haste.
 */
const isWorthSaying = sql`(
  first.speaks
  AND NOT (first.is_noise OR coalesce(middle.is_noise AND third IS NULL, false) OR coalesce(last.is_noise, false))
  AND NOT (first.is_long_number OR coalesce(middle.is_long_number, false) OR coalesce(last.is_long_number, false))
  AND num_nonnulls(nullif(first.is_number, false), nullif(middle.is_number, false), nullif(last.is_number, false))
    < least(num_nonnulls(runs.word, second, third), 2)
  AND concat(runs.word, second, third) ~ '[[:alpha:]]{2}')`
