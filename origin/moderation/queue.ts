import { type Kysely, sql } from 'kysely'
import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../../shared/cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { ReportList, ReportQuery } from '../../shared/report.ts'
import type { Context } from '../context.ts'
import { beyond, cutPage } from '../db/keyset.ts'
import type { Database } from '../db/schema.ts'
import { shownImages } from '../media/rows.ts'
import type { ReportRow } from './deciding.ts'
import { type ReportFacts, viewReport } from './views.ts'

const Position = z.tuple([z.number().int().min(0).max(Date.parse('9999-01-01')), z.string().refine(isId)])
const scope = scopeOf({ queue: 'reports' })
/** How many messages before a reported one a moderator sees. */
const messagesBefore = 5

/** Lists what is reported and open in this region, each thing once, the longest waiting first. @throws invalid_cursor */
export async function listReports(
  ctx: Pick<Context, 'db' | 'region'>,
  { limit, cursor }: z.infer<typeof ReportQuery>,
): Promise<ReportList> {
  const position = cursor === undefined ? undefined : decodeCursor(scope, cursor, Position)
  if (cursor !== undefined && !position) throw new AppError('invalid_cursor')
  const first = sql<boolean>`NOT EXISTS (
    SELECT FROM reports AS earlier WHERE earlier.subject_id = reports.subject_id AND earlier.decided_at IS NULL
      AND (earlier.created_at, earlier.id) < (reports.created_at, reports.id))`
  let query = ctx.db.selectFrom('reports').selectAll().where('decided_at', 'is', null).where(first)
  if (position) query = query.where(beyond(['created_at', 'id'], 'asc', [new Date(position[0]), position[1]]))
  const rows = await query
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  const page = cutPage(rows, limit, row => encodeCursor(scope, [row.created_at.getTime(), row.id]))
  const items = await Promise.all(page.rows.map(async row => viewReport(ctx, row, await readFacts(ctx.db, row))))
  return { items, nextCursor: page.nextCursor, waiting: await countWaiting(ctx.db) }
}

async function countWaiting(db: Kysely<Database>): Promise<number> {
  const { count } = await db
    .selectFrom('reports')
    .select(eb => eb.fn.count('subject_id').distinct().as('count'))
    .where('decided_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What a moderator needs to judge one report. */
async function readFacts(db: Kysely<Database>, report: ReportRow): Promise<ReportFacts> {
  const [open, earlier, account, messages] = await Promise.all([
    countOf(db, report, false),
    countOf(db, report, true),
    db
      .selectFrom('accounts')
      .select(['display_name', 'created_at', 'suspended_at'])
      .where('id', '=', report.about_id)
      .executeTakeFirst(),
    report.subject === 'message' ? readMessages(db, report.subject_id) : [],
  ])
  const postId = report.subject === 'post' ? report.subject_id : messages[0]?.post_id
  const post = postId
    ? await db
        .selectFrom('posts')
        .select(['id', 'title', 'description', 'status', 'category'])
        .select(shownImages().as('images'))
        .where('id', '=', postId)
        .executeTakeFirst()
    : undefined
  return { others: Math.max(0, open - 1), earlier, account, post, messages }
}

/** Counts the open reports of the same thing, or what was decided against the same account before. */
async function countOf(db: Kysely<Database>, report: ReportRow, decided: boolean): Promise<number> {
  const { count } = await db
    .selectFrom('reports')
    .select(eb => (decided ? eb.fn.count('subject_id').distinct() : eb.fn.countAll()).as('count'))
    .$if(!decided, query => query.where('subject_id', '=', report.subject_id).where('decided_at', 'is', null))
    .$if(decided, query => query.where('about_id', '=', report.about_id).where('outcome', '<>', 'dismiss'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function readMessages(db: Kysely<Database>, messageId: string) {
  return db
    .selectFrom('messages as reported')
    .innerJoin('threads', 'threads.id', 'reported.thread_id')
    .innerJoin('messages', 'messages.thread_id', 'reported.thread_id')
    .select([
      'messages.id',
      'messages.text',
      'messages.sender_id',
      'messages.created_at',
      'threads.seller_id',
      'threads.buyer_name',
      'threads.buyer_id',
      'threads.post_id',
    ])
    .where('reported.id', '=', messageId)
    .whereRef('messages.number', '<=', 'reported.number')
    .orderBy('messages.number', 'desc')
    .limit(messagesBefore + 1)
    .execute()
}
