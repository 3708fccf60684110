import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { isAlive } from '../../origin/cli/process-mark.ts'
import { ROOT } from './node-child.ts'
import { waitUntil } from './processes.ts'

const DIST = path.join(ROOT, 'dist')
const STAMP = path.join(DIST, 'build.json')
const MANIFEST = path.join(DIST, 'client-manifest.json')
const WORKER_FOLDER = path.join(DIST, 'worker')

/** The bundle that `wrangler deploy` would upload. */
export const WORKER_BUNDLE = path.join(WORKER_FOLDER, 'worker.js')

/** What wrangler.toml says, as Miniflare understands it. */
export const WORKER_OPTIONS = path.join(WORKER_FOLDER, 'miniflare.json')

const CLIENT_INPUTS = ['frontend', 'shared', 'package-lock.json']
const WORKER_INPUTS = [
  'edge',
  'frontend',
  'shared',
  'wrangler.toml',
  'package-lock.json',
  'infra/local/build.ts',
  'infra/local/worker-options.ts',
]

/**
 * Builds what changed since the last build: first the browser's code, then the Worker, which carries the manifest of the former.
 * Two builds at once wait for each other.
 * @param signal ends the builders
 * @returns what was built, in words
 * @throws {Error} with what Vite or Wrangler said
 */
export async function build(signal?: AbortSignal): Promise<string> {
  const release = await takeBuildLock()
  try {
    const client = hashOf(CLIENT_INPUTS)
    // The Worker's options name folders of this checkout: one that has moved builds anew.
    const worker = createHash('sha256').update(ROOT).update(client).update(hashOf(WORKER_INPUTS)).digest('hex')
    const before = readStamp()
    const stale = {
      client: before.client !== client || !existsSync(MANIFEST) || !existsSync(path.join(DIST, 'client')),
      worker: before.worker !== worker || !existsSync(WORKER_BUNDLE) || !existsSync(WORKER_OPTIONS),
    }
    if (stale.client || stale.worker) rmSync(STAMP, { force: true })
    if (stale.client) await buildClient(signal)
    if (stale.client || stale.worker) await buildWorker(signal)
    writeFileSync(STAMP, JSON.stringify({ client, worker }))
    if (stale.client) return 'client and worker built'
    return stale.worker ? 'worker built' : 'unchanged'
  } finally {
    release()
  }
}

async function buildClient(signal: AbortSignal | undefined): Promise<void> {
  await runTool(
    'node_modules/vite/bin/vite.js',
    ['build', '--config', 'frontend/vite.config.ts', '--logLevel', 'warn'],
    signal,
  )
}

// The old bundle stays until the new one is whole: a fault in the code must not stop an edge that runs on the old.
async function buildWorker(signal: AbortSignal | undefined): Promise<void> {
  const fresh = `${WORKER_FOLDER}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  await Promise.all([
    runTool('node_modules/wrangler/bin/wrangler.js', ['deploy', '--dry-run', '--outdir', fresh], signal),
    runTool('infra/local/worker-options.ts', [path.join(fresh, path.basename(WORKER_OPTIONS))], signal),
  ])
  rmSync(WORKER_FOLDER, { recursive: true, force: true })
  renameSync(fresh, WORKER_FOLDER)
}

async function runTool(script: string, args: string[], signal: AbortSignal | undefined): Promise<void> {
  const env = {
    ...process.env,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_WRITE_LOGS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    CI: 'true',
    NO_COLOR: '1',
  }
  try {
    await promisify(execFile)(process.execPath, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      env,
      ...(signal && { signal }),
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`Cannot build, ${script} failed:\n${stripVTControlCharacters(`${stdout}${stderr}`).trim()}`)
  }
}

function hashOf(inputs: string[]): string {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap(filesIn)) hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)))
  return hash.digest('hex')
}

function filesIn(input: string): string[] {
  const full = path.join(ROOT, input)
  if (!existsSync(full)) return []
  if (path.extname(input) !== '') return [input]
  const names = readdirSync(full, { recursive: true, withFileTypes: true })
  const files = names.filter(entry => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
  return files.map(entry => path.relative(ROOT, path.join(entry.parentPath, entry.name))).sort()
}

function readStamp(): { client?: string; worker?: string } {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'))
  } catch {
    return {}
  }
}

async function takeBuildLock(): Promise<() => void> {
  const file = path.join(DIST, 'build.lock')
  mkdirSync(DIST, { recursive: true })
  const taken = await waitUntil(() => {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return true
    } catch {
      if (!isAlive(Number(readOwner(file)))) rmSync(file, { force: true })
      return false
    }
  }, 60_000)
  if (!taken) throw new Error(`Cannot build: another build has held ${file} for a minute`)
  return () => rmSync(file, { force: true })
}

// An owner that cannot be read is just being written: it counts as alive.
function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8') || String(process.pid)
  } catch {
    return String(process.pid)
  }
}

if (import.meta.main) {
  try {
    console.log(await build())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
