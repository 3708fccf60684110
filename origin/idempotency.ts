import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { AppError } from '../shared/errors.ts'
import { deadlines } from '../shared/headers.ts'
import type { Actor } from './actor.ts'
import type { Context } from './context.ts'
import type { Database } from './db/schema.ts'
import type { Reply } from './endpoint.ts'

const day = 86_400_000
/** How long a request may hold its key: a little longer than any request may take. */
const lease = deadlines.origin + 2_000

type Stores = Pick<Context, 'db' | 'now'>
type Claim = { accountId: string; key: string; fingerprint: Buffer; until: Date }

/**
 * Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header §2.1): a quoted string, or bare as many send it.
 * @returns undefined when there is none
 * @throws bad_request for an empty key or one of more than 255 characters
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text
  if (/^[\x21\x23-\x7e]{1,255}$/.test(key)) return key
  throw new AppError('bad_request', { detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters' })
}

/** Tells a request from another under the same key: by the bytes of its body and what it asks for. */
export function fingerprintOf(method: string, path: string, body: ArrayBuffer | null): Buffer {
  return createHash('sha256')
    .update(`${method} ${path}\n`)
    .update(new Uint8Array(body ?? new ArrayBuffer(0)))
    .digest()
}

/**
 * Does work once for a key, and gives the same reply to whoever repeats the request within 24 hours. The reply commits
 * in one transaction with the work, so no crash makes two of it; a process that dies holds the key until its lease ends.
 * Work that throws leaves the key free, since it has changed nothing.
 * @param work must do all it writes by the transaction that it is given
 * @throws idempotency_in_flight, idempotency_mismatch, and what the work throws
 */
export async function onceFor(
  ctx: Stores,
  actor: Actor,
  key: string,
  fingerprint: Buffer,
  work: (trx: Kysely<Database>) => Promise<Reply>,
): Promise<Reply> {
  const claim = { accountId: actor.id, key, fingerprint, until: new Date(ctx.now().getTime() + lease) }
  const earlier = await claimKey(ctx, claim)
  if (earlier) return earlier
  try {
    return await ctx.db.transaction().execute(async trx => {
      const reply = await work(trx)
      await keepReply(trx, claim, reply)
      return reply
    })
  } catch (error) {
    await releaseKey(ctx.db, claim).catch(() => {}) // the lease ends by itself
    throw error
  }
}

/** Takes the key, or gives the reply that is kept under it. */
async function claimKey({ db, now }: Stores, claim: Claim): Promise<Reply | undefined> {
  const { accountId, key, fingerprint, until } = claim
  const at = now()
  const yesterday = new Date(at.getTime() - day)
  await db
    .deleteFrom('idempotency_keys')
    .where('account_id', '=', accountId)
    .where('created_at', '<=', yesterday)
    .execute()
  const taken = await db
    .insertInto('idempotency_keys')
    .values({
      account_id: accountId,
      key,
      fingerprint,
      locked_until: until,
      status: null,
      headers: null,
      body: null,
      created_at: at,
    })
    .onConflict(conflict =>
      conflict
        .columns(['account_id', 'key'])
        .doUpdateSet({ locked_until: until })
        .where('idempotency_keys.status', 'is', null)
        .where('idempotency_keys.locked_until', '<=', at)
        .where('idempotency_keys.fingerprint', '=', fingerprint),
    )
    .returning('key')
    .executeTakeFirst()
  return taken ? undefined : readReply(db, claim, at)
}

async function readReply(db: Kysely<Database>, { accountId, key, fingerprint }: Claim, now: Date): Promise<Reply> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'status', 'headers', 'body', 'locked_until'])
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .executeTakeFirst()
  if (row && !row.fingerprint.equals(fingerprint)) throw new AppError('idempotency_mismatch')
  if (!row || row.status === null) throw inFlight(row?.locked_until ?? now, now)
  return {
    status: row.status as 201,
    headers: row.headers ?? {},
    ...(row.body !== null && { body: JSON.parse(row.body) }),
  }
}

/** Keeps the reply, provided that the key is still ours: another may have taken it over after the lease. */
async function keepReply(
  trx: Kysely<Database>,
  { accountId, key, until }: Claim,
  { status = 200, headers = {}, body }: Reply,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('idempotency_keys')
    .set({
      status,
      headers: JSON.stringify(headers),
      body: body === undefined ? null : JSON.stringify(body),
      locked_until: null,
    })
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .where('status', 'is', null)
    .where('locked_until', '=', until)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw inFlight(until, until)
}

async function releaseKey(db: Kysely<Database>, { accountId, key, until }: Claim): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .where(sql<boolean>`status IS NULL AND locked_until = ${until}`)
    .execute()
}

function inFlight(until: Date, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  return new AppError('idempotency_in_flight', { headers: { 'retry-after': String(seconds) } })
}
