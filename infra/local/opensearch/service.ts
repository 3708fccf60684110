import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Region } from '../../../shared/regions.ts'
import { childEnv } from '../node-child.ts'
import { answers, type Service } from '../supervisor.ts'
import { findOpenSearch, nodeCommand, type Programs } from './opensearch.ts'

/** Milliseconds within which each region's worker has built its index: it looks every ten seconds. */
const indexDeadline = 60_000

/** Gives the programs of OpenSearch. @throws {Error} that says in one line what is missing */
export async function requireOpenSearch(): Promise<Programs> {
  const found = await findOpenSearch()
  if ('missing' in found) throw new Error(`Cannot start with --opensearch: ${found.missing}`)
  return found
}

/** A real OpenSearch of one node, for all regions, with its data in the data folder. */
export function openSearchService(programs: Programs, dir: string, port: number): Service {
  const home = path.join(dir, 'opensearch')
  return {
    name: 'opensearch',
    port,
    ...nodeCommand(programs, home, port),
    env: childEnv({}),
    // It writes down what it has taken, so that ending it by force loses nothing.
    prepare: () => void mkdirSync(home, { recursive: true, mode: 0o700 }),
    isHealthy: () => answers(`http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=500ms`),
  }
}

/**
 * Waits until searches of the regions are answered by OpenSearch: each worker has built its index, and the first questions, which
 * take long, are over. Until then Postgres answers.
 * @returns whether they are in time
 */
export async function openSearchAnswers(site: string, regions: readonly Region[]): Promise<boolean> {
  const deadline = performance.now() + indexDeadline
  const wait = async (region: Region) => {
    // Each a question of its own: an answer may be kept for a while.
    for (let n = 1; performance.now() < deadline; n++) {
      if (!(await isDegraded(`${site}/api/v1/search?region=${region}&limit=1&q=bike+${n}`))) return true
      await sleep(500)
    }
    return false
  }
  return (await Promise.all(regions.map(wait))).every(Boolean)
}

async function isDegraded(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return ((await response.json()) as { degraded?: boolean }).degraded !== false
  } catch {
    return true
  }
}
