import path from 'node:path'

/** The checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../..')

// Nothing else of the person's environment reaches a child: a DATABASE_URL or an AWS_PROFILE of theirs must not change what runs.
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'NODE_OPTIONS',
  'NO_COLOR',
  'LOG_LEVEL',
]

/** The environment of a child: the few settings that every process needs, and its own. */
export function childEnv(own: Record<string, string>): Record<string, string> {
  const passed = PASSED.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(passed), ...own }
}

/** How to run one of our modules as a process that ends when its supervisor does. */
export function nodeChild(module: string, args: string[] = []): { command: string; args: string[]; cwd: string } {
  const orphan = new URL('./orphan.ts', import.meta.url).href
  return { command: process.execPath, args: ['--import', orphan, path.join(ROOT, module), ...args], cwd: ROOT }
}

/** Runs a process's own `close` once on SIGTERM or SIGINT, and ends it. */
export function closeOnSignal(close: () => Promise<unknown>): void {
  const end = () => {
    close().finally(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}
