import type { Context } from '../context.ts'

type Fill = Pick<Context, 'db' | 'directory' | 'log'>
const batch = 500

/**
 * Enters every account of this region into the directory, then marks the region complete. Runs at start-up and whenever
 * the mark is missing. Repeats harmlessly.
 * @throws service_unavailable when Redis does not answer
 */
export async function fillDirectory(ctx: Fill): Promise<void> {
  for (let after = ''; ; ) {
    const accounts = await ctx.db
      .selectFrom('accounts')
      .select(['id', 'email'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(batch)
      .execute()
    await enter(ctx, accounts)
    after = accounts.at(-1)?.id ?? ''
    if (accounts.length < batch) break
  }
  await ctx.directory.markComplete()
}

/** Enters accounts whose registration was cut short between insert and confirmation. */
async function confirmLeftovers(ctx: Fill): Promise<void> {
  const accounts = await ctx.db
    .selectFrom('accounts')
    .select(['id', 'email'])
    .where('in_directory', '=', false)
    .limit(batch)
    .execute()
  if (accounts.length > 0) await enter(ctx, accounts)
}

/** Keeps the directory whole without restarts: heals leftovers, and fills it again when Redis has lost data. */
export function startDirectoryCheck(ctx: Fill, every = 5_000): { stop: () => Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running
      .then(() => checkDirectory(ctx))
      .catch(err => ctx.log.warn({ err }, 'the directory cannot be checked'))
  }, every)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/** One round of the check. */
export async function checkDirectory(ctx: Fill): Promise<void> {
  if (await ctx.directory.isMarked()) return confirmLeftovers(ctx)
  ctx.log.warn('the directory has lost data: filling it again')
  await fillDirectory(ctx)
}

type Entry = { id: string; email: string }

async function enter(ctx: Fill, accounts: Entry[]): Promise<void> {
  const lost = await ctx.directory.confirm(accounts.map(account => account.email))
  const entered = accounts.filter(account => !lost.has(account.email)).map(account => account.id)
  if (entered.length > 0) {
    await ctx.db
      .updateTable('accounts')
      .set({ in_directory: true })
      .where('id', 'in', entered)
      .where('in_directory', '=', false)
      .execute()
  }
  for (const account of accounts) {
    const holder = lost.get(account.email)
    if (holder) await resolveConflict(ctx, account, holder)
  }
}

/** Two regions took one address: the unverified account that came second goes, a verified one is a matter for people. */
async function resolveConflict({ db, log }: Fill, account: Entry, holder: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('accounts')
    .where('id', '=', account.id)
    .where('verified_at', 'is', null)
    .executeTakeFirst()
  if (numDeletedRows === 0n) log.error({ accountId: account.id, holder }, 'an address is verified in two regions')
}
