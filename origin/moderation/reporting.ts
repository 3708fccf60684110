import { createHmac } from 'node:crypto'
import type * as z from 'zod'
import { AppError } from '../../shared/errors.ts'
import { createId, isId } from '../../shared/ids.ts'
import type { ReportInput, ReportSubject } from '../../shared/report.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { getPost } from '../posts/posts.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'keys'>
/** Who reports: an account of any region, or the network of somebody who is signed out. */
export type Reporter = { actor: Actor | null; visitor: Pick<Visitor, 'ip'> }
type Input = z.output<typeof ReportInput>

const hour = 3_600_000
/** What one account may report within an hour. */
export const reportsAnHour = 20
/** Of strangers' reports about one thing no more are kept: the queue has seen enough. */
export const strangersPerSubject = 10

/** Reports a post. @throws post_not_found, post_gone; forbidden for one's own; rate_limited */
export async function reportPost(ctx: Stores, reporter: Reporter, id: string, input: Input): Promise<void> {
  const post = await getPost(ctx.db, reporter.actor, id, ctx.now())
  await keepReport(ctx, reporter, { subject: 'post', id: post.id, aboutId: post.account_id }, input)
}

/** Reports a message; only whom it was written to may. @throws message_not_found, rate_limited */
export async function reportMessage(ctx: Stores, reporter: Reporter, id: string, input: Input): Promise<void> {
  const me = reporter.actor?.id
  const message = isId(id)
    ? await ctx.db
        .selectFrom('messages')
        .innerJoin('threads', 'threads.id', 'messages.thread_id')
        .select(['messages.sender_id', 'threads.seller_id', 'threads.buyer_id'])
        .where('messages.id', '=', id)
        .executeTakeFirst()
    : undefined
  const mayRead = message && (message.seller_id === me || message.buyer_id === me)
  if (!mayRead) throw new AppError('message_not_found')
  await keepReport(ctx, reporter, { subject: 'message', id, aboutId: message.sender_id }, input)
}

/** Reports an account. @throws account_not_found; forbidden for one's own; rate_limited */
export async function reportAccount(ctx: Stores, reporter: Reporter, id: string, input: Input): Promise<void> {
  const account = isId(id)
    ? await ctx.db
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
    : undefined
  if (!account) throw new AppError('account_not_found')
  await keepReport(ctx, reporter, { subject: 'account', id, aboutId: id }, input)
}

type Subject = { subject: ReportSubject; id: string; aboutId: string }

/** A second report of the same thing by the same reporter, while the first is open, is as good as the first. */
async function keepReport(ctx: Stores, { actor, visitor }: Reporter, subject: Subject, input: Input): Promise<void> {
  if (actor?.id === subject.aboutId) throw new AppError('forbidden', { detail: 'Nobody can report themselves' })
  const now = ctx.now()
  const key = actor?.id ?? networkKey(ctx, visitor.ip)
  if (actor) await requireRoom(ctx, key, now)
  else if (await hasEnough(ctx, subject.id)) return
  await ctx.db
    .insertInto('reports')
    .values({
      id: createId(ctx.region, now.getTime()),
      subject: subject.subject,
      subject_id: subject.id,
      about_id: subject.aboutId,
      reporter_id: actor?.id ?? null,
      reporter_key: key,
      reason: input.reason,
      text: input.text,
      created_at: now,
      outcome: null,
      decision_reason: null,
      decided_by: null,
    })
    .onConflict(conflict =>
      conflict.columns(['subject_id', 'reporter_key']).where('decided_at', 'is', null).doNothing(),
    )
    .execute()
}

/** Tells one stranger from another without keeping where they are. */
function networkKey({ keys }: Stores, ip: string): string {
  return `network ${createHmac('sha256', keys['report-network']).update(ip).digest('base64url').slice(0, 22)}`
}

async function requireRoom({ db }: Stores, key: string, now: Date): Promise<void> {
  const first = await db
    .selectFrom('reports')
    .select('created_at')
    .where('reporter_key', '=', key)
    .where('created_at', '>', new Date(now.getTime() - hour))
    .orderBy('created_at', 'desc')
    .offset(reportsAnHour - 1)
    .limit(1)
    .executeTakeFirst()
  if (!first) return
  const seconds = Math.max(1, Math.ceil((first.created_at.getTime() + hour - now.getTime()) / 1000))
  throw new AppError('rate_limited', {
    detail: `You have sent many reports within an hour: try again in ${Math.ceil(seconds / 60)} min`,
    headers: { 'retry-after': String(seconds) },
  })
}

async function hasEnough({ db }: Stores, subjectId: string): Promise<boolean> {
  const { count } = await db
    .selectFrom('reports')
    .select(eb => eb.fn.countAll().as('count'))
    .where('subject_id', '=', subjectId)
    .where('decided_at', 'is', null)
    .where('reporter_id', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count) >= strangersPerSubject
}
