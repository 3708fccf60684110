import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { removeCluster } from '../local/postgres-home.ts'
import { copyTree, type PlantName, plantNames, plants } from './plants.ts'
import { describe } from './report.ts'
import { type Outcome, runChaos } from './run.ts'

const usage = `Usage:
  npm run chaos [-- --kills 60 --seed 1 --data DIR]
      hits every part of a stack of its own while a client writes, and joins the client's ledger with what is stored
  npm run chaos -- --plant NAME [--kills 12]
      the same for a copy of the tree with a planted bug, where the check has to turn red
  npm run chaos -- --plants
      each planted bug in turn; exit code 1 if one stays unseen

Plants: ${plantNames.join(', ')}`

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    plant: { type: 'string' },
    plants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => console.log(line)
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))

if (values.help) say(usage)
else if (values.plants) process.exitCode = (await runAllPlants()) ? 0 : 1
else if (values.plant === undefined)
  process.exitCode = green(await inFolder(data => runChaos({ ...common(60), data }))) ? 0 : 1
else if (isPlant(values.plant)) process.exitCode = green(await runPlant(values.plant)) ? 0 : 1
else {
  console.error(`Cannot plant "${values.plant}"\n\n${usage}`)
  process.exitCode = 2
}

function common(kills: number) {
  return { kills: Number(values.kills ?? kills), seed: values.seed, say }
}

function green(outcome: Outcome): boolean {
  say(describe(outcome))
  return outcome.breaches.length === 0
}

async function runPlant(name: PlantName): Promise<Outcome> {
  const { roles, stops, rate } = plants[name]
  say(`\n== planted: ${name} (${plants[name].what})`)
  const tree = copyTree(name)
  try {
    return await inFolder(data => runChaos({ ...common(12), data, tree, roles, stops, rate }), true)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

async function runAllPlants(): Promise<boolean> {
  const rows = [['planted bug', 'seen', 'by']]
  for (const name of plantNames) {
    const outcome = await runPlant(name)
    say(describe(outcome))
    rows.push([name, outcome.breaches.length > 0 ? 'red' : 'GREEN', outcome.breaches[0] ?? 'nothing'])
  }
  say(`\n${rows.map(([name = '', seen = '', by = '']) => `${name.padEnd(32)}${seen.padEnd(7)}${by}`).join('\n')}`)
  return rows.slice(1).every(([, seen]) => seen === 'red')
}

/** Runs on the folder that was asked for and leaves it, or on a new one that goes when all is as it should be. */
async function inFolder(run: (data: string) => Promise<Outcome>, red = false): Promise<Outcome> {
  if (values.data !== undefined) return run(path.resolve(values.data))
  const data = mkdtempSync(path.join(tmpdir(), 'classifyhub-chaos-'))
  chmodSync(data, 0o755) // under root another user runs postgres and must reach its data
  const outcome = await run(data)
  if (outcome.breaches.length > 0 && !red) say(`the data stays in ${data}`)
  else {
    removeCluster(path.join(data, 'postgres'))
    rmSync(data, { recursive: true, force: true })
  }
  return outcome
}

function isPlant(name: string): name is PlantName {
  return Object.hasOwn(plants, name)
}
