import { parseArgs } from 'node:util'
import { listSigningKeys, RotationTooSoonError, rotateSigningKeys } from '../accounts/signing-keys.ts'
import { runCommand, stackContext, stackOptions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run keys -- list [--region na] [--data DIR]
      shows the signing keys of a region
  npm run keys -- rotate [--region na] [--data DIR] [--force]
      signs with the next key from now on and publishes a new next one; no session ends.
      --force rotates again although not everybody may know the next key yet`

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const options = { ...stackOptions, force: { type: 'boolean', default: false }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  if (values.help) return console.log(usage)
  const [command, ...rest] = positionals
  if ((command !== 'list' && command !== 'rotate') || rest.length > 0) throw new UsageError(usage)
  const ctx = await stackContext(argv)
  try {
    if (command === 'rotate') await rotate(values.force)
    for (const key of await listSigningKeys(ctx)) {
      const since = key.retiredAt ?? key.activatedAt ?? key.createdAt
      console.log(`${key.kid}  ${key.state.padEnd(7)}  since ${since.toISOString()}`)
    }
  } finally {
    await ctx.db.destroy()
  }

  async function rotate(force: boolean): Promise<void> {
    try {
      const { current } = await rotateSigningKeys(ctx, { force })
      console.log(`Region ${ctx.region} signs with ${current} now`)
    } catch (error) {
      if (error instanceof RotationTooSoonError)
        throw new UsageError(`Cannot rotate the keys of ${ctx.region}: ${error.message}`)
      throw error
    }
  }
})
