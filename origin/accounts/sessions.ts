import type { Insertable, Selectable, Transaction } from 'kysely'
import type { Session, SessionGrant } from '../../shared/account.ts'
import { AppError } from '../../shared/errors.ts'
import { createId, isId } from '../../shared/ids.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { AccountsTable, Database, SessionsTable } from '../db/schema.ts'
import type { Aggregate } from '../outbox.ts'
import { type Purge, transactAndPurge } from '../purge-log.ts'
import { noteCountry } from './known-countries.ts'
import { signAccessToken } from './signing-keys.ts'
import { createToken, hashToken } from './tokens.ts'
import { accountView, sessionView } from './views.ts'

export type AccountRow = Selectable<AccountsTable>
/** A session with the refresh token that is to be handed out; signing comes after the commit. */
export type OpenSession = { sessionId: string; refreshToken: string }

/** A session ends 90 days after it began, however often it is used. */
export const sessionLifetime = 90 * 24 * 3_600_000

/**
 * Begins a session of an account that was read a moment ago, and gives its tokens.
 * @throws conflict when its password was changed, or it was suspended or deleted meanwhile
 */
export async function createSession(ctx: Context, account: AccountRow, visitor: SessionOrigin): Promise<SessionGrant> {
  const session = await ctx.db.transaction().execute(async trx => {
    // The lock keeps a suspension or a new password, which end all sessions, from overtaking this one.
    const unchanged = await trx
      .selectFrom('accounts')
      .select(['id', 'version'])
      .where('id', '=', account.id)
      .where('password_hash', '=', account.password_hash)
      .where('suspended_at', 'is', null)
      .where('deleted_at', 'is', null)
      .forShare()
      .executeTakeFirst()
    if (!unchanged) throw new AppError('conflict')
    return openSession(ctx, trx, unchanged, visitor)
  })
  return grantSession(ctx, account, session)
}

type SessionOrigin = Pick<Visitor, 'userAgent' | 'country'>

/** Writes a session and its first refresh token, within the caller's transaction. */
export async function openSession(
  ctx: Pick<Context, 'region' | 'now'>,
  trx: Transaction<Database>,
  account: Aggregate,
  { userAgent, country }: SessionOrigin,
): Promise<OpenSession> {
  const now = ctx.now()
  const sessionId = createId(ctx.region, now.getTime())
  const refreshToken = createToken(ctx.region)
  const session: Insertable<SessionsTable> = {
    id: sessionId,
    account_id: account.id,
    user_agent: userAgent?.slice(0, 300) ?? null,
    country,
    created_at: now,
    last_used_at: now,
    expires_at: new Date(now.getTime() + sessionLifetime),
  }
  await trx.insertInto('sessions').values(session).execute()
  await trx
    .insertInto('refresh_tokens')
    .values({ token_hash: hashToken(refreshToken), session_id: sessionId })
    .execute()
  if (country) await noteCountry(ctx, trx, { account, sessionId, country })
  return { sessionId, refreshToken }
}

/** Signs an access token for a session that is open. */
export async function grantSession(
  ctx: Context,
  account: AccountRow,
  { sessionId, refreshToken }: OpenSession,
): Promise<SessionGrant> {
  const holder = { id: account.id, displayName: account.display_name, role: account.role, sessionId }
  const { accessToken, expiresIn } = await signAccessToken(ctx, holder)
  return { accessToken, tokenType: 'Bearer', expiresIn, refreshToken, account: accountView(account, ctx.region) }
}

/** Refuses an actor of this region whose session was ended, whatever the access token's own times say. @throws session_ended */
export async function requireLiveSession({ db, now }: Pick<Context, 'db' | 'now'>, actor: Actor): Promise<void> {
  const session = await db
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', actor.sessionId)
    .where('account_id', '=', actor.id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst()
  if (!session) throw new AppError('session_ended', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
}

/** Lists the live sessions of an account, the last used first. */
export async function listSessions({ db, now }: Pick<Context, 'db' | 'now'>, actor: Actor): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', actor.id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now())
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return rows.map(row => sessionView(row, actor.sessionId))
}

/** Ends one of an account's own sessions. @throws session_not_found for another's, an unknown or an ended one */
export async function endSession(ctx: SessionEnds, actor: Actor, id: string): Promise<void> {
  if (!isId(id)) throw new AppError('session_not_found')
  const ended = await transactAndPurge(ctx, (trx, purge) => endSessions(trx, purge, actor.id, ctx.now(), { only: id }))
  if (ended === 0) throw new AppError('session_not_found')
}

/** Signs out: ends the session that asks. That it has ended already is as good. */
export async function endCurrentSession(ctx: SessionEnds, { id, sessionId }: Actor): Promise<void> {
  await transactAndPurge(ctx, (trx, purge) => endSessions(trx, purge, id, ctx.now(), { only: sessionId }))
}

/** Signs out everywhere: ends all sessions of the account that asks. */
export async function endAllSessions(ctx: SessionEnds, { id }: Actor): Promise<void> {
  await transactAndPurge(ctx, (trx, purge) => endSessions(trx, purge, id, ctx.now()))
}

type SessionEnds = Pick<Context, 'db' | 'now' | 'purgeLog' | 'log'>

/**
 * Ends an account's sessions: all, all but one, or only one. The one place where sessions end before their time, so that
 * every edge hears of each.
 * @returns how many were open
 */
export async function endSessions(
  trx: Transaction<Database>,
  purge: Purge,
  accountId: string,
  now: Date,
  { except, only }: { except?: string; only?: string } = {},
): Promise<number> {
  const ended = await trx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .$if(except !== undefined, query => query.where('id', '!=', except ?? ''))
    .$if(only !== undefined, query => query.where('id', '=', only ?? ''))
    .returning(eb => [
      'id',
      eb.selectFrom('accounts').select('version').whereRef('accounts.id', '=', 'sessions.account_id').as('version'),
    ])
    .execute()
  for (const { id, version } of ended) purge({ id: accountId, version: version ?? 1 }, { sessions: [id] })
  return ended.length
}
