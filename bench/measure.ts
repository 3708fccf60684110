import { readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** Microseconds a call, of CPU (this process and, where /proc tells it, the other one) and by the clock. */
export type Cost = { cpu: number; wall: number }

const tick = 10_000 // of /proc/PID/stat, in microseconds (sysconf(_SC_CLK_TCK) is 100 on Linux)

/** Gives the CPU time that a process has used, in microseconds; 0 where there is no /proc. */
export function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * tick
  } catch {
    return 0
  }
}

/** As `cpuOf`, with what the processes that it has started use and have used. */
export function cpuOfFamily(pid: number): number {
  const stats = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        return [readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []]
      } catch {
        return [] // it has ended meanwhile
      }
    })
  const children = stats.filter(([, parent]) => Number(parent) === pid)
  const ofChildren = children.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0)
  const own = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ended = Number(own[13]) + Number(own[14])
  return cpuOf(pid) + (ofChildren + ended) * tick
}

/**
 * Runs the candidates in turn, slice by slice, so that whatever else the machine does strikes them alike.
 * @param other a process whose CPU counts too, or what gives the CPU time of several, in microseconds
 * @returns the costs of each slice, by candidate
 */
export async function interleave(
  candidates: readonly (() => Promise<unknown>)[],
  { slices, calls, other }: { slices: number; calls: number; other: number | (() => number) },
): Promise<Cost[][]> {
  const costs: Cost[][] = candidates.map(() => [])
  for (let slice = -1; slice < slices; slice++) {
    for (const [i, candidate] of candidates.entries()) {
      const cost = await costOf(candidate, calls, other)
      if (slice >= 0) costs[i]?.push(cost) // the first slice warms up
    }
  }
  return costs
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

async function costOf(candidate: () => Promise<unknown>, calls: number, other: number | (() => number)): Promise<Cost> {
  const cpuOfOthers = typeof other === 'number' ? () => cpuOf(other) : other
  const [own, theirs, clock] = [process.cpuUsage(), cpuOfOthers(), performance.now()]
  for (let call = 0; call < calls; call++) await candidate()
  const { user, system } = process.cpuUsage(own)
  const wall = (performance.now() - clock) * 1000
  return { cpu: (user + system + cpuOfOthers() - theirs) / calls, wall: wall / calls }
}
