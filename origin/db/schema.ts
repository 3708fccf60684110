import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Role } from '../../shared/account.ts'
import type { Attributes, Condition, PriceKind, Status } from '../../shared/post.ts'

type Instant = ColumnType<Date, Date | string, Date | string>
type MaybeInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type BigInteger = ColumnType<string | null, number | null | undefined, number | null>

export type AccountsTable = {
  id: string
  email: string
  display_name: string
  password_hash: string
  role: Role
  country: string
  locale: string
  time_zone: string
  currency: string
  version: Generated<number>
  created_at: Instant
  verified_at: MaybeInstant
  suspended_at: MaybeInstant
  suspension_reason: string | null
  deleted_at: MaybeInstant
  /** Whether the directory of all regions is known to name this one for the address. */
  in_directory: Generated<boolean>
}

export type SessionsTable = {
  id: string
  account_id: string
  user_agent: string | null
  country: string | null
  created_at: Instant
  last_used_at: Instant
  expires_at: Instant
  ended_at: MaybeInstant
}

/** Every refresh token of a session, so that any old one is known when it comes back. */
export type RefreshTokensTable = {
  /** SHA-256 of the token. */
  token_hash: Buffer
  session_id: string
  predecessor_hash: Buffer | null
  /** When its successor was first used; good until then and a little beyond. */
  superseded_at: MaybeInstant
}

export type AccountTokensTable = {
  token_hash: Buffer
  account_id: string
  purpose: 'verify' | 'reset'
  created_at: Instant
  expires_at: Instant
  used_at: MaybeInstant
}

export type PostsTable = {
  id: string
  account_id: string
  external_id: string | null
  title: string
  description: string
  /** A leaf; `top_category` is the first of its path, kept so that one index serves a whole branch in order. */
  category: string
  top_category: string
  price_amount: BigInteger
  price_currency: string | null
  price_kind: PriceKind
  condition: Condition | null
  attributes: JSONColumnType<Attributes>
  country: string
  subdivision: string | null
  city: string
  lat: number
  lon: number
  public_lat: number
  public_lon: number
  status: Status
  /** The state before a moderator removed it. */
  removed_from: Status | null
  removal_reason: string | null
  /** The seller is suspended or gone; kept on the row so that one index serves each public list. */
  seller_hidden: Generated<boolean>
  version: Generated<number>
  created_at: Instant
  updated_at: Instant
  published_at: MaybeInstant
  bumped_at: MaybeInstant
  renewed_at: MaybeInstant
  expires_at: MaybeInstant
  sold_at: MaybeInstant
  ended_at: MaybeInstant
}

/** What is left of a deleted post until clean-up: enough to answer 410. */
export type PostTombstonesTable = { id: string; deleted_at: Instant }

export type OutboxTable = {
  id: Generated<string>
  kind: string
  version: Generated<number>
  aggregate_id: string
  aggregate_version: number
  payload: JSONColumnType<Record<string, unknown>>
  traceparent: string | null
  created_at: Generated<Date>
  claimed_until: MaybeInstant
  attempts: Generated<number>
  done_at: MaybeInstant
}

export type IdempotencyTable = {
  account_id: string
  key: string
  fingerprint: Buffer
  locked_until: MaybeInstant
  status: number | null
  headers: JSONColumnType<Record<string, string>> | null
  body: string | null
  created_at: Instant
}

export type AuditTable = {
  id: Generated<string>
  at: Generated<Date>
  actor_id: string
  action: string
  subject_id: string
  reason: string | null
}

export type SigningKeysTable = {
  kid: string
  state: 'next' | 'current' | 'retired'
  public_jwk: JSONColumnType<Record<string, unknown>>
  /** The private JWK under AES-256-GCM with a key derived from REGION_KEY. */
  sealed_private_jwk: Buffer
  created_at: Instant
  activated_at: MaybeInstant
  retired_at: MaybeInstant
}

/** The tables of one region's database. */
export type Database = {
  accounts: AccountsTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  account_tokens: AccountTokensTable
  posts: PostsTable
  post_tombstones: PostTombstonesTable
  outbox: OutboxTable
  idempotency_keys: IdempotencyTable
  audit: AuditTable
  signing_keys: SigningKeysTable
}
