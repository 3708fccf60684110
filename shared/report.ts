import * as z from 'zod'
import { Image } from './media.ts'
import { Reason } from './post.ts'
import { pageLimit } from './query.ts'
import { regions } from './regions.ts'
import { text } from './text.ts'

const instant = z.iso.datetime()

export const reportSubjects = ['post', 'message', 'account'] as const
export const ReportSubject = z.enum(reportSubjects)
export type ReportSubject = z.infer<typeof ReportSubject>

export const reportReasons = ['fraud', 'forbidden', 'offensive', 'spam', 'wrong_place', 'other'] as const
export const ReportReason = z.enum(reportReasons)
export type ReportReason = z.infer<typeof ReportReason>

export const ReportInput = z
  .strictObject({ reason: ReportReason, text: text(0, 2_000).default('') })
  .meta({ id: 'ReportInput' })

/** What a moderator can do about a report. Which of them fit depends on what was reported. */
export const decisionOutcomes = ['remove', 'suspend', 'dismiss'] as const
export const DecisionOutcome = z.enum(decisionOutcomes)
export type DecisionOutcome = z.infer<typeof DecisionOutcome>

export const Decision = Reason.extend({ outcome: DecisionOutcome }).meta({ id: 'Decision' })
export type Decision = z.infer<typeof Decision>

/** One thing that was reported, with what a moderator needs to judge it. Its other open reports are decided with it. */
export const Report = z
  .object({
    id: z.string(),
    subject: ReportSubject,
    subjectId: z.string(),
    reason: ReportReason,
    text: z.string(),
    createdAt: instant,
    /** Whether the reporter was signed in. */
    signedIn: z.boolean(),
    /** Open reports of the same subject beside this one. */
    others: z.number().int(),
    /** Whom it is about. An account can be suspended only in its home region, which may be another than the report's. */
    about: z.object({
      id: z.string(),
      name: z.string().nullable(),
      memberSince: instant.nullable(),
      home: z.enum(regions),
      suspended: z.boolean(),
      /** What moderators decided about this account's posts, messages and itself before. */
      earlier: z.number().int(),
    }),
    post: z
      .object({
        id: z.string(),
        title: z.string(),
        description: z.string(),
        status: z.string(),
        category: z.string(),
        images: z.array(Image),
      })
      .nullable(),
    /** The reported message, the last, after some that came before it. */
    messages: z.array(
      z.object({ id: z.string(), role: z.enum(['buyer', 'seller']), text: z.string(), createdAt: instant }),
    ),
    /** The outcomes that fit, the gravest first. */
    outcomes: z.array(DecisionOutcome),
  })
  .meta({ id: 'Report' })
export type Report = z.infer<typeof Report>

export const ReportQuery = z.strictObject({
  /** Whose reports; one's own region's where not said. */
  region: z.enum(regions).optional(),
  limit: pageLimit,
  cursor: z.string().max(500).optional(),
})
export const ReportList = z
  .object({
    items: z.array(Report),
    nextCursor: z.string().nullable(),
    /** How many things wait for a decision, on all pages together. */
    waiting: z.number().int(),
  })
  .meta({ id: 'ReportList' })
export type ReportList = z.infer<typeof ReportList>
