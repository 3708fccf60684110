import { settleAddressMoves } from '../accounts/address-changes.ts'
import type { Context } from '../context.ts'
import { forgetExports } from '../exports/forgetting.ts'
import { clearEndedPosts, clearForgottenThreads, clearMootReports } from '../life-cycle/clearing.ts'
import { remindOfEnds, tellOfEnds } from '../life-cycle/end-mails.ts'
import { announceErasures, eraseAccounts } from '../life-cycle/erasing.ts'
import { prune, rules } from '../life-cycle/pruning.ts'
import { clearUnverifiedAccounts } from '../life-cycle/unverified.ts'
import { sendDueMails } from '../mail/sending.ts'
import { removeOrphans } from '../media/orphans.ts'
import { askAgain, clearUnfinishedUploads } from '../media/sweeping.ts'
import { forgetTombstones } from '../search/indexing/forgetting.ts'
import { indexingOf } from '../search/indexing/indexes.ts'
import { keepIndex } from '../search/indexing/keeping.ts'
import { refreshStatistics } from '../search/statistics.ts'
import { runTasks, type Task } from './scheduler.ts'

const minute = 60_000
const hour = 60 * minute

/** All that is done by the clock. What is true by the clock (expiry above all) needs none of it. */
export const tasks: readonly Task[] = [
  { name: 'send due mails', every: 2_000, batch: 50, run: sendDueMails },
  { name: 'settle changes of address', every: minute, batch: 50, run: settleAddressMoves },
  { name: 'remind of ends', every: minute, batch: 100, run: remindOfEnds },
  { name: 'tell of ends', every: minute, batch: 100, run: tellOfEnds },
  { name: 'clear ended posts', every: hour, batch: 50, run: clearEndedPosts },
  { name: 'clear forgotten threads', every: hour, batch: 50, run: clearForgottenThreads },
  { name: 'clear moot reports', every: hour, batch: 200, run: clearMootReports },
  { name: 'clear unverified accounts', every: hour, batch: 20, run: clearUnverifiedAccounts },
  { name: 'announce erasures', every: 10 * minute, batch: 20, run: announceErasures },
  { name: 'erase accounts', every: 10 * minute, batch: 20, run: eraseAccounts },
  { name: 'ask for variants again', every: 3_000, batch: 50, run: askAgain },
  { name: 'clear unfinished uploads', every: minute, batch: 100, run: clearUnfinishedUploads },
  { name: 'remove bytes of no photo', every: minute, batch: 1_000, run: removeOrphans },
  { name: 'forget exports', every: hour, batch: 50, run: forgetExports },
  {
    name: 'count words for search',
    every: 5 * minute,
    batch: 1,
    run: async ctx => {
      await refreshStatistics(ctx)
      return 0
    },
  },
  { name: 'keep the search index', every: 10_000, batch: 1, run: keepIndex },
  {
    name: 'forget tombstones in the search index',
    every: 24 * hour,
    batch: 1,
    run: async ctx => {
      const indexing = indexingOf(ctx)
      if (indexing) await forgetTombstones(indexing)
      return 0
    },
  },
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
