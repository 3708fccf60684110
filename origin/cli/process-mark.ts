import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A process as written down: a pid alone may belong to a stranger after a crash or a reboot. */
export type ProcessMark = { pid: number; start: string }

/** Whether a process with this pid exists, be it ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, in units that only compare for equality on one machine; '' where it cannot be told (Windows). */
export function startMark(pid: number): string {
  if (process.platform === 'linux') {
    const bootId = readOr('/proc/sys/kernel/random/boot_id', '').trim()
    const started = readStat(pid)?.startTicks
    return started === undefined ? '' : `${bootId}:${started}`
  }
  if (process.platform === 'win32') return ''
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/** Whether the very process that was written down still lives. */
export function isSameProcess(mark: ProcessMark): boolean {
  return isAlive(mark.pid) && startMark(mark.pid) === mark.start
}

/** Tells whether the stack that took a data folder still lives; after a kill its notes lie about. */
export function isStackRunning(data: string): boolean {
  try {
    return isSameProcess(JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as ProcessMark)
  } catch {
    return false
  }
}

/**
 * Reads what Linux tells of a process; undefined where there is none. The command may hold spaces and brackets, so the
 * fields are counted from the last bracket (proc(5)).
 */
export function readStat(pid: number) {
  const text = readOr(`/proc/${pid}/stat`, '')
  if (text === '') return undefined
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0], group: Number(fields[2]), startTicks: fields[19] }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
