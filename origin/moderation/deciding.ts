import type { Selectable, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isId, regionOfId } from '../../shared/ids.ts'
import type { Decision, DecisionOutcome } from '../../shared/report.ts'
import { suspendAccount } from '../accounts/suspensions.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database, ReportsTable } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import { removeMessage } from '../messages/removing.ts'
import { removePost } from '../posts/removing.ts'
import { transactAndPurge } from '../purge-log.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>
export type ReportRow = Selectable<ReportsTable>

/**
 * Decides all open reports of a thing at once: does what the outcome says, writes the audit row, and tells each reporter
 * who was signed in. All of it commits together or not at all.
 * @throws report_not_found; report_decided when another moderator was first; invalid_input for an outcome that does not fit
 */
export async function decideReport(ctx: Stores, actor: Actor, id: string, decision: Decision): Promise<void> {
  await transactAndPurge(ctx, async trx => {
    const within = { ...ctx, db: trx }
    const reports = await lockReports(trx, id)
    const report = reports.find(each => each.id === id)
    if (!report) throw new AppError('report_decided')
    if (report.about_id === actor.id) throw new AppError('forbidden', { detail: 'Nobody can judge their own case' })
    if (!outcomesFor(ctx, report).includes(decision.outcome)) {
      const errors = [{ field: 'outcome', message: `does not fit a report of this ${report.subject}` }]
      throw new AppError('invalid_input', { errors })
    }
    await carryOut(within, actor, report, decision)
    for (const closed of await close(ctx, trx, actor, report, decision)) await tellReporter(trx, closed, decision)
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
  within: Stores,
  actor: Actor,
  { subject, subject_id: id, about_id }: ReportRow,
  { outcome, reason }: Decision,
): Promise<void> {
  if (outcome === 'suspend') return suspendAccount(within, actor, { id: about_id, reason })
  if (outcome === 'dismiss') return
  if (subject === 'post') {
    await removePost(within, actor, id, reason).catch(ignoreAbsence)
  } else {
    await removeMessage(within, id)
  }
}

/** The post was deleted, or its time was up, while the report waited: nothing is left to remove. */
function ignoreAbsence(error: unknown): void {
  const absent = error instanceof AppError && (error.code === 'post_gone' || error.code === 'post_not_found')
  if (!absent) throw error
}

/** Closes all open reports of the thing, also one that came while it was decided. @returns them */
async function close(
  { now }: Pick<Context, 'now'>,
  trx: Transaction<Database>,
  actor: Actor,
  { subject_id }: ReportRow,
  { outcome, reason }: Decision,
): Promise<ReportRow[]> {
  const at = now()
  const closed = await trx
    .updateTable('reports')
    .set({ outcome, decision_reason: reason, decided_by: actor.id, decided_at: at })
    .where('subject_id', '=', subject_id)
    .where('decided_at', 'is', null)
    .returningAll()
    .execute()
  const audit = { at, actor_id: actor.id, action: `report.${outcome}`, subject_id, reason }
  await trx.insertInto('audit').values(audit).execute()
  return closed
}

async function tellReporter(
  trx: Transaction<Database>,
  { id, reporter_id, subject }: ReportRow,
  { outcome }: Decision,
): Promise<void> {
  if (!reporter_id) return
  await requestMail(trx, {
    mail: 'report-decided',
    accountId: reporter_id,
    key: `report-decided ${id}`,
    // Made is a report's first version, decided its second and last.
    about: { id, version: 2 },
    data: { reportId: id, subject, outcome },
  })
}
