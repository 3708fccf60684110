import { type Selectable, sql } from 'kysely'
import { type JobKind, jobKinds } from '../shared/jobs.ts'
import type { Region } from '../shared/regions.ts'
import { createQueues, type Message, type QueueAddress, type Queues } from './adapters/sqs.ts'
import type { Context } from './context.ts'
import { listen } from './db/listen.ts'
import type { OutboxTable } from './db/schema.ts'
import { type Departure, writeMessage } from './message.ts'
import { runRole } from './role.ts'

type Stores = Pick<Context, 'db' | 'log' | 'now' | 'region'>
type Row = Departure & Pick<Selectable<OutboxTable>, 'id' | 'attempts' | 'region'> & { kind: JobKind }
type Outcome = { row: Row; error: string | undefined }

/** Messages that one call to the queue takes. */
const mostInCall = 10
/** Rows of one turn: so many calls go out at a time. */
const mostInTurn = 10 * mostInCall
/** Bytes that one call may carry, with a margin below 256 kB. */
const mostBytes = 240_000
/** More than the attributes of a message take, which count too. */
const bytesOfAttributes = 500
/** A claim that nobody finishes is taken again after this time, in milliseconds: the process that held it has died. */
const claimFor = 30_000
/** Rows that wait for their time, or whose NOTIFY was lost, are found by looking every so many milliseconds. */
const pollEvery = 1_000
const pruneEvery = 10 * 60_000
/** How long a published row is kept for `npm run queues -- replay`, in milliseconds. */
export const replayReach = 7 * 24 * 3_600_000

/** Publishes what the outbox holds until it is stopped; any number of processes may do so at a time. */
export function startRelay(
  ctx: Stores & Pick<Context, 'config'>,
  queues: Queues = createQueues(ctx.config),
): { stop: () => Promise<void> } {
  let stopped = false
  let heard = false
  let wake = () => {}
  const ring = () => {
    heard = true
    wake()
  }
  const closeListener = listen(ctx.config.database, 'outbox', ring)
  const finished = run()
  return {
    async stop() {
      stopped = true
      ring()
      await Promise.all([finished, closeListener()])
    },
  }

  async function run(): Promise<void> {
    let prunedAt = 0
    while (!stopped) {
      heard = false
      const moved = await relayRows(ctx, queues).catch(err => {
        ctx.log.warn({ err }, 'the outbox cannot be relayed')
        return 0
      })
      if (moved === mostInTurn || heard || stopped) continue
      if (Date.now() - prunedAt > pruneEvery) {
        prunedAt = Date.now()
        await pruneOutbox(ctx).catch(err => ctx.log.warn({ err }, 'the outbox cannot be pruned'))
      }
      await pause()
    }
  }

  function pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, pollEvery)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (heard) wake()
    })
  }
}

/**
 * Claims rows that are due, publishes them and marks what became of each. A crash after the queue's yes publishes a row
 * again under the same id: never lost, sometimes twice.
 * @param most rows to claim
 * @returns how many were claimed
 */
export async function relayRows(ctx: Stores, queues: Pick<Queues, 'send'>, most = mostInTurn): Promise<number> {
  const rows = await claim(ctx, most)
  if (rows.length === 0) return 0
  const outcomes = await Promise.all(callsFor(rows, ctx.now()).map(call => publish(queues, call)))
  await mark(ctx, outcomes.flat())
  return rows.length
}

/** Deletes published rows that are too old for a replay. */
export async function pruneOutbox({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - replayReach)
  for (;;) {
    const old = db.selectFrom('outbox').select('id').where('done_at', '<', before).limit(5_000)
    const { numDeletedRows } = await db.deleteFrom('outbox').where('id', 'in', old).executeTakeFirst()
    if (numDeletedRows < 5_000n) return
  }
}

/** Each row goes to one process: what another one is claiming is passed over. */
async function claim({ db, now }: Stores, most: number): Promise<Row[]> {
  const at = now()
  const rows = await db
    .with('due', due =>
      due
        .selectFrom('outbox')
        .select('id')
        .where('done_at', 'is', null)
        .where('kind', 'in', Object.keys(jobKinds))
        .where(where => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', at)]))
        .orderBy('id')
        .limit(most)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('outbox')
    .set({ claimed_until: new Date(at.getTime() + claimFor), attempts: sql`attempts + 1` })
    .where('id', 'in', from => from.selectFrom('due').select('id'))
    .returning(['id', 'kind', 'version', 'payload', 'aggregate_id', 'aggregate_version', 'traceparent', 'job_id'])
    .returning(['attempts', 'region'])
    .execute()
  return rows as Row[]
}

type Call = { to: QueueAddress; rows: Row[]; messages: Message[]; bytes: number }

/** Sorts rows into calls: one queue of one region each, ten messages and `mostBytes` at most. */
function callsFor(rows: Row[], now: Date): Call[] {
  const open = new Map<string, Call>()
  const calls: Call[] = []
  for (const row of rows) {
    const queue = jobKinds[row.kind].queue
    const message = writeMessage(row, now)
    const bytes = Buffer.byteLength(message.body) + bytesOfAttributes
    const name = `${row.region} ${queue}`
    let call = open.get(name)
    if (!call || call.rows.length === mostInCall || call.bytes + bytes > mostBytes) {
      call = { to: { queue, ...(row.region && { region: row.region as Region }) }, rows: [], messages: [], bytes: 0 }
      open.set(name, call)
      calls.push(call)
    }
    call.rows.push(row)
    call.messages.push(message)
    call.bytes += bytes
  }
  return calls
}

async function publish(queues: Pick<Queues, 'send'>, { to, rows, messages }: Call): Promise<Outcome[]> {
  try {
    const errors = await queues.send(to, messages)
    return rows.map((row, i) => ({ row, error: errors[i] }))
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return rows.map(row => ({ row, error: text }))
  }
}

/** Marks all rows of a turn in one statement: published, or to be tried again later and why. */
async function mark({ db, now, log }: Stores, outcomes: Outcome[]): Promise<void> {
  const at = now()
  const failed = outcomes.filter(({ error }) => error !== undefined)
  if (failed.length > 0) log.warn({ rows: failed.length, err: failed[0]?.error }, 'rows were not published')
  const ids = outcomes.map(({ row }) => row.id)
  const errors = outcomes.map(({ error }) => error?.slice(0, 500) ?? null)
  const untils = outcomes.map(({ row }) => new Date(at.getTime() + backoffOf(row.attempts)))
  await sql`
    UPDATE outbox
    SET done_at = CASE WHEN outcome.error IS NULL THEN ${at}::timestamptz END,
      claimed_until = CASE WHEN outcome.error IS NOT NULL THEN outcome.until END,
      last_error = outcome.error
    FROM unnest(${ids}::bigint[], ${errors}::text[], ${untils}::timestamptz[]) AS outcome(id, error, until)
    WHERE outbox.id = outcome.id AND outbox.done_at IS NULL`.execute(db)
}

/** Milliseconds until a row is tried again: half a second, doubled each time up to 30 s, up to half of it less by chance. */
export function backoffOf(attempts: number): number {
  return Math.min(500 * 2 ** (attempts - 1), 30_000) * (1 - Math.random() / 2)
}

if (import.meta.main) await runRole('relay', async ctx => [startRelay(ctx)])
