import { type Kysely, sql } from 'kysely'

/** Which words of titles more than one person says, and so may be suggested to others; and in how many posts each category is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Filled within five minutes, as all statistics of search are: until then nothing is suggested.
  await sql`
    ALTER TABLE search_phrases
      ADD COLUMN titles integer NOT NULL DEFAULT 0,
      ADD COLUMN common boolean NOT NULL DEFAULT false,
      ADD COLUMN stems text`.execute(db)
  await sql`
    CREATE INDEX search_phrases_suggested ON search_phrases (phrase text_pattern_ops) WHERE stems IS NOT NULL`.execute(
    db,
  )
  await sql`CREATE TABLE search_categories (category text PRIMARY KEY, posts integer NOT NULL)`.execute(db)
}
