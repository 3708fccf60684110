import { type Kysely, sql } from 'kysely'

/** Counts of categories and conditions from an index alone; and since when so many posts were bumped. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX posts_facets ON posts (country, top_category, category, condition, expires_at)
    WHERE status IN ('active', 'reserved') AND NOT seller_hidden`.execute(db)
  // Made anew with the other statistics of search.
  await sql`CREATE TABLE search_ages (newest integer PRIMARY KEY, since timestamptz NOT NULL)`.execute(db)
}
