import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'

const day = 86_400_000

type Rule = {
  table: keyof Database & string
  /** SQL for the moment from which a row's age counts; null for rows that stay. */
  since: string
  /** Milliseconds that a row is kept from then on. */
  keep: number
}

/**
 * What is forgotten by age alone, and when. A row here is safe to lose after its time: nothing that may still arrive asks
 * for it.
 */
export const rules: Readonly<Record<string, Rule>> = {
  // a deleted post answers 410 for as long, then 404
  'forget tombstones': { table: 'post_tombstones', since: 'deleted_at', keep: 90 * day },
  // kept beyond their end, so that a stolen refresh token that comes back is still known
  'forget sessions': { table: 'sessions', since: 'least(expires_at, ended_at)', keep: 30 * day },
  // a mail's key must outlive whatever may ask for it again; bounces come within days
  'forget mails': { table: 'mails', since: 'created_at', keep: 90 * day },
  // what was asked within a day is counted, and mails of a change are written within days
  'forget changes of address': { table: 'address_changes', since: 'expires_at', keep: 30 * day },
  'forget mail tokens': { table: 'account_tokens', since: 'expires_at', keep: 7 * day },
  // a reply is repeated for 24 hours; the rest is for clocks
  'forget idempotency keys': { table: 'idempotency_keys', since: 'created_at', keep: day + 3_600_000 },
  // uploads of a day are counted; the rest is for clocks
  'forget uploads': { table: 'image_uploads', since: 'created_at', keep: day + 3_600_000 },
  // a message lives for 4 days and 14 more as a dead letter, and all of that again when it is redriven or replayed
  'forget processed jobs': { table: 'processed_jobs', since: 'processed_at', keep: 45 * day },
  // as long as news of a post may come late: its version must be known
  'forget search tombstones': { table: 'search_tombstones', since: 'deleted_at', keep: 45 * day },
  'forget failed jobs': { table: 'job_failures', since: 'last_failed_at', keep: 30 * day },
  // so long it counts against whoever was reported, and is told to whoever asks why
  'forget decided reports': { table: 'reports', since: 'decided_at', keep: 180 * day },
  // longer than a job may be redriven, or its old news would bring the thread back
  'forget deleted threads': { table: 'thread_mirrors', since: 'deleted_at', keep: 60 * day },
}

/** Deletes up to `batch` rows that a rule lets go; rows that somebody holds are left for the next round. @returns how many */
export async function prune({ db, now }: Context, { table, since, keep }: Rule, batch: number): Promise<number> {
  const before = new Date(now().getTime() - keep)
  const { numAffectedRows } = await sql`
    DELETE FROM ${sql.table(table)}
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${sql.table(table)} WHERE ${sql.raw(since)} <= ${before} LIMIT ${batch} FOR UPDATE SKIP LOCKED))`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}
