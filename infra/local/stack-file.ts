import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Region } from '../../shared/regions.ts'
import { isRunning, readRun } from './lock.ts'

/** An account that the demo data made. */
export type Login = { email: string; password: string; role: string; region: string }

/** DIR/stack.json: what a person or a tool needs to use a running stack. */
export type Stack = { site: string; mail: string; origins: Partial<Record<Region, string>>; logins: Login[] }

/** Writes DIR/stack.json (mode 0600: it holds passwords). */
export function writeStack(dir: string, stack: Stack): void {
  rmSync(path.join(dir, 'stack.json'), { force: true })
  writeFileSync(path.join(dir, 'stack.json'), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 })
}

/**
 * Reads the stack that runs on a data folder.
 * @throws {Error} that says so when none runs or it is not ready yet.
 */
export function loadStack(dir: string): Stack {
  if (!isRunning(readRun(dir))) throw new Error(`No stack runs on ${dir}: start one with npm start -- --data ${dir}`)
  const file = path.join(dir, 'stack.json')
  if (!existsSync(file)) throw new Error(`The stack on ${dir} is not ready yet: wait for its line "ready"`)
  return JSON.parse(readFileSync(file, 'utf8')) as Stack
}

/** Writes the settings of a part to DIR/env/NAME.json (mode 0600), for the part itself and for command-line tools. @returns the file */
export function writeEnv(dir: string, name: string, env: Record<string, string>): string {
  const file = path.join(dir, 'env', `${name}.json`)
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(env, null, 2)}\n`, { mode: 0o600 })
  return file
}

/** Removes what tells others that a stack runs here. */
export function forgetStack(dir: string): void {
  rmSync(path.join(dir, 'stack.json'), { force: true })
  rmSync(path.join(dir, 'env'), { recursive: true, force: true })
}

/** The demo logins of a data folder, kept beside the data because they live as long. */
export function readLogins(dir: string): Login[] {
  try {
    return JSON.parse(readFileSync(path.join(dir, 'logins.json'), 'utf8')) as Login[]
  } catch {
    return []
  }
}

/** Keeps demo logins beside those that a data folder has already; of one address the newer counts. */
export function addLogins(dir: string, logins: Login[]): void {
  const byAddress = new Map([...readLogins(dir), ...logins].map(login => [`${login.email} ${login.region}`, login]))
  writeFileSync(path.join(dir, 'logins.json'), JSON.stringify([...byAddress.values()], null, 2), { mode: 0o600 })
}
