import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What ends up in a file is read without colours. */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }

const root = fileURLToPath(new URL('..', import.meta.url))

export type Step = { name: string; command: string[]; env?: Record<string, string> }
export type StepResult = { name: string; ok: boolean; seconds: number; output: string }

/**
 * Runs one command of the repository's own tools from its root, with `node_modules/.bin` first in PATH (so that it runs
 * on Node 24 whatever the machine has).
 * @param show whether the output goes to the terminal while it runs; it is given back in any case
 */
export async function runStep({ name, command, env = {} }: Step, show: boolean): Promise<StepResult> {
  const started = performance.now()
  const [program = '', ...args] = command
  const bin = join(root, 'node_modules', '.bin')
  const child = spawn(program, args, {
    cwd: root,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...plain, ...env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (show) process.stdout.write(chunk)
    })
  }
  const code = await new Promise<number>(resolve => {
    child.once('error', () => resolve(127))
    child.once('close', status => resolve(status ?? 1))
  })
  const seconds = (performance.now() - started) / 1000
  return { name, ok: code === 0, seconds, output: Buffer.concat(chunks).toString('utf8') }
}

/** Prints one line for a step that has ended, and its output when it failed. */
export function report({ name, ok, seconds, output }: StepResult, show: boolean): void {
  if (!ok && !show) process.stdout.write(`${output}\n`)
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s\n`)
}
