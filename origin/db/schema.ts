import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Role } from '../../shared/account.ts'
import type { MailKind } from '../../shared/jobs.ts'
import type { MailTopic } from '../../shared/mail.ts'
import type { ImageProblem, ImageState, Variant } from '../../shared/media.ts'
import type { Attributes, Condition, PriceKind, Status } from '../../shared/post.ts'
import type { Region } from '../../shared/regions.ts'
import type { DecisionOutcome, ReportReason, ReportSubject } from '../../shared/report.ts'

type Instant = ColumnType<Date, Date | string, Date | string>
type MaybeInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type BigInteger = ColumnType<string | null, number | string | null | undefined, number | string | null>

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
  /** Other regions were told to forget it; from then on nothing brings it back. */
  erasing_at: MaybeInstant
  /** Whether the directory of all regions is known to name this one for the address. */
  in_directory: Generated<boolean>
  /** What its holder does not want to be told by mail. */
  muted_mails: Generated<MailTopic[]>
  /** The address does not take our mail, or its holder has called it spam. */
  mail_trouble: 'bounced' | 'complained' | null
  mail_trouble_at: MaybeInstant
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
  /** The names of both, for the full text. */
  category_words: Generated<string>
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
  /** The end (`expires_at`) that the seller was reminded of, and the one they were told of. */
  reminded_for: MaybeInstant
  told_expired_for: MaybeInstant
  /** Raised by every change to what is indexed or visible (migration 021); never lowered. */
  search_version: Generated<string>
}

/** Since when so many of the newest public posts were bumped. */
type SearchAgesTable = { newest: number; since: Date }
/** In how many public posts a stem is; the empty one counts all posts. */
export type SearchTermsTable = { lexeme: string; posts: number }
/** Words and short runs of words of public titles, and in how many posts they are. */
export type SearchPhrasesTable = {
  phrase: string
  words: number
  posts: number
  /** In how many different titles; 0 where only one person says it. */
  titles: Generated<number>
  /** More than one person says it, or a category is called so. */
  common: Generated<boolean>
  /** The stems of what may be suggested, so that of a plural and its singular only one is. */
  stems: string | null
}
/** In how many of the newest public posts each category is. */
type SearchCategoriesTable = { category: string; posts: number }

/** The version that a deleted post has in an index, for as long as old news of it may come. */
export type SearchTombstonesTable = { post_id: string; version: string; deleted_at: Generated<Date> }

/** An index that changes are written to, at most one in each state. */
export type SearchIndexesTable = {
  name: string
  state: 'building' | 'live' | 'previous'
  created_at: Instant
  /** When searches first went to it. */
  live_at: MaybeInstant
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
  /** Names the job for ever: published twice, it is still the same one. */
  job_id: Generated<string>
  /** Whose queue it goes to; null means one's own. */
  region: Region | null
  last_error: string | null
}

/** Jobs whose effects are in this database; the row commits with them. */
export type ProcessedJobsTable = { id: string; kind: string; processed_at: Generated<Date> }

/** Jobs that have failed and not been done since; `id` is the job's, or its message's where that cannot be read. */
export type JobFailuresTable = {
  id: string
  queue: string
  kind: string | null
  failures: number
  last_error: string
  first_failed_at: Instant
  last_failed_at: Instant
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

/** A mail that was asked for, and what became of it. */
export type MailsTable = {
  id: string
  /** What happened, named by whoever asked: one mail however often it is asked for. */
  key: string
  kind: MailKind
  account_id: string
  data: JSONColumnType<Record<string, string>>
  state: 'queued' | 'sending' | 'sent' | 'bounced' | 'suppressed' | 'refused' | 'dropped'
  /** Also names the lease: whoever took it later has a higher number. */
  attempts: Generated<number>
  /** When it may be taken (again): while it is sent, the end of the lease. */
  due_at: Instant
  /** When it was last handed to SES; nobody may know whether it arrived there. */
  handed_at: MaybeInstant
  sent_at: MaybeInstant
  ses_message_id: string | null
  error: string | null
  created_at: Instant
}

/** An account's wishes for another address, the latest of which counts; both addresses must agree. */
export type AddressChangesTable = {
  id: string
  account_id: string
  old_email: string
  new_email: string
  requested_at: Instant
  expires_at: Instant
  new_confirmed_at: MaybeInstant
  old_approved_at: MaybeInstant
  moved_at: MaybeInstant
  /** The directory names the new address and has forgotten the old one. */
  settled_at: MaybeInstant
}

export type AccountCountriesTable = { account_id: string; country: string; first_seen_at: Instant }

/** A task of the scheduler: when it is due, and which process does it. */
export type ScheduledTasksTable = {
  name: string
  due_at: Instant
  claim: string | null
  claimed_until: MaybeInstant
  last_done_at: MaybeInstant
  last_error: string | null
}

/** A copy of an account's data that its holder asked for; being made until it is ready. */
export type ExportsTable = {
  id: string
  account_id: string
  requested_at: Instant
  ready_at: MaybeInstant
  expires_at: MaybeInstant
  object_key: string | null
  bytes: BigInteger
}

/** What one buyer and one seller say to each other about one post; kept in the post's region. */
export type ThreadsTable = {
  id: string
  post_id: string
  /** As it was when somebody last wrote: the post may be gone. */
  post_title: string
  seller_id: string
  buyer_id: string
  /** As the buyer's token named them when they last wrote: the account may be of another region. */
  buyer_name: string
  created_at: Instant
  last_activity_at: Instant
  last_number: number
  seller_read_to: Generated<number>
  buyer_read_to: Generated<number>
  seller_unread: Generated<number>
  buyer_unread: Generated<number>
  version: Generated<number>
}

export type MessagesTable = {
  id: string
  thread_id: string
  /** Counts from 1 within the thread. */
  number: number
  sender_id: string
  text: string
  created_at: Instant
  /** By a moderator. */
  removed_at: MaybeInstant
}

export type BlocksTable = { blocker_id: string; blocked_id: string; created_at: Instant }

/** What a buyer's home region keeps of each of their threads, of whatever region; deleted ones stay as tombstones. */
export type ThreadMirrorsTable = {
  thread_id: string
  buyer_id: string
  /** Null where it was not told yet, and once the thread is deleted. */
  seller_id: string | null
  post_id: string
  post_title: string
  last_activity_at: Instant
  unread: number
  version: number
  deleted_at: MaybeInstant
}

export type ReportsTable = {
  id: string
  subject: ReportSubject
  subject_id: string
  /** The account that wrote, posted, or is meant. */
  about_id: string
  reporter_id: string | null
  /** The account, or a keyed hash of the network of somebody who was signed out. */
  reporter_key: string
  reason: ReportReason
  text: string
  created_at: Instant
  outcome: DecisionOutcome | null
  decision_reason: string | null
  decided_by: string | null
  decided_at: MaybeInstant
}

/** A photo of a post, from the moment it is announced. */
export type ImagesTable = {
  id: string
  post_id: string
  account_id: string
  /** Orders the photos of a post; the lowest is its cover. */
  position: number
  state: ImageState
  problem: ImageProblem | null
  file_name: string
  content_type: string
  /** Of the file that was announced, and once it is there, of the file itself. */
  bytes: number
  alt: Generated<string>
  /** Where its variants lie in the bucket: `<folder>/<step>.<format>`. Demo photos share theirs. */
  folder: string
  variants: JSONColumnType<Variant[]> | null
  width: number | null
  height: number | null
  color: string | null
  thumbhash: Buffer | null
  /** 64 bits, as a signed number. */
  perceptual_hash: BigInteger
  /** How often somebody has begun to make its variants. */
  attempts: Generated<number>
  /** When its variants were last asked for by an `image.uploaded`. */
  asked_at: MaybeInstant
  /** Until when a worker has it; one that lives extends it. Later than that, or while it is null, anybody may take it. */
  held_until: MaybeInstant
  created_at: Instant
  /** When the file was there, and since when it is ready or failed. */
  completed_at: MaybeInstant
  settled_at: MaybeInstant
}

/** What an account has announced lately, deleted photos too. */
export type ImageUploadsTable = { image_id: string; account_id: string; created_at: Instant }

/** Photos of two accounts that look alike, and in how many of 64 bits they differ. */
export type ImageLikenessesTable = { image_id: string; other_id: string; distance: number; found_at: Instant }

/** How far the search for bytes without a row has come: the key after which it goes on. */
export type BucketSweepsTable = { folder: string; after: string }

/** The tables of one region's database. */
export type Database = {
  accounts: AccountsTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  account_tokens: AccountTokensTable
  posts: PostsTable
  post_tombstones: PostTombstonesTable
  outbox: OutboxTable
  processed_jobs: ProcessedJobsTable
  job_failures: JobFailuresTable
  idempotency_keys: IdempotencyTable
  audit: AuditTable
  signing_keys: SigningKeysTable
  scheduled_tasks: ScheduledTasksTable
  exports: ExportsTable
  threads: ThreadsTable
  messages: MessagesTable
  blocks: BlocksTable
  thread_mirrors: ThreadMirrorsTable
  reports: ReportsTable
  mails: MailsTable
  address_changes: AddressChangesTable
  account_countries: AccountCountriesTable
  search_terms: SearchTermsTable
  search_phrases: SearchPhrasesTable
  search_categories: SearchCategoriesTable
  search_tombstones: SearchTombstonesTable
  search_indexes: SearchIndexesTable
  search_ages: SearchAgesTable
  images: ImagesTable
  image_uploads: ImageUploadsTable
  image_likenesses: ImageLikenessesTable
  bucket_sweeps: BucketSweepsTable
}
