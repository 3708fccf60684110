import type { TestProject } from 'vitest/node'
import { findOpenSearch, startOpenSearch } from './opensearch.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a real OpenSearch for this run; each test makes indexes of its own names. */
    openSearchUrl: string
  }
}

/** Starts one real OpenSearch for a run of tests. @throws {Error} where there can be none: `npm run test:opensearch` asks before */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = await findOpenSearch()
  if ('missing' in found) throw new Error(`Cannot test against OpenSearch: ${found.missing}`)
  const node = await startOpenSearch(found)
  project.provide('openSearchUrl', node.url)
  return node.stop
}
