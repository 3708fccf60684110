import { regionOfId } from '../../shared/ids.ts'
import type { Report } from '../../shared/report.ts'
import type { Context } from '../context.ts'
import { outcomesFor, type ReportRow } from './deciding.ts'

export type ReportFacts = {
  others: number
  earlier: number
  /** Undefined for an account of another region, or one that is gone. */
  account: { display_name: string; created_at: Date; suspended_at: Date | null } | undefined
  post: Report['post'] | undefined
  /** The reported message first, then those before it. */
  messages: readonly {
    id: string
    text: string
    sender_id: string
    created_at: Date
    seller_id: string
    buyer_id: string
    buyer_name: string
  }[]
}

/** Shows a report to a moderator: never who reported, and no address. */
export function viewReport(ctx: Pick<Context, 'region'>, row: ReportRow, facts: ReportFacts): Report {
  const { account, post, messages } = facts
  const buyer = messages[0]?.buyer_id === row.about_id ? messages[0].buyer_name : null
  return {
    id: row.id,
    subject: row.subject,
    subjectId: row.subject_id,
    reason: row.reason,
    text: row.text,
    createdAt: row.created_at.toISOString(),
    signedIn: row.reporter_id !== null,
    others: facts.others,
    about: {
      id: row.about_id,
      name: account?.display_name ?? buyer,
      memberSince: account?.created_at.toISOString() ?? null,
      home: regionOfId(row.about_id) ?? ctx.region,
      suspended: account ? account.suspended_at !== null : false,
      earlier: facts.earlier,
    },
    post: post ?? null,
    messages: messages.toReversed().map(({ id, text, sender_id, seller_id, created_at }) => ({
      id,
      role: sender_id === seller_id ? 'seller' : 'buyer',
      text,
      createdAt: created_at.toISOString(),
    })),
    outcomes: outcomesFor(ctx, row),
  }
}
