import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { removeCluster } from './postgres-home.ts'

const MARK = 'classifyhub.txt'
const OURS = new Set([
  MARK,
  'run.json',
  'stack.json',
  'secrets.json',
  'ports.json',
  'logins.json',
  'demo.done',
  'drawings',
  'mail.ndjson',
  'postgres',
  'aws',
  'redis',
  'opensearch',
  'env',
  'logs',
])

/**
 * Makes the data folder. Others may pass through it (postgres runs as another user under root); what is secret in it has its own mode.
 * @throws {Error} for a folder that holds something else: a later --reset would delete it.
 */
export function openDataFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  const mark = path.join(dir, MARK)
  if (!existsSync(mark)) {
    const strange = readdirSync(dir).find(name => !OURS.has(name))
    if (strange)
      throw new Error(`Cannot use ${dir} as data folder: it holds other things ("${strange}"). Choose an empty one`)
    writeFileSync(mark, 'Data of a local ClassifyHub stack (npm start). It may be deleted while no stack runs.\n')
  }
  letPass(dir)
}

// A folder that mkdtemp made can be entered by root alone, and postgres must pass.
function letPass(dir: string) {
  if (process.getuid?.() === 0) chmodSync(dir, statSync(dir).mode | 0o011)
}

/** Empties the data folder but for the lock that protects it. */
export function emptyDataFolder(dir: string): void {
  removeCluster(path.join(dir, 'postgres'))
  for (const name of OURS) {
    if (name !== MARK && name !== 'run.json') rmSync(path.join(dir, name), { recursive: true, force: true })
  }
}

/** Makes DIR/logs and sets the stack's own log of the run before aside. @returns the folder and the stack's log file */
export function openLogs(dir: string): { logs: string; stackLog: string } {
  const logs = path.join(dir, 'logs')
  const stackLog = path.join(logs, 'stack.log')
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  if (existsSync(stackLog)) renameSync(stackLog, `${stackLog}.1`)
  return { logs, stackLog }
}
