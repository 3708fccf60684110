import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { isRegion, type Region } from '../../shared/regions.ts'
import type { Lock } from './lock.ts'
import { childEnv, nodeChild } from './node-child.ts'
import type { StartOptions } from './options.ts'
import type { Report } from './report.ts'
import { addLogins, type Login } from './stack-file.ts'
import { seconds } from './supervisor.ts'

/** What a task needs of the start that it belongs to; `signal` ends it. */
type Surroundings = { lock: Lock; report: Report; signal: AbortSignal }

/** Fills the regions of a start with demo data, each once in the life of the data folder. @throws {Error} when the demo's program fails. */
export async function loadDemo(options: StartOptions, { report, ...rest }: Surroundings): Promise<void> {
  const filled = readFilled(options.data)
  const missing = options.regions.filter(region => !filled.includes(region))
  if (!options.demo || missing.length === 0) return
  const args = ['--data', options.data, '--regions', missing.join(',')]
  const { code, last } = await run('infra/local/load-demo.ts', args, rest, line => {
    if (!line.startsWith('{')) report.line(`     ${line}`)
  })
  if (code !== 0) throw new Error(`Cannot load the demo data: the program ended with exit code ${code}`)
  addLogins(options.data, (JSON.parse(last) as { logins: Login[] }).logins)
  writeFilled(options.data, [...filled, ...missing])
}

/**
 * Draws the pictures of the demo data, beside a site that is ready: what is there already is not drawn again. A fault is told
 * and stops nothing.
 */
export async function drawDemo(options: StartOptions, { report, ...rest }: Surroundings): Promise<void> {
  if (!options.demo) return
  const began = performance.now()
  let drawn = false
  const { code } = await run('infra/local/draw-demo.ts', ['--data', options.data], rest, line => {
    drawn = true
    report.event(line)
  })
  if (rest.signal.aborted) return
  if (code !== 0) report.event(`demo pictures: the program ended with exit code ${code}; the next start goes on`)
  else if (drawn) report.event(`demo pictures are there after ${seconds(performance.now() - began)}`)
}

/** Marks its regions as not to be filled later: who starts with --no-demo wants none at the next start either. */
export function declineDemo({ data, demo, regions }: StartOptions): void {
  if (!demo) writeFilled(data, [...readFilled(data), ...regions])
}

/** DIR/demo.done names the regions that have had their demo data, or were refused it. */
function readFilled(data: string): Region[] {
  try {
    return readFileSync(path.join(data, 'demo.done'), 'utf8').trim().split(',').filter(isRegion)
  } catch {
    return []
  }
}

function writeFilled(data: string, filled: Region[]): void {
  writeFileSync(path.join(data, 'demo.done'), `${[...new Set(filled)].join(',')}\n`)
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
