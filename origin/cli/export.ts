import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { findAccountByEmail } from '../accounts/verified-accounts.ts'
import type { Context } from '../context.ts'
import { exportPosts } from '../posts/export.ts'
import { accountContext, runCommand, stackOptions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run --silent export -- [--as EMAIL] [--region na] [--out FILE] [--data DIR]
      writes posts in every state as NDJSON that "npm run import" reads, to FILE or to standard output
      --as    only the posts of this account, in its own region; all of the region otherwise

The lines hold the exact place of each post: keep them as you keep a database dump.`

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const options = {
    ...stackOptions,
    as: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ args: argv, options })
  if (values.help) return console.log(usage)
  const ctx = await accountContext(argv, values.as)
  try {
    const accountId = await accountFor(ctx, values.as)
    const lines = Readable.from(exportPosts(ctx, accountId), { objectMode: false })
    if (values.out === undefined) await pipeline(lines, process.stdout, { end: false }).catch(unlessClosed)
    else await pipeline(lines, createWriteStream(values.out, { mode: 0o600 }))
  } finally {
    await ctx.db.destroy()
  }
})

async function accountFor(ctx: Context, email: string | undefined): Promise<string | undefined> {
  if (email === undefined) return undefined
  const account = await findAccountByEmail(ctx, email)
  if (!account) throw new UsageError(`Cannot export the posts of ${email}: region "${ctx.region}" has no such account`)
  return account.id
}

/** A reader that has seen enough, such as `head`, is no fault. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
