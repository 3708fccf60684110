import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

// Below the range from which systems take the ports of outgoing connections: a child that was killed finds its port free again.
const LOWEST = 10_240
const HIGHEST = 32_000

/**
 * A free loopback port for each name. Ports of an earlier run are kept where they are still free, so that addresses survive restarts.
 * @param file where the choice is remembered
 */
export async function choosePorts<Name extends string>(file: string, names: Name[]): Promise<Record<Name, number>> {
  const before = readBefore(file)
  const taken = new Set<number>()
  const chosen = {} as Record<Name, number>
  for (const name of names) {
    chosen[name] = await firstFree(before[name], taken)
    taken.add(chosen[name])
  }
  writeFileSync(file, JSON.stringify({ ...before, ...chosen }, null, 2))
  return chosen
}

/** Whether nothing listens on a port of the loopback addresses. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

/** The first free port at or after `port`. */
export async function nextFree(port: number): Promise<number> {
  for (let candidate = port; candidate <= 65_535; candidate++) if (await isFree(candidate)) return candidate
  throw new Error(`Cannot find a free port from ${port} on`)
}

async function firstFree(wanted: number | undefined, taken: Set<number>): Promise<number> {
  if (wanted !== undefined && !taken.has(wanted) && (await isFree(wanted))) return wanted
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new Error(`Cannot find a free port between ${LOWEST} and ${HIGHEST}`)
}

// An address that does not exist (a machine without IPv6) is no obstacle.
function canListen(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', error =>
      resolve(!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')),
    )
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

function readBefore(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
  } catch {
    return {}
  }
}
