import { sql } from 'kysely'
import type { Context } from '../context.ts'

export type MailState = {
  /** Mails that are still to be sent, and since when the oldest waits. */
  waiting: number
  oldest: Date | undefined
  /** What the service said last to one of those. */
  lastError: string | undefined
  /** Mails that it has refused for good. */
  refused: number
  lastRefusal: string | undefined
}

/** Tells which mails are still to be sent and which never were; rows are kept for 90 days. */
export async function readMailState({ db }: Pick<Context, 'db'>): Promise<MailState> {
  const { rows } = await sql<{
    waiting: number
    oldest: Date | null
    last_error: string | null
    refused: number
    last_refusal: string | null
  }>`
    SELECT
      count(*) FILTER (WHERE state <> 'refused')::int AS waiting,
      min(created_at) FILTER (WHERE state <> 'refused') AS oldest,
      (array_agg(error ORDER BY id DESC) FILTER (WHERE state <> 'refused' AND error IS NOT NULL))[1] AS last_error,
      count(*) FILTER (WHERE state = 'refused')::int AS refused,
      (array_agg(error ORDER BY id DESC) FILTER (WHERE state = 'refused'))[1] AS last_refusal
    FROM mails WHERE state IN ('queued', 'sending', 'refused')`.execute(db)
  const [row] = rows
  return {
    waiting: row?.waiting ?? 0,
    oldest: row?.oldest ?? undefined,
    lastError: row?.last_error ?? undefined,
    refused: row?.refused ?? 0,
    lastRefusal: row?.last_refusal ?? undefined,
  }
}

/** Lets mails that were refused be tried again, each by what Postgres says then. @returns how many */
export async function retryRefusedMails({ db, now }: Pick<Context, 'db' | 'now'>): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('mails')
    .set({ state: 'queued', due_at: now() })
    .where('state', '=', 'refused')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
