import type { Selectable, Transaction } from 'kysely'
import type { SessionGrant } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import type { Context } from '../context.ts'
import type { Database, RefreshTokensTable } from '../db/schema.ts'
import { transactAndPurge } from '../purge-log.ts'
import { type AccountRow, endSessions, grantSession } from './sessions.ts'
import { hashToken, isTokenOf, successorOf } from './tokens.ts'

/** How long a token is good after its successor was first used, in milliseconds: answers may have been lost on the way. */
const reuseGrace = 10_000

type TokenRow = Selectable<RefreshTokensTable>
type Outcome = { account: AccountRow; sessionId: string; refreshToken: string } | undefined

/**
 * Trades a refresh token for its successor, which is HMAC(token, server key): asked twice, it gives the same one. A token
 * is good until its successor is first used and 10 s beyond; one that comes back later is in two hands, so the session
 * ends for both (RFC 9700 §4.14.2).
 * @throws invalid_refresh_token
 */
export async function refreshSession(ctx: Context, input: { refreshToken: string }): Promise<SessionGrant> {
  const outcome = isTokenOf(ctx.region, input.refreshToken) ? await rotate(ctx, input.refreshToken) : undefined
  if (!outcome) throw new AppError('invalid_refresh_token')
  return grantSession(ctx, outcome.account, outcome)
}

/** Commits also when it refuses, so that the end of a stolen session stays. */
async function rotate(ctx: Context, token: string): Promise<Outcome> {
  return transactAndPurge(ctx, async (trx, purge) => {
    const row = await trx
      .selectFrom('refresh_tokens')
      .selectAll()
      .where('token_hash', '=', hashToken(token))
      .executeTakeFirst()
    if (!row) return undefined
    const account = await lockLiveSession(ctx, trx, row.session_id)
    if (!account) return undefined
    // Read again under the lock: another refresh of this family may have come first.
    const presented = await trx
      .selectFrom('refresh_tokens')
      .selectAll()
      .where('token_hash', '=', row.token_hash)
      .executeTakeFirstOrThrow()
    if (isReused(presented, ctx.now())) {
      ctx.log.warn(
        { sessionId: row.session_id, accountId: account.id },
        'a refresh token came back after its successor was used: the session ends',
      )
      await endSessions(trx, purge, account.id, ctx.now(), { only: row.session_id })
      return undefined
    }
    return { account, sessionId: row.session_id, refreshToken: await advance(ctx, trx, presented, token) }
  })
}

/** Serialises the refreshes of one session. Gives its account, or undefined when either has ended. */
async function lockLiveSession(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  sessionId: string,
): Promise<AccountRow | undefined> {
  return trx
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .selectAll('accounts')
    .where('sessions.id', '=', sessionId)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now())
    .where('accounts.suspended_at', 'is', null)
    .where('accounts.deleted_at', 'is', null)
    .forUpdate('sessions')
    .executeTakeFirst()
}

function isReused({ superseded_at }: TokenRow, now: Date): boolean {
  return superseded_at !== null && now.getTime() > superseded_at.getTime() + reuseGrace
}

/** Writes the successor down, notes that this token is in use, and so dates the end of the one before it. */
async function advance(
  ctx: Pick<Context, 'keys' | 'now'>,
  trx: Transaction<Database>,
  presented: TokenRow,
  token: string,
): Promise<string> {
  const successor = successorOf(token, ctx.keys['refresh-successor'])
  const now = ctx.now()
  await trx
    .insertInto('refresh_tokens')
    .values({
      token_hash: hashToken(successor),
      session_id: presented.session_id,
      predecessor_hash: presented.token_hash,
    })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  if (presented.predecessor_hash) {
    await trx
      .updateTable('refresh_tokens')
      .set({ superseded_at: now })
      .where('token_hash', '=', presented.predecessor_hash)
      .where('superseded_at', 'is', null)
      .execute()
  }
  await trx.updateTable('sessions').set({ last_used_at: now }).where('id', '=', presented.session_id).execute()
  return successor
}
