import { sql, type Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import type { Database } from '../db/schema.ts'

const hour = 3_600_000

/** What one account may do within an hour, in each region: far above a busy evening, far below a flood. */
export const messageLimits = { messages: 120, threads: 20 } as const

/**
 * Takes its turn with the account's other requests until the transaction ends, so that no two count the same, and refuses
 * when the hour is full.
 * @throws rate_limited with the seconds until one more fits
 */
export async function requireRoomForMessage(trx: Transaction<Database>, accountId: string, now: Date): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`messages of ${accountId}`}, 0))`.execute(trx)
  const first = await trx
    .selectFrom('messages')
    .select('created_at')
    .where('sender_id', '=', accountId)
    .where('created_at', '>', new Date(now.getTime() - hour))
    .orderBy('created_at', 'desc')
    .offset(messageLimits.messages - 1)
    .limit(1)
    .executeTakeFirst()
  if (first) throw tooMany('messages', first.created_at, now)
}

/** As above for new threads; to be called after it. @throws rate_limited */
export async function requireRoomForThread(trx: Transaction<Database>, buyerId: string, now: Date): Promise<void> {
  const first = await trx
    .selectFrom('threads')
    .select('created_at')
    .where('buyer_id', '=', buyerId)
    .where('created_at', '>', new Date(now.getTime() - hour))
    .orderBy('created_at', 'desc')
    .offset(messageLimits.threads - 1)
    .limit(1)
    .executeTakeFirst()
  if (first) throw tooMany('threads', first.created_at, now)
}

/** @param first the one that must leave the hour before another fits */
function tooMany(what: keyof typeof messageLimits, first: Date, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((first.getTime() + hour - now.getTime()) / 1000))
  const things = what === 'messages' ? 'messages' : 'messages to new people'
  return new AppError('rate_limited', {
    detail: `You have sent many ${things} within an hour: try again in ${Math.ceil(seconds / 60)} min`,
    headers: { 'retry-after': String(seconds) },
  })
}
