import type { Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { createToken, hashToken, isTokenOf } from './tokens.ts'

type Tokens = Pick<Context, 'region' | 'now'>
type Purpose = 'verify' | 'reset'

/** How long the token in a mail is good, in milliseconds. */
const tokenLifetime: Readonly<Record<Purpose, number>> = { verify: 24 * 3_600_000, reset: 3_600_000 }

/** Makes a token for a mail that is being written. It is stored as a hash, and given only here. */
export async function issueToken(
  { db, now, region }: Tokens & Pick<Context, 'db'>,
  accountId: string,
  purpose: Purpose,
): Promise<string> {
  const token = createToken(region)
  const at = now()
  await db
    .insertInto('account_tokens')
    .values({
      token_hash: hashToken(token),
      account_id: accountId,
      purpose,
      created_at: at,
      expires_at: new Date(at.getTime() + tokenLifetime[purpose]),
    })
    .execute()
  return token
}

/**
 * Uses a token of a mail up: of two requests at once one gets the account's id, the other the error.
 * @throws invalid_or_used_token
 */
export async function spendToken(
  ctx: Tokens,
  trx: Transaction<Database>,
  token: string,
  purpose: Purpose,
): Promise<string> {
  if (!isTokenOf(ctx.region, token)) throw new AppError('invalid_or_used_token')
  const now = ctx.now()
  const spent = await trx
    .updateTable('account_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('account_id')
    .executeTakeFirst()
  if (!spent) throw new AppError('invalid_or_used_token')
  return spent.account_id
}

/** Refuses a token that is no good before work is put into what it asks for; only `spendToken` decides. @throws invalid_or_used_token */
export async function requireToken(ctx: Tokens & Pick<Context, 'db'>, token: string, purpose: Purpose): Promise<void> {
  const found = await ctx.db
    .selectFrom('account_tokens')
    .select('account_id')
    .where('token_hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .executeTakeFirst()
  if (!found) throw new AppError('invalid_or_used_token')
}

/** Makes every other token of an account's mails void: what they were sent for has happened or is out of date. */
export async function voidTokens(
  ctx: Tokens,
  trx: Transaction<Database>,
  accountId: string,
  purposes: Purpose[],
): Promise<void> {
  await trx
    .updateTable('account_tokens')
    .set({ used_at: ctx.now() })
    .where('account_id', '=', accountId)
    .where('purpose', 'in', purposes)
    .where('used_at', 'is', null)
    .execute()
}
