import path from 'node:path'
import { parseArgs } from 'node:util'
import { regions as ALL_REGIONS, type Region } from '../../shared/regions.ts'

/** What the person asked of `npm start`. */
export type StartOptions = {
  port: number
  data: string
  regions: Region[]
  reset: boolean
  demo: boolean
  importFile: string | undefined
  opensearch: boolean
  dev: boolean
  help: boolean
}

/** How `npm start` is used; shown by --help and after a flag that it does not know. */
export const USAGE = `Usage: npm start -- [flags]
  --port N            port of the site (default 8787)
  --data DIR          data folder (default .data)
  --regions na,eu,ap  regions to run (default all three)
  --reset             empty the data folder first
  --no-demo           a new data folder gets no demo data
  --import FILE       load ads (NDJSON) before the site is ready
  --opensearch        search by a real OpenSearch (needs Java 21 and Maven)
  --dev               reload edge, origin and client code when it changes
  --help              this text`

const FLAGS = {
  port: { type: 'string', default: '8787' },
  data: { type: 'string', default: '.data' },
  regions: { type: 'string', default: ALL_REGIONS.join(',') },
  reset: { type: 'boolean', default: false },
  'no-demo': { type: 'boolean', default: false },
  import: { type: 'string' },
  opensearch: { type: 'boolean', default: false },
  dev: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/**
 * Reads the command line; relative paths are resolved against the working directory.
 * @throws {Error} naming every flag or value that it does not understand.
 */
export function parseOptions(args: string[], cwd = process.cwd()): StartOptions {
  const { values } = parseKnown(args)
  const faults: string[] = []
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65535) {
    faults.push(`Cannot use --port "${values.port}": must be a number from 0 (any free one) to 65535`)
  }
  const named = [...new Set(values.regions.split(',').map(name => name.trim()))]
  const unknown = named.filter(name => !isRegion(name))
  if (unknown.length > 0) {
    faults.push(
      `Cannot use --regions "${values.regions}": must be some of ${ALL_REGIONS.join(',')}, is not "${unknown.join('", "')}"`,
    )
  }
  if (values.data.trim() === '') faults.push('Cannot use --data: must name a folder')
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return {
    port,
    data: path.resolve(cwd, values.data),
    regions: named.filter(isRegion),
    reset: values.reset,
    demo: !values['no-demo'],
    importFile: values.import === undefined ? undefined : path.resolve(cwd, values.import),
    opensearch: values.opensearch,
    dev: values.dev,
    help: values.help,
  }
}

function parseKnown(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, strict: true, allowPositionals: false })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error)
    throw new Error(`${reason}\n\n${USAGE}`)
  }
}

function isRegion(name: string): name is Region {
  return (ALL_REGIONS as readonly string[]).includes(name)
}
