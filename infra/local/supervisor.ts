import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lock } from './lock.ts'
import { RUN_FILE } from './orphans.ts'
import { signalGroup, waitUntil } from './processes.ts'

/** A part of the stack: one process, its port, and how to know that it works. */
export type Service = {
  name: string
  port: number
  command: string
  args: string[]
  env: Record<string, string>
  cwd?: string
  /** Who runs it, where that is not the person who starts the stack (postgres refuses root). */
  user?: { uid: number; gid: number } | undefined
  /** What asks it to stop; SIGTERM where not said. */
  stopSignal?: NodeJS.Signals
  /** Milliseconds that it gets to stop, where it needs more than the others. */
  grace?: number
  /** Runs before each start, restarts included. */
  prepare?: () => void | Promise<void>
  isHealthy: () => Promise<boolean>
}

/** Starts services, starts them again on the same port when they die, and stops them. */
export type Supervisor = {
  /** Settles when the service is healthy. @throws {Error} with the end of its log when it dies or stays unhealthy at first. */
  start: (service: Service) => Promise<void>
  /** Stops and starts one again, for new code. */
  restart: (name: string) => Promise<void>
  /** Waits until every service answers at the same time. @throws {Error} naming those that do not within a minute. */
  settle: () => Promise<void>
  /**
   * Asks all to stop, the named ones before the rest, and starts none any more. What is left after `ms` milliseconds for each of the
   * two steps, or its own `grace`, is ended by force.
   */
  shutDown: (ms: number, first?: string[]) => Promise<void>
}

type Child = {
  service: Service
  process: ChildProcess | undefined
  wanted: boolean
  failures: number
  startedAt: number
}

const HEALTH_DEADLINE_MS = 60_000
const STEADY_MS = 10_000

/**
 * Makes a supervisor.
 * @param logs folder of the children's logs; those of the run before are kept beside as NAME.log.1
 * @param say told in one line what happens to a child
 */
export function createSupervisor(lock: Lock, logs: string, say: (line: string) => void): Supervisor {
  const children = new Map<string, Child>()
  let closing = false
  const logOf = (name: string) => path.join(logs, `${name}.log`)

  async function launch(child: Child): Promise<void> {
    const { service } = child
    await service.prepare?.()
    if (!child.wanted) return
    const log = openSync(logOf(service.name), 'a', 0o600)
    const started = spawn(service.command, service.args, {
      cwd: service.cwd,
      env: { ...service.env, [RUN_FILE]: path.resolve(lock.file) },
      stdio: ['pipe', log, log],
      // A group of its own: Ctrl-C reaches the supervisor alone, and a group can be ended with all that it started.
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...service.user,
    })
    closeSync(log)
    child.process = started
    child.startedAt = performance.now()
    started.stdin?.on('error', () => {})
    if (started.pid !== undefined) lock.record(service.name, started.pid)
    started.once('error', error => {
      appendFileSync(logOf(service.name), `${error.message}\n`)
      onEnd(child, started, error.message)
    })
    started.once('exit', (code, signal) => onEnd(child, started, signal ?? `exit code ${code}`))
  }

  function onEnd(child: Child, ended: ChildProcess, how: string) {
    if (ended.pid !== undefined) {
      signalGroup(ended.pid, 'SIGKILL')
      lock.forget(ended.pid)
    }
    if (child.process !== ended) return
    child.process = undefined
    if (child.wanted && child.failures >= 0) void revive(child, how)
  }

  async function revive(child: Child, how: string): Promise<void> {
    const { service } = child
    child.failures = performance.now() - child.startedAt > STEADY_MS ? 0 : child.failures + 1
    say(`${service.name} died (${how}); starting it again on port ${service.port}`)
    await sleep(child.failures === 0 ? 0 : Math.min(100 * 2 ** child.failures, 5000))
    if (!child.wanted) return
    const since = performance.now()
    try {
      await launch(child)
    } catch (error) {
      say(`${service.name} cannot start: ${error instanceof Error ? error.message : error}`)
      child.failures += 1
      return revive(child, 'not started')
    }
    const mine = child.process
    const healthy = await waitUntil(
      async () => child.process !== mine || (await service.isHealthy()),
      HEALTH_DEADLINE_MS,
    )
    if (healthy && child.process === mine)
      say(`${service.name} works again after ${seconds(performance.now() - since)}`)
  }

  async function start(service: Service): Promise<void> {
    if (closing) throw new Error(`Cannot start ${service.name}: the stack is stopping`)
    if (existsSync(logOf(service.name))) renameSync(logOf(service.name), `${logOf(service.name)}.1`)
    // Until it has been healthy once, its death is a fault to report and not one to heal: failures is negative.
    const child: Child = { service, process: undefined, wanted: true, failures: -1, startedAt: 0 }
    children.set(service.name, child)
    await launch(child)
    const healthy = await waitUntil(
      async () => !child.wanted || child.process === undefined || (await service.isHealthy()),
      HEALTH_DEADLINE_MS,
    )
    if (!child.wanted) throw new Error(`Cannot start ${service.name}: the stack is stopping`)
    if (healthy && child.process !== undefined) {
      child.failures = 0
      return
    }
    const what = child.process === undefined ? 'it ended' : `not healthy after ${seconds(HEALTH_DEADLINE_MS)}`
    throw new Error(
      `Cannot start ${service.name}: ${what}. The end of ${logOf(service.name)}:\n${tail(logOf(service.name))}`,
    )
  }

  async function settle(): Promise<void> {
    let unwell: string[] = []
    const check = async () => {
      const states = await Promise.all(
        [...children.values()].map(async ({ service }) => ((await service.isHealthy()) ? '' : service.name)),
      )
      unwell = states.filter(name => name !== '')
      return unwell.length === 0 || closing
    }
    if (!(await waitUntil(check, HEALTH_DEADLINE_MS)))
      throw new Error(`Cannot get ready: no answer from ${unwell.join(', ')}`)
  }

  async function shutDown(ms: number, first: string[] = []): Promise<void> {
    closing = true
    await stop(ms, first)
    await stop(ms, [...children.keys()])
  }

  async function stop(ms: number, names: string[]): Promise<void> {
    await Promise.all(
      names.map(async name => {
        const child = children.get(name)
        if (child === undefined) return
        child.wanted = false
        const ended = child.process
        if (ended?.pid === undefined) return
        ended.kill(child.service.stopSignal ?? 'SIGTERM')
        const gone = () => ended.exitCode !== null || ended.signalCode !== null
        if (await waitUntil(gone, Math.max(ms, child.service.grace ?? 0))) return
        signalGroup(ended.pid, 'SIGKILL')
        await waitUntil(gone, 1000)
      }),
    )
  }

  async function restart(name: string): Promise<void> {
    const child = children.get(name)
    if (child === undefined) throw new Error(`Cannot restart "${name}": no such service`)
    await stop(2000, [name])
    await waitUntil(() => child.process === undefined, 1000)
    if (closing) return
    child.wanted = true
    await launch(child)
    await waitUntil(async () => child.process === undefined || (await child.service.isHealthy()), HEALTH_DEADLINE_MS)
  }

  return { start, restart, settle, shutDown }
}

/** Whether a URL answers 200 within a second. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000), redirect: 'manual' })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}

/** A duration for people. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-25).join('\n')
  } catch {
    return '(no log)'
  }
}
