import { type Kysely, sql } from 'kysely'

/** The scheduler's tasks, what sellers were told of their posts' ends, exports, and indexes for what is due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE scheduled_tasks (
      name text PRIMARY KEY,
      due_at timestamptz NOT NULL,
      claim text,
      claimed_until timestamptz,
      last_done_at timestamptz,
      last_error text
    )`.execute(db)
  await sql`
    ALTER TABLE posts
      -- the end (expires_at) that the seller was reminded or told of: a renewal makes another end
      ADD COLUMN reminded_for timestamptz,
      ADD COLUMN told_expired_for timestamptz`.execute(db)
  await createNoticeIndex(db, 'posts_to_remind', 'reminded_for')
  await createNoticeIndex(db, 'posts_to_tell_expired', 'told_expired_for')
  await sql`
    CREATE INDEX posts_end ON posts ((
      CASE
        WHEN status IN ('active', 'reserved') THEN expires_at
        WHEN status IN ('withdrawn', 'sold') THEN coalesce(ended_at, updated_at)
        WHEN status = 'removed' THEN updated_at
      END))`.execute(db)
  await sql`CREATE INDEX post_tombstones_age ON post_tombstones (deleted_at)`.execute(db)
  await sql`CREATE INDEX accounts_unverified ON accounts (created_at) WHERE verified_at IS NULL`.execute(db)
  await sql`ALTER TABLE accounts ADD COLUMN erasing_at timestamptz`.execute(db)
  await sql`CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at IS NOT NULL`.execute(db)
  await sql`CREATE INDEX sessions_over ON sessions (least(expires_at, ended_at))`.execute(db)
  await sql`CREATE INDEX account_tokens_age ON account_tokens (expires_at)`.execute(db)
  await sql`CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)`.execute(db)
  await sql`CREATE INDEX mails_age ON mails (created_at)`.execute(db)
  await sql`CREATE INDEX thread_mirrors_deleted ON thread_mirrors (deleted_at) WHERE deleted_at IS NOT NULL`.execute(db)
  await sql`
    CREATE TABLE exports (
      id text PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      requested_at timestamptz NOT NULL,
      ready_at timestamptz,
      expires_at timestamptz,
      object_key text,
      bytes integer,
      CONSTRAINT exports_ready CHECK (
        (ready_at IS NULL) = (object_key IS NULL) AND (ready_at IS NULL) = (expires_at IS NULL))
    )`.execute(db)
  await sql`CREATE INDEX exports_account ON exports (account_id, requested_at DESC)`.execute(db)
  await sql`CREATE INDEX exports_age ON exports (requested_at)`.execute(db)
}

/** Holds only posts whose seller is still to hear of their end; imported ones have somebody else to tell it. */
async function createNoticeIndex(db: Kysely<unknown>, name: string, column: string): Promise<void> {
  await sql`
    CREATE INDEX ${sql.id(name)} ON posts (expires_at)
    WHERE status IN ('active', 'reserved') AND external_id IS NULL
      AND ${sql.id(column)} IS DISTINCT FROM expires_at`.execute(db)
}
