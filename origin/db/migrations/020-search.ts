import { type Kysely, sql } from 'kysely'
import { categories } from '../../../shared/category.ts'

/** Full text of posts, how common its words are, and what titles say, for suggestions and for spelling. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE EXTENSION IF NOT EXISTS pg_trgm`.execute(db)
  await sql`CREATE EXTENSION IF NOT EXISTS unaccent`.execute(db)
  // One configuration a language; a language is added by another one and a column or an expression of its own.
  await sql`CREATE TEXT SEARCH CONFIGURATION classifieds_en (COPY = english)`.execute(db)
  await sql`
    ALTER TEXT SEARCH CONFIGURATION classifieds_en
      ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem`.execute(db)
  await sql`ALTER TABLE posts ADD COLUMN category_words text NOT NULL DEFAULT ''`.execute(db)
  for (const top of categories) {
    for (const leaf of top.children.length > 0 ? top.children : [top]) {
      const words = [...new Set([top.name, leaf.name])].join(' ')
      await sql`UPDATE posts SET category_words = ${words} WHERE category = ${leaf.slug}`.execute(db)
    }
  }
  await sql`
    ALTER TABLE posts ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
      setweight(to_tsvector('classifieds_en', title), 'A') ||
      setweight(to_tsvector('classifieds_en', category_words), 'B') ||
      setweight(jsonb_to_tsvector('classifieds_en', attributes, '["string", "numeric"]'), 'C') ||
      setweight(to_tsvector('classifieds_en', description), 'D')) STORED`.execute(db)
  const listed = sql`WHERE status IN ('active', 'reserved') AND NOT seller_hidden`
  await sql`CREATE INDEX posts_search ON posts USING gin (search) ${listed}`.execute(db)
  // Made anew from public posts every few minutes: how many posts have a word's stem.
  await sql`CREATE TABLE search_terms (lexeme text PRIMARY KEY, posts integer NOT NULL)`.execute(db)
  // The words and the short runs of words of public titles, as they are written most.
  await sql`
    CREATE TABLE search_phrases (
      phrase text PRIMARY KEY,
      words integer NOT NULL,
      posts integer NOT NULL
    )`.execute(db)
  await sql`CREATE INDEX search_phrases_prefix ON search_phrases (phrase text_pattern_ops)`.execute(db)
  await sql`CREATE INDEX search_phrases_alike ON search_phrases USING gin (phrase gin_trgm_ops) WHERE words = 1`.execute(
    db,
  )
}
