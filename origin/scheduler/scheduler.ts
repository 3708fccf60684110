import { randomUUID } from 'node:crypto'
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

/**
 * Runs every task that is due, one after the other, each in one process at a time: a row of `scheduled_tasks` is claimed
 * under a lease. Batches are what keep locks short; a run goes on until nothing is left or `signal` ends it.
 * A task that fails leaves the others alone and is tried again within a minute.
 */
export async function runDueTasks(ctx: Context, tasks: readonly Task[], signal?: AbortSignal): Promise<void> {
  await introduce(ctx, tasks)
  for (const task of tasks) {
    if (signal?.aborted) return
    const claim = await claimTask(ctx, task)
    if (claim === undefined) continue
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
}

/** Looks for due tasks every few seconds until it is stopped; a batch that is under way is finished first. */
export function runTasks(ctx: Context, tasks: readonly Task[], interval = 5_000): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    running = runDueTasks(ctx, tasks, stopping.signal)
      .catch(err => ctx.log.warn({ err }, 'the scheduler cannot look for due tasks'))
      .then(() => {
        if (!stopping.signal.aborted) timer = setTimeout(look, interval)
      })
  }
  look()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

async function introduce({ db, now }: Context, tasks: readonly Task[]): Promise<void> {
  const at = now()
  await db
    .insertInto('scheduled_tasks')
    .values(tasks.map(({ name }) => ({ name, due_at: at })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
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
