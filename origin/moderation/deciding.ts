import type { Selectable, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isId, regionOfId } from '../../shared/ids.ts'
import type { Decision, DecisionOutcome } from '../../shared/report.ts'
import { suspendAccount } from '../accounts/suspensions.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database, ReportsTable } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import { removePost } from '../posts/removing.ts'

export type ReportRow = Selectable<ReportsTable>

/**
 * Decides all open reports of a thing at once: does what the outcome says, writes the audit row, and tells each reporter
 * who was signed in. What was done stays done should the process die before the reports are closed: then they are open
 * still, and deciding them again changes nothing but that.
 * @throws report_not_found; report_decided when another moderator was first; invalid_input for an outcome that does not fit
 */
export async function decideReport(
  ctx: Context,
  actor: Actor,
  id: string,
  decision: Decision & { traceparent: string | null },
): Promise<void> {
  await ctx.db.transaction().execute(async trx => {
    const reports = await lockReports(trx, id)
    const report = reports.find(each => each.id === id)
    if (!report) throw new AppError('report_decided')
    if (report.about_id === actor.id) throw new AppError('forbidden', { detail: 'Nobody can judge their own case' })
    if (!outcomesFor(ctx, report).includes(decision.outcome)) {
      const errors = [{ field: 'outcome', message: `does not fit a report of this ${report.subject}` }]
      throw new AppError('invalid_input', { errors })
    }
    await carryOut(ctx, trx, actor, report, decision)
    await close(ctx, trx, actor, report, decision)
    for (const each of reports) await tellReporter(trx, each, decision)
  })
}

/** Gives what can be done about a report, the gravest first. An account can be suspended only in its own region. */
export function outcomesFor(
  { region }: Pick<Context, 'region'>,
  { subject, about_id }: Pick<ReportRow, 'subject' | 'about_id'>,
): DecisionOutcome[] {
  const outcomes: DecisionOutcome[] = []
  if (regionOfId(about_id) === region) outcomes.push('suspend')
  if (subject !== 'account') outcomes.push('remove')
  return [...outcomes, 'dismiss']
}

/** Locks every open report of the thing that a report is about, in one order, so that two moderators take turns. */
async function lockReports(trx: Transaction<Database>, id: string): Promise<ReportRow[]> {
  const report = isId(id)
    ? await trx.selectFrom('reports').select('subject_id').where('id', '=', id).executeTakeFirst()
    : undefined
  if (!report) throw new AppError('report_not_found')
  return trx
    .selectFrom('reports')
    .selectAll()
    .where('subject_id', '=', report.subject_id)
    .where('decided_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

async function carryOut(
  ctx: Context,
  trx: Transaction<Database>,
  actor: Actor,
  { subject, subject_id: id, about_id }: ReportRow,
  { outcome, reason, traceparent }: Decision & { traceparent: string | null },
): Promise<void> {
  if (outcome === 'suspend') return suspendAccount(ctx, actor, { id: about_id, reason }, traceparent)
  if (outcome === 'dismiss') return
  if (subject === 'post') {
    await removePost(ctx, actor, id, reason).catch(error => {
      if (!(error instanceof AppError && error.code === 'post_gone')) throw error
    })
  } else {
    await trx.updateTable('messages').set({ removed_at: ctx.now() }).where('id', '=', id).execute()
  }
}

async function close(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  actor: Actor,
  { subject_id }: ReportRow,
  { outcome, reason }: Decision,
): Promise<void> {
  const at = now()
  await trx
    .updateTable('reports')
    .set({ outcome, decision_reason: reason, decided_by: actor.id, decided_at: at })
    .where('subject_id', '=', subject_id)
    .where('decided_at', 'is', null)
    .execute()
  const audit = { at, actor_id: actor.id, action: `report.${outcome}`, subject_id, reason }
  await trx.insertInto('audit').values(audit).execute()
}

async function tellReporter(
  trx: Transaction<Database>,
  { id, reporter_id, subject }: ReportRow,
  { outcome, traceparent }: Decision & { traceparent: string | null },
): Promise<void> {
  if (!reporter_id) return
  await requestMail(trx, {
    mail: 'report-decided',
    accountId: reporter_id,
    key: `report-decided ${id}`,
    data: { reportId: id, subject, outcome },
    traceparent,
  })
}
