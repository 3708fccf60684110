import { type Kysely, sql } from 'kysely'

/** Photos of posts, how many an account has sent lately, and which of different accounts look alike. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE images (
      id text PRIMARY KEY,
      -- no cascade: whoever deletes a post must see to the bytes as well
      post_id text NOT NULL REFERENCES posts,
      account_id text NOT NULL REFERENCES accounts,
      position integer NOT NULL,
      state text NOT NULL CHECK (state IN ('uploading', 'processing', 'ready', 'failed')),
      problem text,
      file_name text NOT NULL,
      content_type text NOT NULL,
      bytes integer NOT NULL,
      alt text NOT NULL DEFAULT '',
      folder text NOT NULL,
      variants jsonb,
      width integer,
      height integer,
      color text,
      thumbhash bytea,
      perceptual_hash bigint,
      attempts integer NOT NULL DEFAULT 0,
      asked_at timestamptz,
      held_until timestamptz,
      created_at timestamptz NOT NULL,
      completed_at timestamptz,
      settled_at timestamptz,
      CONSTRAINT images_ready CHECK (
        state <> 'ready' OR (variants IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL
          AND color IS NOT NULL AND thumbhash IS NOT NULL)),
      CONSTRAINT images_failed CHECK ((state = 'failed') = (problem IS NOT NULL)),
      CONSTRAINT images_settled CHECK ((state IN ('ready', 'failed')) = (settled_at IS NOT NULL))
    )`.execute(db)
  await sql`CREATE INDEX images_post ON images (post_id, position, id)`.execute(db)
  await sql`CREATE INDEX images_account ON images (account_id)`.execute(db)
  await sql`CREATE INDEX images_unsettled ON images (created_at) WHERE settled_at IS NULL`.execute(db)
  // bands of the hash: see media/likeness.ts
  for (const shift of [0, 16, 32, 48])
    await sql`
      CREATE INDEX ${sql.ref(`images_hash_${shift}`)} ON images (((perceptual_hash >> ${sql.lit(shift)}) & 65535))`.execute(
      db,
    )
  await sql`
    CREATE TABLE image_uploads (
      image_id text PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      created_at timestamptz NOT NULL
    )`.execute(db)
  await sql`CREATE INDEX image_uploads_account ON image_uploads (account_id, created_at)`.execute(db)
  await sql`
    CREATE TABLE image_likenesses (
      image_id text NOT NULL REFERENCES images ON DELETE CASCADE,
      other_id text NOT NULL REFERENCES images ON DELETE CASCADE,
      distance integer NOT NULL,
      found_at timestamptz NOT NULL,
      PRIMARY KEY (image_id, other_id)
    )`.execute(db)
  await sql`CREATE TABLE bucket_sweeps (folder text PRIMARY KEY, after text NOT NULL)`.execute(db)
  // a copy of one's data holds the photos
  await sql`ALTER TABLE exports ALTER COLUMN bytes TYPE bigint`.execute(db)
  await sql`CREATE INDEX image_likenesses_other ON image_likenesses (other_id)`.execute(db)
}
