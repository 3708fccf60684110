import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Lock } from './lock.ts'
import { childEnv, nodeChild } from './node-child.ts'
import type { StartOptions } from './options.ts'
import type { Report } from './report.ts'
import { type Login, writeLogins } from './stack-file.ts'

/** What a task needs of the start that it belongs to; `signal` ends it. */
type Surroundings = { lock: Lock; report: Report; signal: AbortSignal }

/** Fills a new data folder with demo data, once. @throws {Error} when the demo's program fails. */
export async function loadDemo(options: StartOptions, { report, ...rest }: Surroundings): Promise<void> {
  const done = path.join(options.data, 'demo.done')
  if (!options.demo || existsSync(done)) return
  const { code, last } = await run('infra/local/load-demo.ts', ['--data', options.data], rest, line => {
    if (!line.startsWith('{')) report.line(`     ${line}`)
  })
  if (code !== 0) throw new Error(`Cannot load the demo data: the program ended with exit code ${code}`)
  writeLogins(options.data, (JSON.parse(last) as { logins: Login[] }).logins)
  writeFileSync(done, `${new Date().toISOString()}\n`)
}

/** Marks a folder as not to be filled later: who starts with --no-demo wants none at the next start either. */
export function declineDemo(options: StartOptions): void {
  const done = path.join(options.data, 'demo.done')
  if (!options.demo && !existsSync(done)) writeFileSync(done, 'declined\n')
}

/** Imports a file of ads into the first of the regions; bad lines are named on the way and do not stop the start. */
export async function importAds(file: string, options: StartOptions, { report, ...rest }: Surroundings): Promise<void> {
  const args = [file, '--data', options.data, '--region', options.regions[0] ?? 'na']
  const { code } = await run('origin/cli/import.ts', args, rest, line => report.line(`     ${line}`))
  if (code !== 0)
    report.line(
      `     import of ${path.basename(file)} ended with exit code ${code}; the lines named above are not loaded`,
    )
}

function run(
  module: string,
  args: string[],
  { lock, signal }: Omit<Surroundings, 'report'>,
  onLine: (line: string) => void,
): Promise<{ code: number; last: string }> {
  const { command, args: prefixed, cwd } = nodeChild(module, args)
  const child = spawn(command, prefixed, {
    cwd,
    env: childEnv({}),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    signal,
  })
  if (child.pid !== undefined) lock.record(path.basename(module), child.pid)
  let last = ''
  createInterface({ input: child.stdout }).on('line', line => {
    last = line
    onLine(line)
  })
  createInterface({ input: child.stderr }).on('line', onLine)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (child.pid !== undefined) lock.forget(child.pid)
      resolve({ code: code ?? 1, last })
    })
  })
}
