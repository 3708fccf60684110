import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { report, runStep, type Step } from './steps.ts'

/**
 * `npm test`: all of it, one suite after the other, since two cores do not carry two databases and a browser at once.
 * `npm test -- origin edge` runs only the named suites. Ends with one line `N passed, N failed, N skipped`.
 */
type Suite = { name: string; what: string; prepare?: Step }

const build: Step = { name: 'build', command: ['node', 'infra/local/build.ts'] }
const suites: Suite[] = [
  { name: 'unit', what: 'pure functions' },
  { name: 'pages', what: 'every page and island in a browser, from fixtures' },
  { name: 'origin', what: 'verbs and routes on a real Postgres' },
  { name: 'edge', what: 'the Worker in workerd and in Deno', prepare: build },
  { name: 'local', what: 'the embedded stack' },
  { name: 'e2e', what: 'the whole site over HTTP and in a browser' },
]

const named = process.argv.slice(2)
const unknown = named.filter(name => name !== 'check' && !suites.some(suite => suite.name === name))
if (unknown.length > 0) {
  console.error(`Cannot run "${unknown.join('", "')}": suites are check, ${suites.map(suite => suite.name).join(', ')}`)
  process.exit(2)
}

const started = performance.now()
const reports = await mkdtemp(join(tmpdir(), 'classifyhub-test-'))
const totals = { passed: 0, failed: 0, skipped: 0 }
const results = []
if (named.length === 0 || named.includes('check')) {
  results.push(await runStep({ name: 'check', command: ['node', 'infra/check.ts', '--no-tests'] }, true))
}
for (const suite of suites) {
  if (named.length > 0 && !named.includes(suite.name)) continue
  console.log(`\n== ${suite.name}: ${suite.what}`)
  if (suite.prepare) results.push(await runStep(suite.prepare, false))
  const file = join(reports, `${suite.name}.json`)
  const command = [
    'vitest',
    'run',
    '--project',
    suite.name,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const result = await runStep({ name: suite.name, command }, true)
  const counted = await count(file)
  if (counted.total === 0) result.ok = false
  totals.passed += counted.passed
  totals.failed += counted.failed
  totals.skipped += counted.skipped
  results.push(result)
}
await rm(reports, { recursive: true, force: true })

console.log()
for (const result of results) report(result, true)
const broken = results.filter(result => !result.ok).length
console.log(`all of it ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(`${totals.passed} passed, ${Math.max(totals.failed, broken)} failed, ${totals.skipped} skipped`)
process.exit(broken === 0 ? 0 : 1)

type JsonReport = { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTotalTests: number }

/** A suite whose report is missing, or that ran no test, counts as failed: silence is no proof. */
async function count(file: string) {
  try {
    const parsed = JSON.parse(await readFile(file, 'utf8')) as JsonReport
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTotalTests: total } = parsed
    return { passed, failed, skipped, total }
  } catch {
    return { passed: 0, failed: 1, skipped: 0, total: 0 }
  }
}
