import { parseArgs } from 'node:util'
import { type GeoFacts, resolveRegion } from '../edge/geo/resolve.ts'
import { rules } from '../edge/geo/rules.ts'
import { isCountryCode } from '../shared/regions.ts'

const usage = `Usage: npm run geo -- COMMAND [flags]
  explain    say rule by rule which region serves a visitor, and why
    --country BR      ISO 3166-1 alpha-2
    --continent SA    AF, AN, AS, EU, NA, OC or SA; else the country's
    --lat N --lon N   degrees; else the country's capital
    --path /          path of the page (default /)`

const commands: Record<string, (args: string[]) => void> = { explain }

try {
  const [name = '', ...args] = process.argv.slice(2)
  const command = commands[name]
  if (!command) throw new Error(name ? `Cannot do "${name}": there is no such command` : 'Which command?')
  command(args)
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exitCode = 2
}

function explain(args: string[]): void {
  const { region, facts, steps, chosen } = resolveRegion(rules, readFacts(args))
  const known = Object.entries(facts).map(([name, value]) => `${name} ${value ?? 'unknown'}`)
  console.log(`visitor: ${known.join(', ')}\n`)
  const width = Math.max(...steps.map(({ rule }) => rule.length))
  for (const { rule, held, because, why } of steps) {
    console.log(`${held ? 'yes' : 'no '}  ${rule.padEnd(width)}  ${because}`)
    if (held) console.log(`     ${''.padEnd(width)}  ${why}`)
  }
  console.log(`\nregion: ${region} (${rules.regions[region].place.name}): ${chosen}`)
}

function readFacts(args: string[]): GeoFacts {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { country: text, continent: text, lat: text, lon: text, path: text } })
  const country = values.country?.toUpperCase() ?? null
  if (country && !isCountryCode(country)) throw new Error(`Cannot use --country "${country}": is no ISO 3166-1 code`)
  const continent = values.continent?.toUpperCase() ?? null
  if (continent && !/^(AF|AN|AS|EU|NA|OC|SA)$/.test(continent)) {
    throw new Error(`Cannot use --continent "${continent}": must be AF, AN, AS, EU, NA, OC or SA`)
  }
  const lat = degrees('lat', values.lat, 90)
  const lon = degrees('lon', values.lon, 180)
  if ((lat === null) !== (lon === null)) throw new Error('Cannot use one of --lat and --lon without the other')
  const path = values.path ?? '/'
  if (!path.startsWith('/')) throw new Error(`Cannot use --path "${path}": must begin with "/"`)
  return { country, continent, lat, lon, path }
}

function degrees(name: string, value: string | undefined, most: number): number | null {
  if (value === undefined) return null
  const number = Number(value)
  if (value.trim() !== '' && Math.abs(number) <= most) return number
  throw new Error(`Cannot use --${name} "${value}": must be degrees from -${most} to ${most}`)
}
