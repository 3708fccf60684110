import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessMark, readStat, startMark } from '../../origin/cli/process-mark.ts'

/** Signals a process group led by `pid` (workerd lives in its edge's group); on Windows ends the tree. False when none is left. */
export function signalGroup(pid: number, name: NodeJS.Signals): boolean {
  if (process.platform !== 'win32') return signal(-pid, name)
  try {
    execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * Ends what is left of a group that an earlier run started. A member younger than its leader is taken for ours as long as the
 * leader's own mark fits or the leader is gone: the kernel gives no pid away that still names a group.
 * @returns whether anything had to be ended.
 */
export async function endLeftover(mark: ProcessMark): Promise<boolean> {
  if (mark.start === '') return false // it cannot be told from a stranger
  const found = isAlive(mark.pid) ? startMark(mark.pid) === mark.start : groupMembers(mark.pid).length > 0
  if (!found) return false
  signalGroup(mark.pid, 'SIGKILL')
  await waitUntil(() => !isAlive(mark.pid) && groupMembers(mark.pid).length === 0, 3000)
  return true
}

/** Polls a cheap condition every 20 ms. @returns whether it came true within `ms` milliseconds. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

function groupMembers(group: number): number[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .filter(pid => {
        const fields = readStat(pid)
        return fields?.group === group && fields.state !== 'Z'
      })
  }
  if (process.platform === 'win32') return []
  const table = execFileSync('ps', ['-A', '-o', 'pid=,pgid='], { encoding: 'utf8' })
  const rows = table.split('\n').map(row => row.trim().split(/\s+/).map(Number))
  return rows.flatMap(([pid, pgid]) => (pid !== undefined && pgid === group ? [pid] : []))
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
