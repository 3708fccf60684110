import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { createId } from '../../shared/ids.ts'
import type { JobPayload } from '../../shared/jobs.ts'
import { MailNotTakenError, MailRefusedError } from '../adapters/ses.ts'
import type { Context } from '../context.ts'
import { isDatabaseOutage } from '../db/outage.ts'
import { composeMail } from './composing.ts'
import { settled } from './forgetting.ts'
import type { MailRow } from './letters.ts'
import { mailPolicy } from './policy.ts'

type Sending = Pick<Context, 'db' | 'log' | 'now' | 'region' | 'config' | 'keys' | 'directory' | 'mailer'>

/** Longer than composing and SES together may take; a lease that runs out belongs to a process that died. */
const lease = 60_000
/** About two days with `backoffOf`; then it is given up and told. */
const mostAttempts = 60
const open = ['queued', 'sending'] as const
/** Between the attempts to write an outcome down, in milliseconds; all of them together take half a minute at most. */
const longestPause = 8_000

/**
 * Does what a `mail.requested` job asks for: a row once per key, then an attempt to send it. The row is what counts from
 * here on: a job that comes twice finds it, and what is not sent at once `sendDueMails` takes up again.
 */
export async function sendRequestedMail(ctx: Sending, payload: JobPayload<'mail.requested'>): Promise<void> {
  const id = await admit(ctx, payload)
  if (id) await sendMail(ctx, id)
}

/** Sends mails that are due: put off before, or left behind by a process that died. @returns how many were due */
export async function sendDueMails(ctx: Sending, batch: number): Promise<number> {
  const due = await ctx.db
    .selectFrom('mails')
    .select('id')
    .where('state', 'in', open)
    .where('due_at', '<=', ctx.now())
    .orderBy('due_at')
    .limit(batch)
    .execute()
  await Promise.all(due.map(mail => sendMail(ctx, mail.id)))
  return due.length
}

/** Writes a mail down, unless its key is known or its account is gone. @returns its id while it is not settled */
async function admit(
  { db, now, region }: Sending,
  { mail, accountId, key, data }: JobPayload<'mail.requested'>,
): Promise<string | undefined> {
  const at = now()
  const id = createId(region, at.getTime())
  await sql`
    INSERT INTO mails (id, key, kind, account_id, data, state, due_at, created_at)
    SELECT ${id}, ${key}, ${mail}, id, ${JSON.stringify(data)}, 'queued', ${at}, ${at} FROM accounts WHERE id = ${accountId}
    ON CONFLICT (key) DO NOTHING`.execute(db)
  const row = await db
    .selectFrom('mails')
    .select('id')
    .where('key', '=', key)
    .where('state', 'in', open)
    .executeTakeFirst()
  return row?.id
}

/** One attempt, by whoever gets the lease. */
async function sendMail(ctx: Sending, id: string): Promise<void> {
  const mail = await claim(ctx, id)
  if (!mail) return
  const outcome = await attempt(ctx, mail)
  if (outcome) await settle(ctx, mail, outcome)
}

/** Composes and hands over; gives what to write down, or nothing when the mail is somebody else's by now. */
async function attempt(ctx: Sending, mail: MailRow): Promise<Outcome | undefined> {
  let handed = false
  try {
    const composed = await composeMail(ctx, mail)
    if (typeof composed === 'string') return { state: composed }
    handed = await noteHandover(ctx, mail)
    if (!handed) return undefined
    const { messageId } = await ctx.mailer.send(composed)
    return { state: 'sent', ses_message_id: messageId, sent_at: ctx.now(), error: null }
  } catch (error) {
    return afterFailure(ctx, mail, error, handed)
  }
}

async function claim({ db, now }: Sending, id: string): Promise<MailRow | undefined> {
  const at = now()
  return db
    .updateTable('mails')
    .set({ state: 'sending', due_at: after(at, lease), attempts: sql`attempts + 1` })
    .where('id', '=', id)
    .where('state', 'in', open)
    .where('due_at', '<=', at)
    .returningAll()
    .executeTakeFirst()
}

/**
 * From this moment on nobody may know whether SES has it, should this process die. What must not come twice is then left
 * alone until SES would have told us by an event. @returns false when the lease has passed to somebody else
 */
async function noteHandover({ db, now, config }: Sending, { id, kind, attempts }: MailRow): Promise<boolean> {
  const at = now()
  const wait = mailPolicy[kind].inDoubt === 'ask' ? Math.max(config.mail.doubtFor, lease) : lease
  const { numUpdatedRows } = await db
    .updateTable('mails')
    .set({ handed_at: at, due_at: after(at, wait) })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('state', '=', 'sending')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

type Outcome = Partial<Pick<MailRow, 'state' | 'ses_message_id' | 'sent_at' | 'error' | 'due_at'>>

/** Tried for as long as the lease holds: what SES has taken and nobody wrote down is sent again. */
async function settle(ctx: Sending, mail: MailRow, outcome: Outcome): Promise<void> {
  for (let pause = 250; ; pause *= 2) {
    try {
      return await writeDown(ctx, mail, outcome)
    } catch (error) {
      if (!isDatabaseOutage(error) || pause > longestPause) throw error
      await sleep(pause)
    }
  }
}

/** An event of SES may have been quicker: what it settled stays. */
async function writeDown({ db }: Sending, { id, attempts }: MailRow, outcome: Outcome): Promise<void> {
  const isOver = outcome.state !== undefined && outcome.state !== 'queued'
  await db
    .updateTable('mails')
    .set({ ...outcome, ...(isOver && settled) })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('state', '=', 'sending')
    .execute()
}

function afterFailure(ctx: Sending, { id, kind, attempts }: MailRow, failure: unknown, handed: boolean): Outcome {
  const error = String(failure instanceof Error ? failure.message : failure).slice(0, 500)
  const hopeless = failure instanceof MailRefusedError || attempts >= mostAttempts
  ctx.log[hopeless ? 'error' : 'warn']({ err: failure, mailId: id, kind, attempts }, 'a mail was not sent')
  if (hopeless) return { state: 'refused', error }
  const inDoubt = handed && !(failure instanceof MailNotTakenError)
  if (inDoubt && mailPolicy[kind].inDoubt === 'ask') return { error }
  return { state: 'queued', due_at: after(ctx.now(), backoffOf(attempts)), error }
}

/** Milliseconds until the next attempt: 1 s, doubled each time up to an hour, and up to a quarter more by chance. */
export function backoffOf(attempts: number): number {
  return Math.min(1_000 * 2 ** (attempts - 1), 3_600_000) * (1 + Math.random() / 4)
}

function after(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds)
}
