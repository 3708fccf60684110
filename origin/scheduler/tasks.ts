import type { Context } from '../context.ts'
import { forgetExports } from '../exports/forgetting.ts'
import { clearEndedPosts } from '../life-cycle/clearing.ts'
import { remindOfEnds, tellOfEnds } from '../life-cycle/end-mails.ts'
import { prune, rules } from '../life-cycle/pruning.ts'
import { runTasks, type Task } from './scheduler.ts'

const minute = 60_000
const hour = 60 * minute

/** All that is done by the clock. What is true by the clock (expiry above all) needs none of it. */
export const tasks: readonly Task[] = [
  { name: 'remind of ends', every: minute, batch: 100, run: remindOfEnds },
  { name: 'tell of ends', every: minute, batch: 100, run: tellOfEnds },
  { name: 'clear ended posts', every: hour, batch: 50, run: clearEndedPosts },
  { name: 'forget exports', every: hour, batch: 50, run: forgetExports },
  ...Object.entries(rules).map(([name, rule]) => ({
    name,
    every: hour,
    batch: 500,
    run: (ctx: Context, batch: number) => prune(ctx, rule, batch),
  })),
]

/** Starts the scheduler in this process; any number of processes may run one. */
export function startScheduler(ctx: Context): { stop: () => Promise<void> } {
  return runTasks(ctx, tasks)
}
