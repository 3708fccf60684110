import { type Kysely, sql } from 'kysely'

/** Mails and what became of them, what accounts want to be told, changes of address, countries they signed in from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE mails (
      id text PRIMARY KEY,
      key text NOT NULL UNIQUE,
      kind text NOT NULL,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      data jsonb NOT NULL,
      state text NOT NULL
        CHECK (state IN ('queued', 'sending', 'sent', 'bounced', 'suppressed', 'refused', 'dropped')),
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL,
      handed_at timestamptz,
      sent_at timestamptz,
      ses_message_id text,
      error text,
      created_at timestamptz NOT NULL
    )`.execute(db)
  await sql`CREATE INDEX mails_due ON mails (due_at) WHERE state IN ('queued', 'sending')`.execute(db)
  await sql`CREATE INDEX mails_account ON mails (account_id)`.execute(db)
  await sql`CREATE INDEX mails_ses ON mails (ses_message_id) WHERE ses_message_id IS NOT NULL`.execute(db)
  await sql`
    ALTER TABLE accounts
      ADD COLUMN muted_mails text[] NOT NULL DEFAULT '{}',
      ADD COLUMN mail_trouble text CHECK (mail_trouble IN ('bounced', 'complained')),
      ADD COLUMN mail_trouble_at timestamptz`.execute(db)
  await sql`
    CREATE TABLE address_changes (
      id text PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      old_email text NOT NULL,
      new_email text NOT NULL,
      requested_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      new_confirmed_at timestamptz,
      old_approved_at timestamptz,
      moved_at timestamptz,
      settled_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX address_changes_account ON address_changes (account_id, requested_at DESC)`.execute(db)
  await sql`
    CREATE INDEX address_changes_unsettled ON address_changes (moved_at)
    WHERE moved_at IS NOT NULL AND settled_at IS NULL`.execute(db)
  await sql`
    CREATE TABLE account_countries (
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      country text NOT NULL,
      first_seen_at timestamptz NOT NULL,
      PRIMARY KEY (account_id, country)
    )`.execute(db)
  await sql`
    INSERT INTO account_countries (account_id, country, first_seen_at)
    SELECT account_id, country, min(created_at) FROM sessions WHERE country IS NOT NULL GROUP BY account_id, country
  `.execute(db)
  await takeOverOpenMails(db)
}

/** What was asked for in the form from before the worker is asked for in the present one. */
export async function takeOverOpenMails(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE outbox SET
      kind = 'mail.requested',
      payload = jsonb_build_object(
        'mail', CASE kind
          WHEN 'mail.suspended' THEN 'account-suspended'
          WHEN 'mail.reinstated' THEN 'account-reinstated'
          ELSE substr(kind, 6) END,
        'accountId', aggregate_id,
        'key', 'outbox ' || id,
        'data', '{}'::jsonb),
      claimed_until = NULL,
      attempts = 0
    WHERE done_at IS NULL
      AND kind IN ('mail.verify', 'mail.already-registered', 'mail.reset', 'mail.suspended', 'mail.reinstated')
  `.execute(db)
}
