import { type Kysely, sql } from 'kysely'

/** Accounts, sessions, posts, outbox, idempotency keys, audit and signing keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE accounts (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE,
      display_name text NOT NULL,
      password_hash text NOT NULL,
      role text NOT NULL CHECK (role IN ('member', 'moderator', 'operator')),
      country text NOT NULL,
      locale text NOT NULL,
      time_zone text NOT NULL,
      currency text NOT NULL,
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL,
      verified_at timestamptz,
      suspended_at timestamptz,
      suspension_reason text,
      deleted_at timestamptz,
      in_directory boolean NOT NULL DEFAULT false
    )`.execute(db)
  await sql`CREATE INDEX accounts_unconfirmed ON accounts (id) WHERE NOT in_directory`.execute(db)
  await sql`
    CREATE TABLE sessions (
      id text PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      user_agent text,
      country text,
      created_at timestamptz NOT NULL,
      last_used_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      ended_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX sessions_account ON sessions (account_id, last_used_at DESC) WHERE ended_at IS NULL`.execute(
    db,
  )
  await sql`
    CREATE TABLE refresh_tokens (
      token_hash bytea PRIMARY KEY,
      session_id text NOT NULL REFERENCES sessions ON DELETE CASCADE,
      predecessor_hash bytea,
      superseded_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)`.execute(db)
  await sql`
    CREATE TABLE account_tokens (
      token_hash bytea PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      purpose text NOT NULL CHECK (purpose IN ('verify', 'reset')),
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX account_tokens_account ON account_tokens (account_id, purpose)`.execute(db)
  await sql`
    CREATE TABLE posts (
      id text PRIMARY KEY,
      account_id text NOT NULL REFERENCES accounts,
      external_id text,
      title text NOT NULL,
      description text NOT NULL,
      category text NOT NULL,
      top_category text NOT NULL,
      price_amount bigint,
      price_currency text,
      price_kind text NOT NULL CHECK (price_kind IN ('fixed', 'negotiable', 'free', 'on_request')),
      condition text,
      attributes jsonb NOT NULL,
      country text NOT NULL,
      subdivision text,
      city text NOT NULL,
      lat double precision NOT NULL,
      lon double precision NOT NULL,
      public_lat double precision NOT NULL,
      public_lon double precision NOT NULL,
      status text NOT NULL CHECK (status IN ('draft', 'active', 'reserved', 'sold', 'withdrawn', 'removed')),
      removed_from text,
      removal_reason text,
      seller_hidden boolean NOT NULL DEFAULT false,
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      published_at timestamptz,
      bumped_at timestamptz,
      renewed_at timestamptz,
      expires_at timestamptz,
      sold_at timestamptz,
      ended_at timestamptz,
      CONSTRAINT posts_external UNIQUE (account_id, external_id),
      CONSTRAINT posts_public_has_dates CHECK (
        status NOT IN ('active', 'reserved') OR (bumped_at IS NOT NULL AND expires_at IS NOT NULL)),
      -- no category keeps a post up for longer, so the oldest that can be public has a lower bound
      CONSTRAINT posts_longest_stay CHECK (expires_at <= bumped_at + interval '2160 hours'),
      CONSTRAINT posts_price CHECK ((price_amount IS NULL) = (price_currency IS NULL)),
      CONSTRAINT posts_removed CHECK ((status = 'removed') = (removed_from IS NOT NULL))
    )`.execute(db)
  await sql`CREATE INDEX posts_own ON posts (account_id, created_at DESC, id DESC)`.execute(db)
  await createListIndexes(db)
  await sql`CREATE TABLE post_tombstones (id text PRIMARY KEY, deleted_at timestamptz NOT NULL)`.execute(db)
  await sql`
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      kind text NOT NULL,
      version integer NOT NULL DEFAULT 1,
      aggregate_id text NOT NULL,
      aggregate_version integer NOT NULL,
      payload jsonb NOT NULL,
      traceparent text,
      created_at timestamptz NOT NULL DEFAULT now(),
      claimed_until timestamptz,
      attempts integer NOT NULL DEFAULT 0,
      done_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX outbox_open ON outbox (id) WHERE done_at IS NULL`.execute(db)
  await sql`
    CREATE TABLE idempotency_keys (
      account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
      key text NOT NULL,
      fingerprint bytea NOT NULL,
      locked_until timestamptz,
      status integer,
      headers jsonb,
      body text,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (account_id, key)
    )`.execute(db)
  await createAudit(db)
  await sql`
    CREATE TABLE signing_keys (
      kid text PRIMARY KEY,
      state text NOT NULL CHECK (state IN ('next', 'current', 'retired')),
      public_jwk jsonb NOT NULL,
      sealed_private_jwk bytea NOT NULL,
      created_at timestamptz NOT NULL,
      activated_at timestamptz,
      retired_at timestamptz
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX signing_keys_one ON signing_keys (state) WHERE state <> 'retired'`.execute(db)
}

/**
 * Each public list has an index in its order that holds only what the public may see, but for expiry: that is a predicate,
 * and `expires_at` as the last column lets it be checked without visiting the row.
 */
async function createListIndexes(db: Kysely<unknown>): Promise<void> {
  const newest = 'bumped_at DESC, id DESC'
  const price = 'price_currency, price_amount, id'
  const orders = {
    posts_newest: newest,
    posts_category_newest: `category, ${newest}`,
    posts_top_newest: `top_category, ${newest}`,
    posts_country_newest: `country, ${newest}`,
    posts_country_category_newest: `country, category, ${newest}`,
    posts_country_top_newest: `country, top_category, ${newest}`,
    posts_subdivision_newest: `subdivision, ${newest}`,
    posts_price: price,
    posts_category_price: `category, ${price}`,
    posts_top_price: `top_category, ${price}`,
    posts_place: 'public_lat, public_lon',
  }
  const shown = sql`WHERE status IN ('active', 'reserved') AND NOT seller_hidden`
  for (const [name, columns] of Object.entries(orders)) {
    await sql`CREATE INDEX ${sql.id(name)} ON posts (${sql.raw(columns)}, expires_at) ${shown}`.execute(db)
  }
}

/** Append-only: not even the origin's own role changes what is written. */
async function createAudit(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE audit (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      actor_id text NOT NULL,
      action text NOT NULL,
      subject_id text NOT NULL,
      reason text
    )`.execute(db)
  await sql`
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit table is append-only'; END $$`.execute(db)
  await sql`
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(db)
  await sql`CREATE INDEX audit_subject ON audit (subject_id, at)`.execute(db)
}
