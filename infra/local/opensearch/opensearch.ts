import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { childEnv } from '../node-child.ts'
import { waitUntil } from '../processes.ts'
import { fetchJars } from './jars.ts'
import { findJava } from './java.ts'

/** The Java that OpenSearch 3 asks for. */
const LEAST_JAVA = 21
const LAUNCHER = path.join(import.meta.dirname, 'SearchNode.java')

/** The programs of a real OpenSearch: a Java, and the folder with its jars. */
export type Programs = { java: string; lib: string }

/** Gives what a real OpenSearch needs here, or in one line why there can be none. */
export async function findOpenSearch(): Promise<Programs | { missing: string }> {
  const java = await findJava(LEAST_JAVA)
  if (!java) return { missing: `no Java ${LEAST_JAVA} or later was found (set JAVA_HOME)` }
  const lib = await fetchJars()
  return lib ? { java, lib } : { missing: 'Maven (mvn) is missing or cannot reach its repository' }
}

/**
 * Starts a node of its own for tests and benchmarks, with an empty index on a free port.
 * @param kept a folder that outlives the node, and the port that it is to have: for one that ends and comes back
 * @throws {Error} when it does not start
 */
export async function startOpenSearch(
  found: Programs,
  kept?: { home: string; port: number },
): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const home = kept?.home ?? mkdtempSync(path.join(tmpdir(), 'classifyhub-opensearch-'))
  const { command, args } = nodeCommand(found, home, kept?.port ?? 0)
  const child = spawn(command, args, { env: childEnv({}), stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      said = (said + chunk).slice(-4_000)
    })
  }
  child.once('error', () => {})
  const gone = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  const urlOf = () => /^ready (http:\S+)$/m.exec(said)?.[1]
  const stop = async () => {
    child.kill('SIGTERM')
    if (!(await waitUntil(gone, 10_000))) child.kill('SIGKILL')
    await waitUntil(gone, 2_000)
    if (!kept) rmSync(home, { recursive: true, force: true })
  }
  await waitUntil(() => gone() || urlOf() !== undefined, 90_000)
  const url = urlOf()
  if (url === undefined) {
    await stop()
    throw new Error(`Cannot start OpenSearch:\n${said}`)
  }
  return { url, pid: child.pid ?? 0, stop }
}

/** How to run a node on a folder and a port (0: any free one). It ends on SIGTERM, and when its standard input does. */
export function nodeCommand({ java, lib }: Programs, home: string, port: number): { command: string; args: string[] } {
  const memory = ['-Xms256m', '-Xmx1g', '--enable-native-access=ALL-UNNAMED', '--add-modules=jdk.incubator.vector']
  return { command: java, args: [...memory, '-cp', path.join(lib, '*'), LAUNCHER, home, String(port)] }
}
