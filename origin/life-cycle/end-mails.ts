import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'

const hour = 3_600_000
const day = 24 * hour

/** How long before its end a seller is reminded of a post, in milliseconds. */
const reminderLead = 3 * day
/** A reminder that an outage has held up for longer than this is not sent: the mail of the end itself is near. */
const latestReminder = 12 * hour
/** So long after its end a seller is still told of it; a post of longer ago is no news. */
const latestNotice = 30 * day

/**
 * Asks for the mail "expires in 3 days" for posts that end soon. Expiry itself needs no job.
 * @returns how many posts it was
 */
export function remindOfEnds(ctx: Context, batch: number): Promise<number> {
  const now = ctx.now().getTime()
  return askForMails(ctx, batch, {
    mail: 'post-expires-soon',
    noted: 'reminded_for',
    from: new Date(now + latestReminder),
    to: new Date(now + reminderLead),
  })
}

/** Asks for the mail "expired" for posts whose end has come. @returns how many posts it was */
export function tellOfEnds(ctx: Context, batch: number): Promise<number> {
  const now = ctx.now().getTime()
  return askForMails(ctx, batch, {
    mail: 'post-expired',
    noted: 'told_expired_for',
    from: new Date(now - latestNotice),
    to: new Date(now),
  })
}

type Round = {
  mail: 'post-expires-soon' | 'post-expired'
  noted: 'reminded_for' | 'told_expired_for'
  /** The ends that it is about: later than `from`, up to `to`. */
  from: Date
  to: Date
}

/**
 * The end is noted on the row in the transaction that asks for the mail: so each is asked for once per post and
 * `expires_at`, whatever dies, and a renewal, which makes another end, starts anew. A row that somebody holds at the
 * moment is left for the next round.
 */
async function askForMails(ctx: Context, batch: number, { mail, noted, from, to }: Round): Promise<number> {
  return ctx.db.transaction().execute(async trx => {
    const posts = await noteEnds(trx, batch, { noted, from, to })
    for (const { id, version, account_id, expires_at } of posts) {
      const end = expires_at.toISOString()
      const about = { id, version }
      const data = { postId: id, expiresAt: end }
      await requestMail(trx, { mail, accountId: account_id, key: `${mail}:${id}:${end}`, about, data })
    }
    return posts.length
  })
}

/** The words of the first conditions are those of the partial indexes in migration 005. */
async function noteEnds(trx: Transaction<Database>, batch: number, { noted, from, to }: Omit<Round, 'mail'>) {
  const column = sql.ref(noted)
  const { rows } = await sql<{ id: string; version: number; account_id: string; expires_at: Date }>`
    UPDATE posts SET ${column} = expires_at
    WHERE id = ANY (ARRAY(
      SELECT id FROM posts
      WHERE status IN ('active', 'reserved') AND external_id IS NULL AND ${column} IS DISTINCT FROM expires_at
        AND expires_at > ${from} AND expires_at <= ${to} AND NOT seller_hidden
      ORDER BY expires_at
      LIMIT ${batch}
      FOR UPDATE SKIP LOCKED))
    RETURNING id, version, account_id, expires_at`.execute(trx)
  return rows
}
