import { type Kysely, sql } from 'kysely'

/** Threads with their messages, who blocked whom, what the buyers' home regions keep of threads, and reports. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A buyer may be of another region, where their account is; keys are tidied up by their age.
  await sql`ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_account_id_fkey`.execute(db)
  // No reference to the post: what two people said to each other outlives it.
  await sql`
    CREATE TABLE threads (
      id text PRIMARY KEY,
      post_id text NOT NULL,
      post_title text NOT NULL,
      seller_id text NOT NULL,
      buyer_id text NOT NULL,
      buyer_name text NOT NULL,
      created_at timestamptz NOT NULL,
      last_activity_at timestamptz NOT NULL,
      last_number integer NOT NULL,
      seller_read_to integer NOT NULL DEFAULT 0,
      buyer_read_to integer NOT NULL DEFAULT 0,
      seller_unread integer NOT NULL DEFAULT 0,
      buyer_unread integer NOT NULL DEFAULT 0,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT threads_one UNIQUE (post_id, buyer_id),
      CONSTRAINT threads_two_sides CHECK (seller_id <> buyer_id)
    )`.execute(db)
  await sql`CREATE INDEX threads_seller ON threads (seller_id, last_activity_at DESC, id DESC)`.execute(db)
  await sql`CREATE INDEX threads_unread ON threads (seller_id, seller_unread) WHERE seller_unread > 0`.execute(db)
  await sql`CREATE INDEX threads_buyer ON threads (buyer_id)`.execute(db)
  await sql`
    CREATE TABLE messages (
      id text PRIMARY KEY,
      thread_id text NOT NULL REFERENCES threads ON DELETE CASCADE,
      number integer NOT NULL,
      sender_id text NOT NULL,
      text text NOT NULL,
      created_at timestamptz NOT NULL,
      removed_at timestamptz,
      CONSTRAINT messages_order UNIQUE (thread_id, number)
    )`.execute(db)
  await sql`CREATE INDEX messages_sender ON messages (sender_id, created_at DESC)`.execute(db)
  await sql`
    CREATE TABLE blocks (
      blocker_id text NOT NULL,
      blocked_id text NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (blocker_id, blocked_id)
    )`.execute(db)
  await sql`
    CREATE TABLE thread_mirrors (
      thread_id text PRIMARY KEY,
      buyer_id text NOT NULL,
      post_id text NOT NULL,
      post_title text NOT NULL,
      last_activity_at timestamptz NOT NULL,
      unread integer NOT NULL,
      version integer NOT NULL,
      deleted_at timestamptz
    )`.execute(db)
  await sql`
    CREATE INDEX thread_mirrors_buyer ON thread_mirrors (buyer_id, last_activity_at DESC, thread_id DESC)
    WHERE deleted_at IS NULL`.execute(db)
  await createReports(db)
}

async function createReports(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE reports (
      id text PRIMARY KEY,
      subject text NOT NULL CHECK (subject IN ('post', 'message', 'account')),
      subject_id text NOT NULL,
      about_id text NOT NULL,
      reporter_id text,
      reporter_key text NOT NULL,
      reason text NOT NULL,
      text text NOT NULL,
      created_at timestamptz NOT NULL,
      outcome text CHECK (outcome IN ('remove', 'suspend', 'dismiss')),
      decision_reason text,
      decided_by text,
      decided_at timestamptz,
      CONSTRAINT reports_decided CHECK ((outcome IS NULL) = (decided_at IS NULL))
    )`.execute(db)
  // One open report of a thing from one reporter.
  await sql`
    CREATE UNIQUE INDEX reports_once ON reports (subject_id, reporter_key) WHERE decided_at IS NULL`.execute(db)
  await sql`CREATE INDEX reports_queue ON reports (created_at, id) WHERE decided_at IS NULL`.execute(db)
  await sql`CREATE INDEX reports_reporter ON reports (reporter_key, created_at)`.execute(db)
  await sql`CREATE INDEX reports_about ON reports (about_id) WHERE outcome <> 'dismiss'`.execute(db)
}
