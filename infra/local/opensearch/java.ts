import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** Where systems keep the Javas that somebody installed, beside the one in PATH. */
const SHELVES = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', '/opt/java', 'C:\\Program Files\\Java']
const PROGRAM = process.platform === 'win32' ? 'java.exe' : 'java'

/**
 * Finds a Java of at least that version: JAVA_HOME, the one in PATH, then whatever is installed.
 * @param least the lowest feature release that will do, for example 21
 * @returns the program, or undefined where there is none
 */
export async function findJava(least: number): Promise<string | undefined> {
  const home = process.env.JAVA_HOME
  const installed = SHELVES.filter(existsSync).flatMap(shelf => readdirSync(shelf).map(name => path.join(shelf, name)))
  const homes = [...(home ? [home] : []), ...installed]
  const inHomes = homes.flatMap(one => [path.join(one, 'bin', PROGRAM), path.join(one, 'Contents/Home/bin', PROGRAM)])
  const candidates = [...inHomes.slice(0, home ? 2 : 0), PROGRAM, ...inHomes.slice(home ? 2 : 0)]
  for (const candidate of new Set(candidates)) {
    if (candidate !== PROGRAM && !existsSync(candidate)) continue
    if ((await releaseOf(candidate)) >= least) return candidate
  }
  return undefined
}

/** The feature release of a Java, 0 for what is none. */
async function releaseOf(program: string): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)(program, ['-version'], { timeout: 20_000 })
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
  } catch {
    return 0
  }
}
