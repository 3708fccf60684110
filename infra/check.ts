import { report, runStep, type Step } from './steps.ts'

/**
 * The one gate before a commit: no services, under a minute on two cores. `npm run check -- --fix` formats first;
 * `--no-tests` leaves the unit tests to `npm test`, which runs them by themselves.
 */
const fix = process.argv.includes('--fix')
const tests = !process.argv.includes('--no-tests')
const steps: Step[][] = [
  // Deno reads the client's manifest, which the build writes; unchanged sources cost a tenth of a second.
  [{ name: 'build', command: ['node', 'infra/local/build.ts'] }],
  [{ name: 'format, lint, doors', command: fix ? ['biome', 'check', '--write', '.'] : ['biome', 'check', '.'] }],
  [
    { name: 'types: Node and browser', command: ['tsc', '-p', 'tsconfig.json'] },
    { name: 'types: Worker', command: ['tsc', '-p', 'edge/tsconfig.json'] },
    { name: 'types: Deno', command: ['deno', 'check', 'edge/deno.ts'] },
  ],
  [{ name: 'dead code', command: ['knip', '--no-progress'] }],
  tests ? [{ name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] }] : [],
]

const started = performance.now()
let failed = 0
for (const group of steps) {
  for (const result of await Promise.all(group.map(step => runStep(step, false)))) {
    report(result, false)
    if (!result.ok) failed++
  }
}
console.log(
  `${failed === 0 ? 'Everything holds' : `${failed} step(s) failed`} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
)
process.exit(failed === 0 ? 0 : 1)
