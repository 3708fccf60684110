import { parseArgs } from 'node:util'
import { hashPassword } from '../../origin/accounts/passwords.ts'
import { findOrCreateVerifiedAccount } from '../../origin/accounts/verified-accounts.ts'
import { runCommand, stackContext, stackOptions, stackRegions } from '../../origin/cli/stack.ts'
import { importPosts } from '../../origin/posts/import.ts'
import { refreshStatistics } from '../../origin/search/statistics.ts'
import { type Region, regions } from '../../shared/regions.ts'
import { createDemo, type DemoAccount, type DemoPost, demoPassword } from './demo/demo.ts'
import type { Login } from './stack-file.ts'

/*
 * `node infra/local/load-demo.ts --data DIR [--regions na,eu,ap]` puts the demo data into the regions of a stack that
 * runs; repeated, it finds everything there. The last line of its output is JSON: {"logins": […]}.
 */
await runCommand(async () => {
  const argv = process.argv.slice(2)
  const options = { ...stackOptions, regions: { type: 'string' } } as const
  const { values } = parseArgs({ args: argv, options })
  const wanted = values.regions?.split(',') ?? regions
  const loaded = stackRegions(argv).filter(region => wanted.includes(region))
  const demo = createDemo(new Date())
  // One password, one hash: argon2 is slow by design, and these accounts guard nothing.
  const passwordHash = await hashPassword(demoPassword)
  const logins = await Promise.all(loaded.map(region => loadRegion(argv, region, demo, passwordHash)))
  console.log(JSON.stringify({ logins: logins.flat() }))
})

type Demo = { accounts: DemoAccount[]; posts: DemoPost[] }

async function loadRegion(argv: string[], region: Region, demo: Demo, passwordHash: string): Promise<Login[]> {
  const ctx = await stackContext(argv, region)
  try {
    const accounts = demo.accounts.filter(account => account.region === region)
    const bySeller = Map.groupBy(demo.posts, post => post.seller)
    let posts = 0
    for (const { password: _, region: __, createdAt, ...account } of accounts) {
      const known = await findOrCreateVerifiedAccount(ctx, { ...account, passwordHash, createdAt: new Date(createdAt) })
      posts += await loadPosts(ctx, known.account.id, bySeller.get(account.email) ?? [])
    }
    await refreshStatistics(ctx)
    console.log(`${region}: ${accounts.length} accounts, ${posts} posts`)
    return accounts.map(({ email, password, role }) => ({ email, password, role, region }))
  } finally {
    await ctx.db.destroy()
  }
}

async function loadPosts(
  ctx: Parameters<typeof importPosts>[0],
  accountId: string,
  posts: DemoPost[],
): Promise<number> {
  const { inserted, updated, unchanged } = await importPosts(ctx, accountId, linesOf(posts), {
    onBadLine(_, [error]) {
      throw new Error(`Cannot load a demo post: ${error?.field} ${error?.message}`)
    },
  })
  return inserted + updated + unchanged
}

async function* linesOf(posts: DemoPost[]): AsyncGenerator<Uint8Array> {
  for (const { record } of posts) yield Buffer.from(`${JSON.stringify(record)}\n`)
}
