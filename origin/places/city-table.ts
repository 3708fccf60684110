import { type CityRow, readCities } from './cities-file.ts'
import { foldName } from './fold.ts'
import { subdivisionOfGeoNames } from './geonames-subdivisions.ts'

/**
 * Every living place of 1,000 people or more, most populous first, as columns: some 8 MB for 112,000 rows.
 * `folded` holds the folded names in row order, each after a line break, so that a search is one native `indexOf`.
 */
export type CityTable = {
  size: number
  folded: string
  foldedStart: Uint32Array
  names: Buffer
  nameStart: Uint32Array
  /** Index into `countries`. */
  country: Uint8Array
  countries: string[]
  /** Index into `subdivisions`, whose entries are ISO 3166-2 codes or null. */
  subdivision: Uint16Array
  subdivisions: (string | null)[]
  population: Uint32Array
  /** Degrees times 100,000. */
  lat: Int32Array
  lon: Int32Array
}

/** Abandoned, historical and destroyed places, and former capitals. */
const gone = new Set(['PPLQ', 'PPLH', 'PPLW', 'PPLCH'])
const smallest = 1000

let table: CityTable | undefined

/** Gives the table, which the first call reads from the package's file (about 0.1 s). */
export function cityTable(): CityTable {
  table ??= buildTable()
  return table
}

/** Gives the name of a row as it is written. */
export function nameAt({ names, nameStart }: CityTable, row: number): string {
  return names.utf8Slice(nameStart[row], nameStart[row + 1])
}

function buildTable(): CityTable {
  const rows = collectRows()
  const order = orderByPopulation(rows.population)
  const size = order.length
  const { countries, subdivisions } = rows
  const built = {
    size,
    countries,
    subdivisions,
    country: Uint8Array.from(order, row => rows.country[row] ?? 0),
    subdivision: Uint16Array.from(order, row => rows.subdivision[row] ?? 0),
    population: Uint32Array.from(order, row => rows.population[row] ?? 0),
    lat: Int32Array.from(order, row => rows.lat[row] ?? 0),
    lon: Int32Array.from(order, row => rows.lon[row] ?? 0),
  }
  return { ...built, ...layOutNames(rows, order) }
}

type Rows = {
  bytes: Buffer
  nameStart: number[]
  nameEnd: number[]
  country: number[]
  subdivision: number[]
  population: number[]
  lat: number[]
  lon: number[]
  countries: string[]
  subdivisions: (string | null)[]
}

function collectRows(): Rows {
  const countries = new Map<string, number>()
  const divisions = new Map<string, number>()
  const subdivisions: (string | null)[] = []
  const columns = { nameStart: [], nameEnd: [], country: [], subdivision: [], population: [], lat: [], lon: [] }
  const rows: Rows = { bytes: Buffer.alloc(0), ...columns, countries: [], subdivisions }
  readCities(row => {
    if (row.population < smallest || gone.has(row.feature)) return
    rows.bytes = row.bytes
    rows.nameStart.push(row.nameStart)
    rows.nameEnd.push(row.nameEnd)
    rows.population.push(row.population)
    rows.lat.push(row.lat)
    rows.lon.push(row.lon)
    rows.country.push(indexIn(countries, row.country))
    const division = indexIn(divisions, `${row.country} ${row.admin}`)
    if (division === subdivisions.length) subdivisions.push(subdivisionOf(row))
    rows.subdivision.push(division)
  })
  rows.countries = [...countries.keys()]
  return rows
}

function subdivisionOf({ country, admin }: CityRow): string | null {
  return subdivisionOfGeoNames(country, admin)
}

function indexIn(seen: Map<string, number>, key: string): number {
  let index = seen.get(key)
  if (index === undefined) {
    index = seen.size
    seen.set(key, index)
  }
  return index
}

/** Sorts by one native pass over numbers: population above, row below, so that equals keep the order of the file. */
function orderByPopulation(population: readonly number[]): Uint32Array {
  const span = 2 ** 20
  const keys = Float64Array.from(population, (people, row) => -people * span + row).sort()
  return Uint32Array.from(keys, key => ((key % span) + span) % span)
}

function layOutNames(
  rows: Rows,
  order: Uint32Array,
): Pick<CityTable, 'folded' | 'foldedStart' | 'names' | 'nameStart'> {
  const foldedStart = new Uint32Array(order.length + 1)
  const nameStart = new Uint32Array(order.length + 1)
  const folded: string[] = []
  const names: Buffer[] = []
  order.forEach((row, i) => {
    const name = rows.bytes.subarray(rows.nameStart[row], rows.nameEnd[row])
    const line = `\n${foldName(name.utf8Slice())}`
    names.push(name)
    folded.push(line)
    nameStart[i + 1] = (nameStart[i] ?? 0) + name.length
    foldedStart[i + 1] = (foldedStart[i] ?? 0) + line.length
  })
  return { folded: `${folded.join('')}\n`, foldedStart, names: Buffer.concat(names), nameStart }
}
