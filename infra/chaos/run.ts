import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createRandom } from '../local/demo/random.ts'
import { ROOT } from '../local/node-child.ts'
import { createAccounts } from './accounts.ts'
import { join, type Verdict } from './joining.ts'
import { allRoles, type Kill, killAtRandom } from './killing.ts'
import { readLedger } from './ledger.ts'
import { awaitQuiet, type Stillness, withRegions } from './quiet.ts'
import { startStack } from './stack.ts'

export type ChaosOptions = {
  kills: number
  seed: string
  /** A new folder. */
  data: string
  /** The checkout whose stack is to be hit. */
  tree?: string
  roles?: readonly string[]
  /** The share of blows that only stop a part for a while. */
  stops?: number
  /** Writes a second. */
  rate?: number
  say: (line: string) => void
}

export type Outcome = Verdict & Stillness & { kills: Kill[]; seconds: number }

/** One run: a stack, a client with its own ledger, kills, quiet, and the join of everything with everything. */
export async function runChaos(options: ChaosOptions): Promise<Outcome> {
  const { kills: count, seed, data, tree = ROOT, roles = allRoles, stops = 0.35, rate = 20, say } = options
  const started = performance.now()
  const stack = await startStack(tree, data, say)
  try {
    const accounts = await createAccounts(data)
    const file = (name: string) => path.join(data, `chaos-${name}`)
    writeFileSync(file('accounts.json'), JSON.stringify(accounts), { mode: 0o600 })
    const client = await startClient([stack.site, file('ledger.ndjson'), file('accounts.json'), String(rate), seed])
    say(`the stack runs, ${rate} writes a second begin; kills, by seed ${seed}:`)
    const kills = await killAtRandom(stack, { kills: count, roles, stops, random: createRandom(`kills ${seed}`), say })
    writeFileSync(file('kills.json'), JSON.stringify(kills, null, 2))
    say('the last kill is over; the client waits for its answers')
    await client.finish()
    return await withRegions(data, async contexts => {
      say('waiting until nothing is under way any more')
      const stillness = await awaitQuiet(contexts)
      const verdict = await join(contexts, readLedger(file('ledger.ndjson')), kills, data)
      const breaches = [...verdict.breaches, ...stillness.left.map(thing => `not done: ${thing}`)]
      return { ...verdict, ...stillness, breaches, kills, seconds: (performance.now() - started) / 1000 }
    })
  } finally {
    await stack.stop()
  }
}

async function startClient(args: string[]): Promise<{ finish: () => Promise<void> }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'infra/chaos/client.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const abandon = () => child.kill('SIGKILL')
  process.once('exit', abandon)
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  await Promise.race([
    new Promise(resolve => child.stdout.once('data', resolve)),
    ended.then(code => {
      throw new Error(`Cannot write: the client ended with exit code ${code}`)
    }),
  ])
  child.stdout.resume()
  return {
    async finish() {
      child.kill('SIGTERM')
      const code = await ended
      process.off('exit', abandon)
      if (code !== 0) throw new Error(`The client ended with exit code ${code}: its ledger is no proof`)
    },
  }
}
