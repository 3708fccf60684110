import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive, startMark } from '../../origin/cli/process-mark.ts'
import { isRunning, readRun, takeLock } from './lock.ts'
import { waitUntil } from './processes.ts'

let dir = ''
const children: ChildProcess[] = []
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'classifyhub lock '))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

function spawnIdle(script = 'setInterval(() => {}, 1000)'): ChildProcess & { pid: number } {
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  return child as ChildProcess & { pid: number }
}

describe('takeLock', () => {
  it('refuses a folder that a live process holds, and names it', async () => {
    const lock = await takeLock(dir)
    await expect(takeLock(dir)).rejects.toThrow(`a stack runs there already (process ${process.pid}`)
    lock.release()
    ;(await takeLock(dir)).release()
  })

  it('of many starts at once lets one through', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => takeLock(dir)))
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  it('records children, and forgets them', async () => {
    const lock = await takeLock(dir)
    const child = spawnIdle()
    lock.record('edge', child.pid)
    expect(readRun(dir)?.children).toEqual([{ name: 'edge', pid: child.pid, start: startMark(child.pid) }])
    lock.forget(child.pid)
    expect(readRun(dir)?.children).toEqual([])
    expect(isRunning(readRun(dir))).toBe(true)
    lock.release()
    expect(readRun(dir)).toBeUndefined()
  })

  it('ends what a killed run left, its grandchildren too', async () => {
    const parent = spawnIdle(
      `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)`,
    )
    const grandchild = await new Promise<number>(resolve => parent.stdout?.once('data', data => resolve(Number(data))))
    writeStale([{ name: 'edge', pid: parent.pid, start: startMark(parent.pid) }])
    const lock = await takeLock(dir)
    expect(lock.leftovers).toEqual(['edge'])
    expect(await waitUntil(() => hasEnded(parent.pid) && hasEnded(grandchild), 3000)).toBe(true)
    lock.release()
  })

  it('leaves a stranger alone that got the pid of a dead child', async () => {
    const stranger = spawnIdle()
    writeStale([{ name: 'edge', pid: stranger.pid, start: 'another boot:1' }])
    const lock = await takeLock(dir)
    expect(lock.leftovers).toEqual([])
    expect(isAlive(stranger.pid)).toBe(true)
    lock.release()
  })

  it('takes over a torn run file', async () => {
    writeFileSync(path.join(dir, 'run.json'), '{"pid": 1')
    ;(await takeLock(dir)).release()
  })
})

function writeStale(children: { name: string; pid: number; start: string }[]) {
  const gone = { pid: 2 ** 22 + 7, start: 'nobody', startedAt: '2026-01-01T00:00:00Z' }
  writeFileSync(path.join(dir, 'run.json'), JSON.stringify({ ...gone, children }))
}

// A zombie has ended: the process that should bury it may be an init that does not.
function hasEnded(pid: number): boolean {
  try {
    return !isAlive(pid) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}
