import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive } from '../../origin/cli/process-mark.ts'
import { readRun } from './lock.ts'
import { ROOT } from './node-child.ts'
import { isFree } from './ports.ts'
import { waitUntil } from './processes.ts'
import { loadStack } from './stack-file.ts'
import { answers } from './supervisor.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'classifyhub stack '))
const data = path.join(base, 'my data')
const READY = /^ready (http:\/\/localhost:\d+)$/m

type Run = { process: ChildProcess; output: () => string; site: () => string; ended: Promise<number | null> }
const runs: Run[] = []

const run = (...flags: string[]) => launch('--no-demo', ...flags)

function launch(...flags: string[]): Run {
  const child = spawn(process.execPath, ['infra/local/start.ts', ...flags], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => printed.push(String(chunk)))
  const output = () => printed.join('')
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const started = { process: child, output, site: () => READY.exec(output())?.[1] ?? '', ended }
  runs.push(started)
  return started
}

async function start(): Promise<Run> {
  const started = run('--port', '0', '--data', data)
  const came = await waitUntil(() => READY.test(started.output()) || started.process.exitCode !== null, 60_000)
  if (!came || started.process.exitCode !== null) throw new Error(`the stack did not come up:\n${started.output()}`)
  return started
}

const pids = () => Object.fromEntries((readRun(data)?.children ?? []).map(child => [child.name, child.pid]))
const PARTS = [
  ...['aws', 'edge', 'mail', 'postgres', 'redis'],
  ...['na', 'eu', 'ap'].flatMap(region => [`origin-${region}`, `relay-${region}`, `worker-${region}`]),
].sort()

let stack: Run
beforeAll(async () => {
  chmodSync(base, 0o755)
  stack = await start()
}, 90_000)
afterAll(async () => {
  for (const { process: child, ended } of runs) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await ended
    }
  }
  rmSync(base, { recursive: true, force: true })
})

describe('a running stack', () => {
  it('is described in stack.json, which only its owner may read', async () => {
    const described = loadStack(data)
    expect(described.site).toBe(stack.site())
    expect(Object.keys(described)).toEqual(['site', 'mail', 'origins', 'logins'])
    expect(statSync(path.join(data, 'stack.json')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(data, 'env', 'origin-na.json')).mode & 0o777).toBe(0o600)
    for (const url of [
      `${described.site}/healthz`,
      `${described.mail}/store`,
      ...Object.values(described.origins).map(url => `${url}/readyz`),
    ]) {
      expect(await answers(url), url).toBe(true)
    }
    expect(Object.keys(pids()).sort()).toEqual(PARTS)
  })

  it('a second start on the same folder refuses and leaves the first alone', async () => {
    const second = run('--port', '0', '--data', data)
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(
      `Cannot start on ${data}: a stack runs there already (process ${stack.process.pid}`,
    )
    expect(await answers(`${stack.site()}/healthz`)).toBe(true)
  })

  it('a taken port is named, with a way out', async () => {
    const { port } = new URL(stack.site())
    const other = run('--port', port, '--data', path.join(base, 'other'))
    expect(await other.ended).toBe(1)
    expect(other.output()).toMatch(new RegExp(`port ${port} is taken .*npm start -- --port \\d+`))
    expect(existsSync(path.join(base, 'other', 'run.json'))).toBe(false)
  })

  it('a file to import that is not there, or a folder, is named before anything starts', async () => {
    const unborn = path.join(base, 'unborn')
    for (const [file, reason] of [
      [path.join(base, 'nope.ndjson'), 'there is no such file'],
      [base, 'it is a folder'],
    ] as const) {
      const other = run('--port', '0', '--data', unborn, '--import', file)
      expect(await other.ended).toBe(1)
      expect(other.output()).toContain(`Cannot import ${file}: ${reason}`)
      expect(existsSync(unborn)).toBe(false)
    }
  })

  it('believes no forged platform header', async () => {
    const forged = {
      'CF-Connecting-IP': '9.9.9.9',
      'MF-CF-Blob': '{"country":"BR"}',
      'MF-Original-URL': 'http://elsewhere/',
    }
    expect(await statusOf(`${stack.site()}/healthz`, forged)).toBe(200)
  })

  it('lets a client read the answer to a large body that nobody wants', async () => {
    const target = `${stack.site()}/api/v1/posts`
    for (let time = 0; time < 10; time++) {
      expect(await statusOf(target, { 'content-type': 'application/json' }, 'x'.repeat(2_000_000))).toBe(401)
    }
  })

  it('starts each killed part again on the same port, and says so', async () => {
    const before = pids()
    const described = loadStack(data)
    for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL')
    const back = async () =>
      PARTS.every(name => pids()[name] !== before[name]) &&
      (await answers(`${described.site}/healthz`)) &&
      (await answers(`${described.mail}/health-check`)) &&
      (await Promise.all(Object.values(described.origins).map(url => answers(`${url}/readyz`)))).every(Boolean)
    expect(await waitUntil(back, 30_000), stack.output()).toBe(true)
    for (const name of PARTS)
      expect(stack.output()).toMatch(new RegExp(`${name} died \\(.*\\); starting it again on port \\d+`))
    expect(readFileSync(path.join(data, 'logs', 'stack.log'), 'utf8')).toContain('edge died')
  })
})

describe('the end of a stack', () => {
  it('a killed run is cleaned by the next, and its data is there', async () => {
    const settings = () =>
      JSON.parse(readFileSync(path.join(data, 'env', 'origin-eu.json'), 'utf8')) as Record<string, string>
    const redis = () =>
      new Redis({ url: settings().REGION_REDIS_URL ?? '', token: settings().REGION_REDIS_TOKEN ?? '' })
    await redis().set('kept', 'yes')
    const before = Object.values(pids())
    stack.process.kill('SIGKILL')
    await stack.ended
    expect(() => loadStack(data)).toThrow(`No stack runs on ${data}`)
    // Postgres ends with a checkpoint, and on a busy disk that takes its time.
    expect(await waitUntil(() => before.every(hasEnded), 60_000)).toBe(true)
    expect(existsSync(path.join(data, 'postgres', 'postmaster.pid'))).toBe(false) // it shut down by itself, in order
    stack = await start()
    expect(before.every(hasEnded)).toBe(true)
    expect(await redis().get('kept')).toBe('yes')
  }, 180_000)

  it('SIGTERM ends every part within 5 s and takes its notes away', async () => {
    const before = Object.values(pids())
    const { port } = new URL(stack.site())
    const since = performance.now()
    stack.process.kill('SIGTERM')
    expect(await stack.ended).toBe(0)
    expect(before.every(hasEnded)).toBe(true)
    expect(performance.now() - since).toBeLessThan(5000)
    for (const name of ['stack.json', 'run.json', 'env']) expect(existsSync(path.join(data, name)), name).toBe(false)
    expect(await isFree(Number(port))).toBe(true)
    expect(() => loadStack(data)).toThrow('No stack runs')
  })
})

describe('demo data', () => {
  it('reaches a region that is added at a later start, and its logins join the others', async () => {
    const folder = path.join(base, 'grows')
    const startWith = async (regions: string) => {
      const started = launch('--port', '0', '--data', folder, '--regions', regions)
      expect(await waitUntil(() => READY.test(started.output()), 90_000), started.output()).toBe(true)
      const { logins } = loadStack(folder)
      const places = { na: 'US', eu: 'DE' }
      const counts = Object.entries(places).map(async ([region, country]) => {
        const list = await fetch(`${started.site()}/api/v1/posts?country=${country}&limit=1`)
        return [region, list.status === 200 ? ((await list.json()) as { items: unknown[] }).items.length : list.status]
      })
      const shown = Object.fromEntries(await Promise.all(counts))
      const pictures = regions.split(',').map(region => hasPicture(started.site(), region === 'na' ? 'US' : 'DE'))
      expect(await Promise.all(pictures)).not.toContain(false)
      started.process.kill('SIGTERM')
      await started.ended
      return { shown, regions: [...new Set(logins.map(({ region }) => region))].sort() }
    }
    expect(await startWith('eu')).toEqual({ shown: { na: 503, eu: 1 }, regions: ['eu'] })
    expect(await startWith('na,eu')).toEqual({ shown: { na: 1, eu: 1 }, regions: ['eu', 'na'] })
  }, 400_000)
})

/** Waits until a demo post of a country shows a picture that the edge serves. */
async function hasPicture(site: string, country: string): Promise<boolean> {
  return waitUntil(async () => {
    const list = await fetch(`${site}/api/v1/posts?country=${country}&category=bikes&limit=1`)
    const { items } = (await list.json()) as { items: { images: { id: string }[] }[] }
    const id = items[0]?.images[0]?.id
    return id !== undefined && (await fetch(`${site}/media/${id}/320.webp`)).status === 200
  }, 90_000)
}

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('ends when npm is told to, though npm signals its shell only', async () => {
    const args = ['start', '--', '--no-demo', '--regions', 'na', '--port', '0', '--data', data]
    const npm = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    const printed: string[] = []
    npm.stdout.on('data', chunk => printed.push(String(chunk)))
    expect(await waitUntil(() => READY.test(printed.join('')), 60_000), printed.join('')).toBe(true)
    const before = [readRun(data)?.pid ?? 0, ...Object.values(pids())]
    npm.kill('SIGTERM')
    expect(await waitUntil(() => before.every(hasEnded), 5000)).toBe(true)
    expect(existsSync(path.join(data, 'run.json'))).toBe(false)
  }, 90_000)
})

function statusOf(url: string, headers: Record<string, string>, body?: string): Promise<number | undefined> {
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, answer => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end(body)
  })
}

// A zombie has ended: the process that should bury it may be an init that does not.
function hasEnded(pid: number): boolean {
  try {
    return !isAlive(pid) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}
