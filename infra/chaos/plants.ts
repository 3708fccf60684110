import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../local/node-child.ts'

type Patch = { file: string; find: string; put: string }
type Plant = {
  what: string
  patches: Patch[]
  /** Whom to hit, so that a short run meets the bug. */
  roles: readonly string[]
  stops: number
  rate: number
}

/**
 * Five bugs that each break one promise. They are planted into a copy of the tree; the product has no switch for them. A
 * patch whose place is not found once fails, so that it follows the code. Two of them widen the gap that they open to
 * a third of a second, so that a handful of kills falls into it.
 */
export const plants = {
  'publish-outside-transaction': {
    what: 'what is to follow is recorded a moment after the commit, not with it',
    roles: ['origin-na', 'origin-eu'],
    stops: 0.35,
    rate: 40,
    patches: [
      {
        file: 'origin/posts/publishing.ts',
        find: "changePost(ctx, actor, { id, verb: 'publish', by: 'seller' }, columns, tellSeller)",
        put: `changePost(ctx, actor, { id, verb: 'publish', by: 'seller' }, columns, async (_, after, before) => {
    setTimeout(() => ctx.db.transaction().execute(trx => tellSeller(trx, after, before)).catch(() => {}), 300)
  })`,
      },
    ],
  },
  'ack-before-work': {
    what: 'a message is deleted a moment before its job is done',
    roles: ['worker-na', 'worker-eu'],
    stops: 0.35,
    rate: 40,
    patches: [
      {
        file: 'origin/consumer.ts',
        find: '    await attempt(worker, message)\n    await done()\n',
        put: '    await done()\n    await new Promise(resolve => setTimeout(resolve, 300))\n    await attempt(worker, message)\n',
      },
    ],
  },
  'no-dedup': {
    what: 'a repeated request or job is taken for a new one',
    roles: ['relay-na', 'relay-eu', 'worker-na', 'worker-eu', 'edge', 'origin-na', 'origin-eu'],
    stops: 0.35,
    rate: 40,
    patches: [
      {
        file: 'origin/idempotency.ts',
        find: '  if (earlier) return earlier\n',
        put: '  if (earlier) return { ...(await ctx.db.transaction().execute(work)) }\n',
      },
      {
        file: 'origin/mail/sending.ts',
        find: '  const at = now()\n  const id = createId(region, at.getTime())\n  await sql`',
        put: '  const at = now()\n  const id = createId(region, at.getTime())\n  key = key + id\n  await sql`',
      },
    ],
  },
  'ignore-partial-failure': {
    what: 'a row counts as published whatever the queue said of it',
    roles: ['aws'],
    stops: 0.35,
    rate: 40,
    patches: [
      {
        file: 'origin/relay.ts',
        find: '  const errors = outcomes.map(({ error }) => error?.slice(0, 500) ?? null)\n',
        put: '  const errors = outcomes.map(() => null)\n',
      },
    ],
  },
  'no-lease': {
    what: 'whoever finds a mail that is not sent sends it, also while somebody else does',
    roles: ['mail'],
    stops: 1,
    rate: 40,
    patches: [
      {
        file: 'origin/mail/sending.ts',
        find: "    .where('id', '=', id)\n    .where('state', 'in', open)\n    .where('due_at', '<=', at)\n    .returningAll()",
        put: "    .where('id', '=', id)\n    .where('state', 'in', open)\n    .returningAll()",
      },
      {
        file: 'origin/mail/sending.ts',
        find: "    .where('state', 'in', open)\n    .where('due_at', '<=', ctx.now())\n",
        put: "    .where('state', 'in', open)\n",
      },
    ],
  },
} as const satisfies Record<string, Plant>

export type PlantName = keyof typeof plants
export const plantNames = Object.keys(plants) as PlantName[]

/** Copies the tree as it stands, without what git does not know, and plants a bug in it. @returns the copy's folder */
export function copyTree(name: PlantName): string {
  const tree = mkdtempSync(path.join(tmpdir(), `classifyhub-${name}-`))
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter(name => name && existsSync(path.join(ROOT, name)))) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true })
    cpSync(path.join(ROOT, file), path.join(tree, file), { force: true })
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'), 'dir')
  for (const patch of plants[name].patches) apply(tree, patch)
  return tree
}

function apply(tree: string, { file, find, put }: Patch): void {
  const text = readFileSync(path.join(tree, file), 'utf8')
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`Cannot plant in ${file}: the place must be there once, is there ${places} times`)
  writeFileSync(
    path.join(tree, file),
    text.replace(find, () => put),
  )
}
