import { findOpenSearch } from './local/opensearch/opensearch.ts'
import { runStep } from './steps.ts'

/*
 * `npm run test:opensearch`: what needs a real OpenSearch (Java 21 and Maven). Where it cannot be had, it says so in one line
 * and that is all; a run that was to prove something asks with --required.
 */
const found = await findOpenSearch()
if ('missing' in found) {
  console.log(`Not tested against a real OpenSearch: ${found.missing}.`)
  process.exit(process.argv.includes('--required') ? 1 : 0)
}
const { ok } = await runStep({ name: 'opensearch', command: ['vitest', 'run', '--project', 'opensearch'] }, true)
process.exit(ok ? 0 : 1)
