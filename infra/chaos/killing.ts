import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../local/demo/random.ts'
import { waitUntil } from '../local/processes.ts'
import { type ChaosStack, regions } from './stack.ts'

/** One blow: which part, how, from when until when it could not work, in milliseconds since the epoch. */
export type Kill = { role: string; signal: 'SIGKILL' | 'SIGSTOP'; at: number; until: number }

/** Every part of the stack. The stand-ins too: `stand-ins.test.ts` shows that they lose nothing by it. */
export const allRoles: readonly string[] = [
  ...regions.flatMap(region => [`origin-${region}`, `relay-${region}`, `worker-${region}`]),
  'postgres',
  'aws',
  'mail',
  'redis',
  'edge',
]

/** A part needs this long at most to be started again, in milliseconds; then something is wrong with the supervisor. */
const comesBackWithin = 30_000

type Options = {
  kills: number
  roles: readonly string[]
  /** The share of blows that only stop for a while. */
  stops: number
  random: Random
  say: (line: string) => void
}

/**
 * Kills parts or stops them for a while, one after the other and sometimes two at a time. Each round of the deck hits every
 * role once, in another order; now and then a worker sleeps for longer than its leases.
 */
export async function killAtRandom(
  stack: ChaosStack,
  { kills, roles, stops: share, random, say }: Options,
): Promise<Kill[]> {
  const done: Promise<Kill>[] = []
  let deck: string[] = []
  for (let n = 0; n < kills; n++) {
    if (deck.length === 0) deck = random.shuffle(roles)
    const role = deck.pop() ?? ''
    const stops = random.chance(share)
    const long = role.startsWith('worker') && n > 0 && kills >= 30 && random.chance(0.3)
    const pause = long ? 35_000 : random.int(500, 4_000)
    const wait = random.int(1_200, 3_500)
    const pid = await pidOf(stack, role)
    say(
      `  ${String(n + 1).padStart(3)}  ${stops ? `SIGSTOP ${role} for ${(pause / 1000).toFixed(1)} s` : `SIGKILL ${role}`}`,
    )
    done.push(stops ? freeze(role, pid, pause) : kill(stack, role, pid))
    await sleep(wait)
  }
  return Promise.all(done)
}

async function pidOf(stack: ChaosStack, role: string): Promise<number> {
  await waitUntil(() => stack.pidOf(role) !== undefined, comesBackWithin)
  const pid = stack.pidOf(role)
  if (pid === undefined) throw new Error(`Cannot kill ${role}: it was not started again within ${comesBackWithin} ms`)
  return pid
}

async function kill(stack: ChaosStack, role: string, pid: number): Promise<Kill> {
  const at = Date.now()
  signal(pid, 'SIGKILL')
  signal(pid, 'SIGCONT') // one that is stopped dies of it only then
  await waitUntil(() => ![undefined, pid].includes(stack.pidOf(role)), comesBackWithin)
  return { role, signal: 'SIGKILL', at, until: Date.now() }
}

/** Stops a process with all its descendants: a database that only its postmaster leaves works on. */
async function freeze(role: string, pid: number, pause: number): Promise<Kill> {
  const at = Date.now()
  const family = familyOf(pid)
  for (const member of family) signal(member, 'SIGSTOP')
  await sleep(pause)
  for (const member of family) signal(member, 'SIGCONT')
  return { role, signal: 'SIGSTOP', at, until: Date.now() }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A process and those that descend from it, by /proc. */
function familyOf(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // it has just ended
    }
  }
  const family = [root]
  for (const pid of family) for (const [child, parent] of parents) if (parent === pid) family.push(child)
  return family
}
