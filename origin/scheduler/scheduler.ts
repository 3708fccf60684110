import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'

/** Something that is due again and again. */
export type Task = {
  name: string
  /** Milliseconds from the end of one run to the beginning of the next. */
  every: number
  /** How many things a batch does at most; a batch of fewer is the last of its run. */
  batch: number
  /** Does one batch and gives how many things it did. Must repeat harmlessly: a claim may be lost in the midst of it. */
  run: (ctx: Context, batch: number) => Promise<number>
}

/** Longer than a batch may take: when it ends another process takes the task over. */
const lease = 60_000
/** After a fault a task is tried again no later than this, in milliseconds. */
const longestPause = 60_000
/** Tasks that one process does at a time, and so the connections that they take. */
const atOnce = 3

/**
 * Runs every task that is due, each in one process at a time: a row of `scheduled_tasks` is claimed under a lease. Batches
 * are what keep locks short; a run goes on until nothing is left or `signal` ends it. A task that fails leaves the others
 * alone and is tried again within a minute.
 */
export async function runDueTasks(ctx: Context, tasks: readonly Task[], signal?: AbortSignal): Promise<void> {
  const due = await findDue(ctx, tasks)
  const work = async () => {
    for (let task = due.shift(); task && !signal?.aborted; task = due.shift()) await runTask(ctx, task, signal)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/**
 * Looks for due tasks every second until it is stopped; a batch that is under way is finished first, if it ends within
 * `STOP_WITHIN`: what it leaves another process takes over.
 */
export function runTasks(ctx: Context, tasks: readonly Task[], interval = 1_000): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const look = () => {
    // A run that takes long must not keep the others from their time; its own tasks are claimed and so passed over.
    if (running.size >= atOnce) return
    const run = runDueTasks(ctx, tasks, stopping.signal)
      .catch(err => ctx.log.warn({ err }, 'the scheduler cannot look for due tasks'))
      .finally(() => running.delete(run))
    running.add(run)
  }
  const timer = setInterval(look, interval)
  look()
  return {
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await Promise.race([Promise.all(running), sleep(ctx.config.stopWithin * 1000, undefined, { ref: false })])
    },
  }
}

async function runTask(ctx: Context, task: Task, signal: AbortSignal | undefined): Promise<void> {
  const claim = await claimTask(ctx, task)
  if (claim === undefined) return
  try {
    while ((await task.run(ctx, task.batch)) >= task.batch) {
      if (signal?.aborted || !(await extend(ctx, task, claim))) break
    }
    await finish(ctx, task, claim, signal?.aborted ? 0 : task.every, null)
  } catch (err) {
    ctx.log.error({ err, task: task.name }, 'a scheduled task failed')
    await finish(ctx, task, claim, Math.min(task.every, longestPause), String(err)).catch(() => {}) // the lease ends
  }
}

/** Those that nobody has at the moment; a task that was never seen before is written down, due at once. */
async function findDue({ db, now }: Context, tasks: readonly Task[]): Promise<Task[]> {
  const at = now()
  const rows = await db.selectFrom('scheduled_tasks').select(['name', 'due_at', 'claimed_until']).execute()
  const known = new Map(rows.map(row => [row.name, row]))
  const added = tasks.filter(({ name }) => !known.has(name)).map(({ name }) => ({ name, due_at: at }))
  if (added.length > 0)
    await db
      .insertInto('scheduled_tasks')
      .values(added)
      .onConflict(conflict => conflict.doNothing())
      .execute()
  return tasks.filter(({ name }) => {
    const row = known.get(name)
    return !row || (row.due_at <= at && (row.claimed_until === null || row.claimed_until <= at))
  })
}

async function claimTask({ db, now }: Context, { name }: Task): Promise<string | undefined> {
  const at = now()
  const claim = randomUUID()
  const claimed = await db
    .updateTable('scheduled_tasks')
    .set({ claim, claimed_until: new Date(at.getTime() + lease) })
    .where('name', '=', name)
    .where('due_at', '<=', at)
    .where(row => row.or([row('claimed_until', 'is', null), row('claimed_until', '<=', at)]))
    .returning('name')
    .executeTakeFirst()
  return claimed && claim
}

/** False when the task is another's by now. */
async function extend({ db, now }: Context, { name }: Task, claim: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('scheduled_tasks')
    .set({ claimed_until: new Date(now().getTime() + lease) })
    .where('name', '=', name)
    .where('claim', '=', claim)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

async function finish(
  { db, now }: Context,
  { name }: Task,
  claim: string,
  pause: number,
  error: string | null,
): Promise<void> {
  const at = now()
  await db
    .updateTable('scheduled_tasks')
    .set({
      claim: null,
      claimed_until: null,
      due_at: new Date(at.getTime() + pause),
      last_error: error,
      ...(error === null && { last_done_at: at }),
    })
    .where('name', '=', name)
    .where('claim', '=', claim)
    .execute()
}
