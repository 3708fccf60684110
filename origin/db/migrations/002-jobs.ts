import { type Kysely, sql } from 'kysely'

/** What the relay and the worker remember: where a row goes and how it fared, effects that are done, jobs that failed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE outbox
      ADD COLUMN job_id uuid NOT NULL DEFAULT gen_random_uuid(),
      ADD COLUMN region text,
      ADD COLUMN last_error text`.execute(db)
  await sql`CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL`.execute(db)
  await sql`
    CREATE FUNCTION outbox_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$`.execute(db)
  await sql`
    CREATE TRIGGER outbox_notify AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_recorded()`.execute(db)
  await sql`
    CREATE TABLE processed_jobs (
      id uuid PRIMARY KEY,
      kind text NOT NULL,
      processed_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db)
  await sql`CREATE INDEX processed_jobs_at ON processed_jobs (processed_at)`.execute(db)
  await sql`
    CREATE TABLE job_failures (
      id text PRIMARY KEY,
      queue text NOT NULL,
      kind text,
      failures integer NOT NULL,
      last_error text NOT NULL,
      first_failed_at timestamptz NOT NULL,
      last_failed_at timestamptz NOT NULL
    )`.execute(db)
}
