import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { findAccountByEmail, findOrCreateVerifiedAccount } from '../accounts/verified-accounts.ts'
import type { Context } from '../context.ts'
import { type ImportCounts, importPosts } from '../posts/import.ts'
import { refreshStatistics } from '../search/statistics.ts'
import { whyNotReadable } from './readable-file.ts'
import { accountContext, runCommand, stackOptions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run import -- FILE [--as EMAIL] [--region na] [--data DIR]
      reads posts from NDJSON: our own export, or ads as in ../shared/data/listings.ndjson
      --as    the account that they shall belong to, in its own region; one for imports is made otherwise

A line that cannot be read is named and passed over; the exit code is 1 then. It is safe to repeat.`

/** Between two lines of progress where they cannot be written over each other, in milliseconds. */
const quietFor = 2_000

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const options = { ...stackOptions, as: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  if (values.help) return console.log(usage)
  const [file, ...rest] = positionals
  if (!file || rest.length > 0) throw new UsageError(usage)
  const unreadable = whyNotReadable(file)
  if (unreadable) throw new UsageError(`Cannot import ${file}: ${unreadable}`)
  const ctx = await accountContext(argv, values.as)
  try {
    const accountId = await accountFor(ctx, values.as)
    const counts = await importFile(ctx, accountId, file)
    // What was imported is to be suggested and spelled at once, not with the next pass.
    await refreshStatistics(ctx)
    if (counts.bad > 0) process.exitCode = 1
  } finally {
    await ctx.db.destroy()
  }
})

/** The account that is named, or the region's own for imports, to which nobody knows the password. */
async function accountFor(ctx: Context, email: string | undefined): Promise<string> {
  if (email === undefined) {
    const input = {
      email: `import@${ctx.region}.classifyhub.example`,
      displayName: 'Imported ads',
      password: crypto.randomUUID(),
    }
    return (await findOrCreateVerifiedAccount(ctx, input)).account.id
  }
  const account = await findAccountByEmail(ctx, email)
  if (!account) throw new UsageError(`Cannot import as ${email}: region "${ctx.region}" has no such account`)
  if (account.suspended_at || account.deleted_at)
    throw new UsageError(`Cannot import as ${email}: the account is suspended or deleted`)
  return account.id
}

async function importFile(ctx: Context, accountId: string, file: string): Promise<ImportCounts> {
  const started = performance.now()
  const progress = createProgress(`importing ${basename(file)}`)
  const counts = await importPosts(ctx, accountId, createReadStream(file), {
    onBadLine(number, errors) {
      progress.clear()
      const faults = errors.map(({ field, message }) => (field ? `${field} ${message}` : message))
      console.error(`line ${number}: ${faults.join('; ')}`)
    },
    onProgress: ({ lines }) => progress.show(`${lines} lines`),
  })
  progress.clear()
  console.log(summary(counts, (performance.now() - started) / 1000))
  return counts
}

function summary({ lines, inserted, updated, unchanged, bad, dropped }: ImportCounts, seconds: number): string {
  const rate = Math.round((lines - bad) / Math.max(seconds, 0.001))
  const memory = Math.round(process.resourceUsage().maxRSS / 1024)
  return [
    `${lines} lines: ${inserted} new, ${updated} changed, ${unchanged} there already, ${bad} bad`,
    ...(dropped > 0 ? [`${dropped} attributes without a place here were left out`] : []),
    `${seconds.toFixed(1)} s, ${rate} posts/s, ${memory} MB at most`,
  ].join('\n')
}

/** One line that is written over on a terminal; elsewhere a line every few seconds. */
function createProgress(what: string): { show: (state: string) => void; clear: () => void } {
  const { stderr } = process
  let last = performance.now()
  return {
    show(state) {
      if (stderr.isTTY) stderr.write(`\r\x1b[K${what}: ${state}`)
      else if (performance.now() - last > quietFor) {
        last = performance.now()
        stderr.write(`${what}: ${state}\n`)
      }
    },
    clear() {
      if (stderr.isTTY) stderr.write('\r\x1b[K')
    },
  }
}
