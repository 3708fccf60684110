import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Region } from '../../../shared/regions.ts'
import { childEnv } from '../node-child.ts'
import { waitUntil } from '../processes.ts'
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

/** Waits until searches of each region find an index; until then Postgres answers them. @returns whether they do in time */
export async function indexesAreThere(port: number, regions: readonly Region[]): Promise<boolean> {
  const there = (region: Region) => answers(`http://127.0.0.1:${port}/_alias/classifyhub-${region}-posts`)
  return waitUntil(async () => (await Promise.all(regions.map(there))).every(Boolean), indexDeadline)
}
