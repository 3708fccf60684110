import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../origin/cli/process-mark.ts'
import { type Lock, readRun, takeLock } from './lock.ts'
import { childEnv } from './node-child.ts'
import { choosePorts } from './ports.ts'
import { waitUntil } from './processes.ts'
import { answers, createSupervisor, type Service, type Supervisor } from './supervisor.ts'

let dir = ''
let lock: Lock
let lines: string[] = []
let supervisor: Supervisor
beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'classifyhub supervisor '))
  lock = await takeLock(dir)
  lines = []
  supervisor = createSupervisor(lock, dir, line => lines.push(line))
})
afterEach(async () => {
  await supervisor.shutDown(1000)
  lock.release()
  rmSync(dir, { recursive: true, force: true })
})

const SERVER = "require('http').createServer((q, r) => r.end('ok')).listen(Number(process.argv[1]), '127.0.0.1');"

async function service(name: string, script = SERVER): Promise<Service> {
  const { [name]: port = 0 } = await choosePorts(path.join(dir, 'ports.json'), [name])
  const isHealthy = () => answers(`http://127.0.0.1:${port}/`)
  return { name, port, command: process.execPath, args: ['-e', script, String(port)], env: childEnv({}), isHealthy }
}

function pidOf(name: string): number {
  const pid = readRun(dir)?.children.find(child => child.name === name)?.pid
  if (pid === undefined) throw new Error(`Cannot find a running "${name}"`) // a signal to pid 0 would end this very test
  return pid
}

describe('a supervisor', () => {
  it('starts a killed child again on the same port, and says so', async () => {
    const web = await service('web')
    await supervisor.start(web)
    const before = pidOf('web')
    const heals = () => lines.filter(line => line.startsWith('web works again')).length
    for (const [times, signal] of (['SIGKILL', 'SIGTERM'] as const).entries()) {
      const killed = pidOf('web')
      process.kill(killed, signal)
      expect(await waitUntil(() => heals() === times + 1, 10_000)).toBe(true)
      expect(isAlive(killed)).toBe(false)
      expect(await web.isHealthy()).toBe(true)
    }
    expect(pidOf('web')).not.toBe(before)
    expect(lines).toContain(`web died (SIGKILL); starting it again on port ${web.port}`)
  })

  it('reports a child that cannot start with the end of its log', async () => {
    const broken = await service('broken', "console.error('no such setting: COLOUR'); process.exit(3)")
    await expect(supervisor.start(broken)).rejects.toThrow(
      /Cannot start broken: it ended[\s\S]*no such setting: COLOUR/,
    )
    const missing = { ...(await service('missing')), command: path.join(dir, 'nothing here') }
    await expect(supervisor.start(missing)).rejects.toThrow(/Cannot start missing[\s\S]*ENOENT/)
  })

  it('ends children that ignore the signal, and what they started', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${SERVER}
      const child = require('child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
      require('fs').writeFileSync(${JSON.stringify(path.join(dir, 'grandchild'))}, String(child.pid))`
    await supervisor.start(await service('stubborn', stubborn))
    const pids = [pidOf('stubborn'), Number(readFileSync(path.join(dir, 'grandchild'), 'utf8'))]
    const since = performance.now()
    await supervisor.shutDown(300)
    expect(await waitUntil(() => pids.every(hasEnded), 1000)).toBe(true)
    expect(performance.now() - since).toBeLessThan(3000)
    expect(lines).toEqual([])
  })

  it('gives a child its own time to finish what it has begun, when the stack stops and when it restarts', async () => {
    const finished = path.join(dir, 'finished')
    const slow = `${SERVER} const fs = require('fs');
      process.on('SIGTERM', () => setTimeout(() => { fs.appendFileSync(process.argv[2], 'done '); process.exit(0) }, 2500))`
    const worker = { ...(await service('worker', slow)), grace: 20_000 }
    worker.args.push(finished)
    await supervisor.start(worker)
    await supervisor.restart('worker')
    expect(readFileSync(finished, 'utf8')).toBe('done ')
    await supervisor.shutDown(100)
    expect(readFileSync(finished, 'utf8')).toBe('done done ')
  })

  it('restarts one for new code without calling it dead', async () => {
    const web = await service('web')
    await supervisor.start(web)
    const before = pidOf('web')
    await supervisor.restart('web')
    expect(pidOf('web')).not.toBe(before)
    expect(await web.isHealthy()).toBe(true)
    expect(lines).toEqual([])
  })
})

function hasEnded(pid: number): boolean {
  try {
    return !isAlive(pid) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}
