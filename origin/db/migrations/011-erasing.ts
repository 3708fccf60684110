import { type Kysely, sql } from 'kysely'

/** What an erasure needs to find everything by, and ages for reports and threads. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // whose thread a mirror is about, so that a seller of another region who is erased leaves no title
  await sql`ALTER TABLE thread_mirrors ADD COLUMN seller_id text`.execute(db)
  await sql`
    UPDATE thread_mirrors SET seller_id = threads.seller_id
    FROM threads WHERE threads.id = thread_id AND thread_mirrors.deleted_at IS NULL`.execute(db)
  await sql`CREATE INDEX thread_mirrors_seller ON thread_mirrors (seller_id) WHERE seller_id IS NOT NULL`.execute(db)
  await sql`
    UPDATE mails SET data = data - 'postTitle'
    WHERE data ? 'postTitle' AND state NOT IN ('queued', 'sending')`.execute(db)
  await sql`CREATE INDEX threads_age ON threads (last_activity_at)`.execute(db)
  await sql`CREATE INDEX reports_age ON reports (decided_at) WHERE decided_at IS NOT NULL`.execute(db)
  await sql`CREATE INDEX reports_by ON reports (reporter_id) WHERE reporter_id IS NOT NULL`.execute(db)
  await sql`CREATE INDEX reports_of ON reports (about_id)`.execute(db)
  await letAuditForgetWords(db)
}

/**
 * The audit stays append-only but for one thing: an erasure may take the words of a reason. Who did what to whom and when
 * cannot be changed by anybody.
 */
async function letAuditForgetWords(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TRIGGER audit_append_only ON audit`.execute(db)
  await sql`
    CREATE TRIGGER audit_append_only BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(db)
  await sql`
    CREATE TRIGGER audit_keeps_facts BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (NEW.reason IS NOT NULL
      OR (NEW.id, NEW.at, NEW.actor_id, NEW.action, NEW.subject_id)
        IS DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.action, OLD.subject_id))
    EXECUTE FUNCTION refuse_change()`.execute(db)
}
