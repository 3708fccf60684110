import { type Selectable, sql } from 'kysely'
import { createMailer, type Mail, type Mailer, MailRefusedError } from '../adapters/ses.ts'
import type { Context } from '../context.ts'
import type { OutboxTable } from '../db/schema.ts'
import { composeFor, type MailKind, mailKinds } from './account-mails.ts'

type Loop = Pick<Context, 'db' | 'log' | 'now' | 'region' | 'outbox' | 'config'>
type Row = Pick<Selectable<OutboxTable>, 'id' | 'attempts' | 'aggregate_id'> & { kind: MailKind }

const batch = 10
const pollEvery = 500
/** A claim that nobody finishes is taken again after this time: the process that held it has died. */
const claimFor = 60_000
/** About a day of retries with `backoffOf`. */
const mostAttempts = 30

/** Sends the mails that the outbox asks for until it is stopped: at once when this process records one, else by polling. */
export function startMailLoop(ctx: Loop, mailer: Mailer = createMailer(ctx.config)): { stop: () => Promise<void> } {
  let stopped = false
  let wake = () => {}
  let poked = false
  const offPoke = ctx.outbox.onPoke(() => {
    poked = true
    wake()
  })
  const finished = run()
  return {
    async stop() {
      stopped = true
      offPoke()
      wake()
      await finished
    },
  }

  async function run(): Promise<void> {
    while (!stopped) {
      poked = false
      const sent = await sendMails(ctx, mailer).catch(err => {
        ctx.log.warn({ err }, 'the outbox cannot be read')
        return 0
      })
      if (sent < batch && !poked && !stopped) await pause()
    }
  }

  function pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, pollEvery)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Claims a batch of mails that are due and sends them. @returns how many it claimed */
export async function sendMails(ctx: Loop, mailer: Mailer): Promise<number> {
  const rows = await claim(ctx)
  await Promise.all(rows.map(row => sendOne(ctx, mailer, row)))
  return rows.length
}

/** Each row goes to one process: what another one is claiming is passed over. */
async function claim({ db, now }: Loop): Promise<Row[]> {
  const at = now()
  const rows = await db
    .with('due', due =>
      due
        .selectFrom('outbox')
        .select('id')
        .where('done_at', 'is', null)
        .where('kind', 'in', mailKinds)
        .where(where => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', at)]))
        .orderBy('id')
        .limit(batch)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('outbox')
    .set({ claimed_until: new Date(at.getTime() + claimFor), attempts: sql`attempts + 1` })
    .where('id', 'in', from => from.selectFrom('due').select('id'))
    .returning(['id', 'kind', 'attempts', 'aggregate_id'])
    .execute()
  return rows as Row[]
}

async function sendOne(ctx: Loop, mailer: Mailer, row: Row): Promise<void> {
  try {
    const mail: Mail | undefined = await composeFor(ctx, row.kind, row.aggregate_id)
    if (mail) await mailer.send(mail)
    await ctx.db.updateTable('outbox').set({ done_at: ctx.now() }).where('id', '=', row.id).execute()
  } catch (err) {
    await postpone(ctx, row, err).catch(() => {}) // its claim runs out by itself
  }
}

async function postpone({ db, now, log }: Loop, row: Row, err: unknown): Promise<void> {
  const hopeless = err instanceof MailRefusedError || row.attempts >= mostAttempts
  log[hopeless ? 'error' : 'warn'](
    { err, outboxId: row.id, kind: row.kind, attempts: row.attempts },
    'a mail was not sent',
  )
  const until = new Date(now().getTime() + backoffOf(row.attempts))
  await db
    .updateTable('outbox')
    .set(hopeless ? { done_at: now() } : { claimed_until: until })
    .where('id', '=', row.id)
    .execute()
}

/** Milliseconds until the next attempt: 1 s, doubled each time up to an hour, and up to a quarter more by chance. */
export function backoffOf(attempts: number): number {
  return Math.min(1_000 * 2 ** (attempts - 1), 3_600_000) * (1 + Math.random() / 4)
}
