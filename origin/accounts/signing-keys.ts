import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { sql, type Transaction } from 'kysely'
import { accessTokenLifetime, type KeySet, tokenAudience } from '../../shared/access-token.ts'
import type { Role } from '../../shared/account.ts'
import type { Context } from '../context.ts'
import type { Database, SigningKeysTable } from '../db/schema.ts'

type Keys = Pick<Context, 'db' | 'now' | 'keys' | 'region'>
type Holder = { id: string; displayName: string; role: Role; sessionId: string }

/** A retired key stays published until its last token has expired, and a minute beyond (clocks, slow requests). */
const publishedAfterRetirement = (accessTokenLifetime + 60) * 1_000
/** How long a verifier may go on with a set of keys (`createKeySets`), in milliseconds. */
const setMaxAge = 600_000
/** Each process reads the keys again after this many milliseconds, so a rotation is noticed within seconds. */
const rereadAfter = 3_000

/** Makes the current and the next signing key where they are missing. Safe when several processes start at once. */
export async function ensureSigningKeys(ctx: Keys): Promise<void> {
  await ctx.db.transaction().execute(async trx => {
    await lockKeys(trx)
    const rows = await trx
      .selectFrom('signing_keys')
      .select(['kid', 'state', 'sealed_private_jwk'])
      .where('state', '!=', 'retired')
      .execute()
    for (const row of rows) unseal(ctx, row)
    const now = ctx.now()
    for (const state of ['current', 'next'] as const) {
      if (!rows.some(row => row.state === state)) await insertKey(ctx, trx, state, now)
    }
  })
}

/** Gives the public keys of this region (RFC 7517): the current one, the next one, and retired ones while a token of theirs may live. */
export async function publicKeySet(ctx: Keys): Promise<KeySet> {
  return (await loadKeys(ctx)).published
}

/** Signs an access token (architecture, decision 2; RFC 7519). `expiresIn` is in seconds. */
export async function signAccessToken(ctx: Keys, holder: Holder): Promise<{ accessToken: string; expiresIn: number }> {
  const { signer } = await loadKeys(ctx)
  const issuedAt = Math.floor(ctx.now().getTime() / 1_000)
  const accessToken = await new SignJWT({ sid: holder.sessionId, name: holder.displayName, role: holder.role })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signer.kid })
    .setSubject(holder.id)
    .setIssuer(ctx.region)
    .setAudience(tokenAudience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenLifetime)
    .setJti(randomBytes(12).toString('base64url'))
    .sign(signer.key)
  return { accessToken, expiresIn: accessTokenLifetime }
}

/** Why a rotation must wait: verifiers may not know the next key yet. */
export class RotationTooSoonError extends Error {}

/**
 * Rotates: the next key signs from now on, the current one is only published until its tokens have expired, a new next
 * one is made and published.
 * @param force rotate although verifiers may not have read the next key yet (a key was stolen)
 * @throws RotationTooSoonError within ten minutes of the last rotation
 */
export async function rotateSigningKeys(ctx: Keys, { force = false } = {}): Promise<{ current: string; next: string }> {
  const kids = await ctx.db.transaction().execute(async trx => {
    await lockKeys(trx)
    const rows = await trx.selectFrom('signing_keys').selectAll().where('state', '!=', 'retired').execute()
    const current = rows.find(row => row.state === 'current')
    const next = rows.find(row => row.state === 'next')
    if (!current || !next)
      throw new Error(`Cannot rotate the keys of ${ctx.region}: it has none yet. Start its origin first`)
    if (!force) requireKnown(ctx, current, next)
    const now = ctx.now()
    await trx
      .updateTable('signing_keys')
      .set({ state: 'retired', retired_at: now })
      .where('kid', '=', current.kid)
      .execute()
    await trx
      .updateTable('signing_keys')
      .set({ state: 'current', activated_at: now })
      .where('kid', '=', next.kid)
      .execute()
    const forgotten = new Date(now.getTime() - publishedAfterRetirement)
    await trx.deleteFrom('signing_keys').where('state', '=', 'retired').where('retired_at', '<', forgotten).execute()
    return { current: next.kid, next: await insertKey(ctx, trx, 'next', now) }
  })
  cache.delete(ctx.db)
  return kids
}

/** Lists the keys of this region for an operator, the newest first. */
export async function listSigningKeys({ db }: Pick<Context, 'db'>) {
  return db
    .selectFrom('signing_keys')
    .select(['kid', 'state', 'created_at as createdAt', 'activated_at as activatedAt', 'retired_at as retiredAt'])
    .orderBy('created_at', 'desc')
    .execute()
}

type Row = { kid: string; created_at: Date; activated_at: Date | null }

/** The first pair is published at once; later a next key is known everywhere when a set's greatest age has passed. */
function requireKnown({ now }: Keys, current: Row, next: Row): void {
  const wait = next.created_at.getTime() + setMaxAge - now().getTime()
  const publishedTogether = next.created_at.getTime() === current.created_at.getTime()
  if (publishedTogether || wait <= 0) return
  const seconds = Math.ceil(wait / 1_000)
  throw new RotationTooSoonError(
    `the next key was published a moment ago and may not be known everywhere: wait ${seconds} s, or --force`,
  )
}

type Loaded = { published: KeySet; signer: { kid: string; key: CryptoKey } }
const cache = new WeakMap<Context['db'], { readAt: number; keys: Promise<Loaded> }>()

function loadKeys(ctx: Keys): Promise<Loaded> {
  const now = ctx.now().getTime()
  const known = cache.get(ctx.db)
  if (known && Math.abs(now - known.readAt) < rereadAfter) return known.keys
  const entry = { readAt: now, keys: readKeys(ctx) }
  cache.set(ctx.db, entry)
  entry.keys.catch(() => cache.get(ctx.db) === entry && cache.delete(ctx.db))
  return entry.keys
}

async function readKeys(ctx: Keys): Promise<Loaded> {
  const since = new Date(ctx.now().getTime() - publishedAfterRetirement)
  const rows = await ctx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where(where => where.or([where('state', '!=', 'retired'), where('retired_at', '>', since)]))
    .orderBy('created_at', 'desc')
    .execute()
  const current = rows.find(row => row.state === 'current')
  if (!current) throw new Error(`Cannot sign for ${ctx.region}: it has no current key`)
  const key = await importJWK(unseal(ctx, current), 'ES256')
  if (!(key instanceof CryptoKey))
    throw new Error(`Cannot sign for ${ctx.region}: key ${current.kid} is no private key`)
  return { published: { keys: rows.map(row => row.public_jwk as JWK) }, signer: { kid: current.kid, key } }
}

async function insertKey(ctx: Keys, trx: Transaction<Database>, state: 'current' | 'next', now: Date): Promise<string> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  await trx
    .insertInto('signing_keys')
    .values({
      kid,
      state,
      public_jwk: JSON.stringify({ ...publicJwk, kid, alg: 'ES256', use: 'sig' }),
      sealed_private_jwk: seal(ctx, kid, await exportJWK(pair.privateKey)),
      created_at: now,
      activated_at: state === 'current' ? now : null,
    })
    .execute()
  return kid
}

/** AES-256-GCM (NIST SP 800-38D): 12 bytes of nonce, 16 of tag, then the text; bound to the key id. */
function seal({ keys }: Keys, kid: string, jwk: JWK): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys['key-seal'], nonce).setAAD(Buffer.from(kid))
  const text = Buffer.concat([cipher.update(JSON.stringify(jwk)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

function unseal({ keys, region }: Keys, row: Pick<SigningKeysTable, 'kid' | 'sealed_private_jwk'>): JWK {
  const sealed = row.sealed_private_jwk
  const decipher = createDecipheriv('aes-256-gcm', keys['key-seal'], sealed.subarray(0, 12))
  decipher.setAAD(Buffer.from(row.kid)).setAuthTag(sealed.subarray(12, 28))
  try {
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString())
  } catch (cause) {
    throw new Error(`Cannot open signing key ${row.kid} of ${region}: REGION_KEY is not the one it was sealed with`, {
      cause,
    })
  }
}

/** One process at a time makes or moves keys. */
async function lockKeys(trx: Transaction<Database>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('signing_keys'))`.execute(trx)
}
