import { type Kysely, type RawBuilder, sql } from 'kysely'

/** The signs of ASCII, each of which parts words; Postgres's own parser would take "washer/dryer" for a path and "12.9" for a number. */
const signs = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'
/** Within a word they are nothing: "levi's" is "levis", in posts and in queries. */
const apostrophes = "'’"

/** Parts the full text of posts into the words that queries are parted into (`origin/search/query.ts`). */
export async function up(db: Kysely<unknown>): Promise<void> {
  const values = sql`jsonb_path_query_array(attributes, '$.* ? (@.type() == "string" || @.type() == "number")')::text`
  await sql`ALTER TABLE posts DROP COLUMN search`.execute(db)
  await sql`
    ALTER TABLE posts ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
      setweight(${vectorOf(sql`title`)}, 'A') ||
      setweight(${vectorOf(sql`category_words`)}, 'B') ||
      setweight(${vectorOf(values)}, 'C') ||
      setweight(${vectorOf(sql`description`)}, 'D')) STORED`.execute(db)
  const listed = sql`WHERE status IN ('active', 'reserved') AND NOT seller_hidden`
  await sql`CREATE INDEX posts_search ON posts USING gin (search) ${listed}`.execute(db)
}

function vectorOf(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const spaces = ' '.repeat(signs.length)
  return sql`to_tsvector('classifieds_en', translate(${text}, ${sql.lit(signs + apostrophes)}, ${sql.lit(spaces)}))`
}
