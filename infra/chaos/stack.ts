import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Region } from '../../shared/regions.ts'
import { readRun } from '../local/lock.ts'
import { loadStack } from '../local/stack-file.ts'

export const regions = ['na', 'eu'] as const satisfies Region[]

export type ChaosStack = {
  site: string
  /** The process of a part at this moment; undefined while it is being started again. */
  pidOf: (name: string) => number | undefined
  /** Stops it as a person would. Safe to call again. */
  stop: () => Promise<void>
}

/**
 * Starts the stack of a tree on a data folder, two regions and nothing in them, and waits until it is ready.
 * @throws {Error} with what it said last when it does not get ready
 */
export async function startStack(tree: string, data: string, say: (line: string) => void): Promise<ChaosStack> {
  const args = ['infra/local/start.ts', '--port', '0', '--data', data, '--regions', regions.join(','), '--no-demo']
  const { npm_lifecycle_event: _, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: tree, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', line => {
        said.push(line)
        if (line.startsWith('ready ')) resolve()
        else if (/died|cannot/.test(line)) say(`  ${line}`)
      })
    }
    child.once('exit', code => reject(new Error(`The stack ended with ${code}:\n${said.slice(-15).join('\n')}`)))
  })
  const abandon = () => child.kill('SIGKILL')
  process.once('exit', abandon)
  return {
    site: loadStack(data).site,
    pidOf: name => readRun(data)?.children.find(part => part.name === name)?.pid,
    async stop() {
      await end(child)
      process.off('exit', abandon)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}
