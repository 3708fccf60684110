import { type Kysely, sql } from 'kysely'

/** What an index beside Postgres is fed by: a version that every change raises, what is left of deleted posts, and events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE posts ADD COLUMN search_version bigint NOT NULL DEFAULT 1`.execute(db)
  // So that news of a post that is gone, however late, still has a version to be compared by.
  await sql`
    CREATE TABLE search_tombstones (
      post_id text PRIMARY KEY,
      version bigint NOT NULL,
      deleted_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db)
  await sql`CREATE INDEX search_tombstones_age ON search_tombstones (deleted_at)`.execute(db)
  // The indexes that changes are written to, at most one in each state.
  await sql`
    CREATE TABLE search_indexes (
      name text PRIMARY KEY,
      state text NOT NULL CHECK (state IN ('building', 'live', 'previous')),
      created_at timestamptz NOT NULL,
      live_at timestamptz,
      CONSTRAINT search_indexes_one UNIQUE (state) DEFERRABLE
    )`.execute(db)
  await raiseVersions(db)
  await recordEvents(db)
}

/** What is indexed or decides who sees it; the exact point and what only the seller or the mails look at is not. */
// biome-ignore format: one look is enough
const indexed = [
  'account_id', 'title', 'description', 'category', 'top_category', 'category_words', 'price_amount', 'price_currency',
  'price_kind', 'condition', 'attributes', 'country', 'subdivision', 'city', 'public_lat', 'public_lon', 'status',
  'seller_hidden', 'created_at', 'published_at', 'bumped_at', 'expires_at', 'search_version',
]

/** The version never goes back: not by any update, and not when a deleted id comes again. Whoever sets it can only raise it. */
async function raiseVersions(db: Kysely<unknown>): Promise<void> {
  const rowOf = (row: string) => sql.raw(`(${indexed.map(column => `${row}.${column}`).join(', ')})`)
  await sql`
    CREATE FUNCTION posts_raise_search_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        NEW.search_version := greatest(
          NEW.search_version, (SELECT version + 1 FROM search_tombstones WHERE post_id = NEW.id));
      ELSE
        NEW.search_version := greatest(NEW.search_version, OLD.search_version + 1);
      END IF;
      RETURN NEW;
    END $$`.execute(db)
  await sql`
    CREATE TRIGGER posts_search_version_begins BEFORE INSERT ON posts
    FOR EACH ROW EXECUTE FUNCTION posts_raise_search_version()`.execute(db)
  await sql`
    CREATE TRIGGER posts_search_version_rises BEFORE UPDATE ON posts
    FOR EACH ROW WHEN (${rowOf('OLD')} IS DISTINCT FROM ${rowOf('NEW')})
    EXECUTE FUNCTION posts_raise_search_version()`.execute(db)
}

/**
 * Events are recorded by a statement for all its posts, and only while there is an index: without one they cost a look into
 * an empty table. A change of a post that was not public and does not become so concerns no index; the end of one that
 * ever was is told once more, so that what news has failed to take out of an index goes at last.
 */
async function recordEvents(db: Kysely<unknown>): Promise<void> {
  const isPublic = (row: string) => sql.raw(`${row}.status IN ('active', 'reserved') AND NOT ${row}.seller_hidden`)
  const record = (version: string) =>
    sql.raw(`INSERT INTO outbox (kind, version, aggregate_id, aggregate_version, payload, traceparent)
        SELECT 'post.changed', 1, post.id, least(${version}, 2147483647)::int, jsonb_build_object('postId', post.id),
          nullif(current_setting('classifyhub.traceparent', true), '')`)
  await sql`
    CREATE FUNCTION posts_tell_index() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        INSERT INTO search_tombstones (post_id, version) SELECT id, search_version + 1 FROM old_posts
        ON CONFLICT (post_id) DO UPDATE
          SET version = greatest(search_tombstones.version, excluded.version), deleted_at = excluded.deleted_at;
      END IF;
      IF NOT EXISTS (SELECT FROM search_indexes) THEN
        RETURN NULL;
      END IF;
      IF TG_OP = 'INSERT' THEN
        ${record('post.search_version')} FROM new_posts AS post WHERE ${isPublic('post')};
      ELSIF TG_OP = 'UPDATE' THEN
        ${record('post.search_version')} FROM new_posts AS post JOIN old_posts AS former ON former.id = post.id
        WHERE post.search_version > former.search_version AND (${isPublic('post')} OR ${isPublic('former')});
      ELSE
        ${record('post.search_version + 1')} FROM old_posts AS post WHERE post.published_at IS NOT NULL;
      END IF;
      RETURN NULL;
    END $$`.execute(db)
  const seen = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] }
  for (const [operation, rows] of Object.entries(seen)) {
    const tables = rows.map(row => `${row} TABLE AS ${row.toLowerCase()}_posts`).join(' ')
    await sql`
      CREATE TRIGGER ${sql.id(`posts_tell_index_of_${operation.toLowerCase()}`)} AFTER ${sql.raw(operation)} ON posts
      REFERENCING ${sql.raw(tables)} FOR EACH STATEMENT EXECUTE FUNCTION posts_tell_index()`.execute(db)
  }
}
