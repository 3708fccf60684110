import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Login = { email: string; password: string; role: string; region: string }
/** What `DIR/stack.json` says, and where it says so. */
export type Stack = { site: string; mail: string; origins: Record<string, string>; logins: Login[]; data: string }

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Starts the whole site as a person does, on a free port and a new data folder, and waits for its ready line.
 * @param flags more flags for `npm start`
 * @returns the stack and a function that stops it and removes the folder
 * @throws {Error} with everything it printed, when it ends or 90 s pass first
 */
export async function startStack(
  flags: string[] = [],
): Promise<{ stack: Stack; output: () => string; stop: () => Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'classifyhub e2e '))
  const child = spawn(process.execPath, ['infra/local/start.ts', '--port', '0', '--data', data, ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // All suites come from one address, as more people than a household has; the limits have tests of their own.
    env: { ...process.env, LIMIT_SCALE: process.env.LIMIT_SCALE ?? '20' },
  })
  const printed: string[] = []
  child.stdout.on('data', chunk => printed.push(String(chunk)))
  child.stderr.on('data', chunk => printed.push(String(chunk)))
  const output = () => printed.join('')
  const stop = async () => {
    await end(child)
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await waitForReady(child, output)
  } catch (error) {
    await stop()
    throw error
  }
  const stack = JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')) as Omit<Stack, 'data'>
  return { stack: { ...stack, data }, output, stop }
}

async function waitForReady(child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + 90_000
  while (!/^ready http:\/\/localhost:\d+$/m.test(output())) {
    if (child.exitCode !== null)
      throw new Error(`The stack ended with ${child.exitCode} before it was ready:\n${output()}`)
    if (Date.now() > until) throw new Error(`The stack was not ready within 90 s:\n${output()}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(timer)
}
