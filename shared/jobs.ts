import * as z from 'zod'
import { line } from './text.ts'

/** One queue a concern; each has a dead-letter queue of the same name and `-dlq`. */
export const queues = ['mail', 'feedback', 'index', 'media', 'purge'] as const
export type Queue = (typeof queues)[number]

/** Why a mail is sent; `origin/mail/` has a template and a policy for each. */
export const mailKinds = [
  'verify',
  'already-registered',
  'welcome',
  'reset',
  'password-changed',
  'confirm-address',
  'address-changed',
  'new-sign-in',
  'new-message',
  'post-published',
  'post-expires-soon',
  'post-expired',
  'post-removed',
  'message-removed',
  'report-decided',
  'account-suspended',
  'account-reinstated',
  'account-deleted',
  'export-ready',
] as const
export const MailKind = z.enum(mailKinds)
export type MailKind = z.infer<typeof MailKind>

/**
 * A mail to an account of the queue's region. `key` makes it one mail however often it is asked for. `data` holds ids and,
 * across regions, the title of a post; never a secret, an address or what somebody wrote.
 */
const MailRequested = z.object({
  mail: MailKind,
  accountId: z.string(),
  key: z.string().max(200),
  data: z.record(z.string(), z.string()),
})

/**
 * What the buyer's home region keeps of a thread in another region (the thread itself stays with its post). Of a deleted
 * one it says no more than that: no post, no title, no seller.
 */
const ThreadChanged = z.object({
  threadId: z.string(),
  buyerId: z.string(),
  sellerId: z.string().nullable(),
  postId: z.string(),
  postTitle: line(0, 120),
  lastActivityAt: z.iso.datetime(),
  unread: z.number().int(),
  version: z.number().int(),
  deleted: z.boolean(),
})
const ThreadChangedWithoutSeller = ThreadChanged.omit({ sellerId: true }).transform(news => ({
  ...news,
  sellerId: null,
}))

const Purge = z.object({ tags: z.array(z.string()), sessions: z.array(z.string()) })
/** Bytes that nobody needs any more: folders of variants, and files as they were sent. Demo photos, which are shared, lie elsewhere. */
const ImageRemoved = z.object({
  folders: z.array(z.string().regex(/^media\/\w+$/)),
  keys: z.array(z.string().regex(/^uploads\/\w+$/)),
})
const ExportRequested = z.object({ exportId: z.string() })
/** The file of a photo is there: its variants are to be made. */
const ImageUploaded = z.object({ imageId: z.string() })
/** A post that is or was public has changed, or is gone: indexes are to say what Postgres says. Recorded by migration 021. */
const PostChanged = z.object({ postId: z.string() })
/** An account of another region is being erased: what is left of it here has to go. */
const AccountErased = z.object({ accountId: z.string() })

/** What SES tells of a mail that it took (SES Developer Guide, "Contents of event publishing data"); the rest is left out. */
const MailFeedback = z.object({
  /** `eventType` where a configuration set publishes, `notificationType` where an identity does. */
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    messageId: z.string(),
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
  bounce: z
    .object({ bounceType: z.string(), bouncedRecipients: z.array(z.object({ emailAddress: z.string() })) })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()) }).optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
      complaintFeedbackType: z.string().nullish(),
    })
    .optional(),
})

type KindOfJob = { queue: Queue; version: number; payloads: Record<number, z.ZodType> }

/**
 * Every kind of job: its queue, the version of its payload that is written now, and the schema of each version that is
 * still read; the schema of an earlier one transforms to the present form. A kind is published only once something consumes it.
 */
export const jobKinds = {
  'mail.requested': { queue: 'mail', version: 1, payloads: { 1: MailRequested } },
  'mail.feedback': { queue: 'feedback', version: 1, payloads: { 1: MailFeedback } },
  'post.changed': { queue: 'index', version: 1, payloads: { 1: PostChanged } },
  'thread.changed': { queue: 'index', version: 2, payloads: { 1: ThreadChangedWithoutSeller, 2: ThreadChanged } },
  'account.erased': { queue: 'index', version: 1, payloads: { 1: AccountErased } },
  'image.removed': { queue: 'media', version: 1, payloads: { 1: ImageRemoved } },
  'export.requested': { queue: 'media', version: 1, payloads: { 1: ExportRequested } },
  'image.uploaded': { queue: 'media', version: 1, payloads: { 1: ImageUploaded } },
  purge: { queue: 'purge', version: 1, payloads: { 1: Purge } },
} as const satisfies Record<string, KindOfJob>

type JobKinds = typeof jobKinds
export type JobKind = keyof JobKinds
/** What a job of a kind says, in its present version. */
export type JobPayload<K extends JobKind> = PresentOf<JobKinds[K]>
type PresentOf<J> = J extends { version: infer V; payloads: infer P }
  ? V extends keyof P
    ? z.output<P[V]>
    : never
  : never

/** Tells a kind that there is from any other text. */
export function isJobKind(kind: string): kind is JobKind {
  return Object.hasOwn(jobKinds, kind)
}

/**
 * Reads a payload of any version that is still known and gives it in the present form.
 * @throws RangeError for another version, z.ZodError for a payload that is not in order
 */
export function readPayload<K extends JobKind>(kind: K, version: number, payload: unknown): JobPayload<K> {
  return readVersion(jobKinds[kind], version, payload) as JobPayload<K>
}

/** As `readPayload`, by a table entry. */
export function readVersion({ payloads, version: present }: KindOfJob, version: number, payload: unknown): unknown {
  const schema = payloads[version]
  if (!schema)
    throw new RangeError(
      `Cannot read version ${version} of a payload: ${Object.keys(payloads).join(', ')} are known, ${present} is written`,
    )
  return schema.parse(payload)
}
