import { type CityRow, readCities } from './cities-file.ts'
import { foldInto } from './fold.ts'
import { subdivisionOfGeoNames } from './geonames-subdivisions.ts'

/**
 * Every living place of 1,000 people or more, most populous first, as columns outside the JavaScript heap.
 * `folded` holds the folded names in row order, each after a line break, so that a search is one native `indexOf`.
 */
export type CityTable = {
  size: number
  folded: Buffer
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

const smallest = 1000
const capacity = 200_000

let table: CityTable | undefined

/** Gives the table, which the first call reads from the package's file. */
export function cityTable(): CityTable {
  table ??= buildTable()
  return table
}

/** Gives the name of a row as it is written. */
export function nameAt({ names, nameStart }: CityTable, row: number): string {
  return names.toString('utf8', nameStart[row], nameStart[row + 1])
}

function buildTable(): CityTable {
  const rows = collectRows()
  const order = orderByPopulation(rows.population)
  const size = order.length
  const { countries, subdivisions } = rows
  return {
    size,
    countries,
    subdivisions,
    country: new Uint8Array(size).map((_, i) => rows.country[order[i] ?? 0] ?? 0),
    subdivision: new Uint16Array(size).map((_, i) => rows.subdivision[order[i] ?? 0] ?? 0),
    population: new Uint32Array(size).map((_, i) => rows.population[order[i] ?? 0] ?? 0),
    lat: new Int32Array(size).map((_, i) => rows.lat[order[i] ?? 0] ?? 0),
    lon: new Int32Array(size).map((_, i) => rows.lon[order[i] ?? 0] ?? 0),
    ...layOutNames(rows, order),
  }
}

type Rows = ReturnType<typeof collectRows>

function collectRows() {
  const columns = {
    nameStart: new Uint32Array(capacity),
    nameEnd: new Uint32Array(capacity),
    country: new Uint8Array(capacity),
    subdivision: new Uint16Array(capacity),
    population: new Uint32Array(capacity),
    lat: new Int32Array(capacity),
    lon: new Int32Array(capacity),
  }
  let bytes: Buffer = Buffer.alloc(0)
  const countries = new Map<string, number>()
  const divisions = new Map<string, number>()
  const subdivisions: (string | null)[] = []
  let size = 0
  readCities(row => {
    if (row.population < smallest || isGone(row)) return
    if (size === capacity) throw new Error(`Cannot read the cities: more than ${capacity} rows`)
    bytes = row.bytes
    columns.nameStart[size] = row.name[0]
    columns.nameEnd[size] = row.name[1]
    columns.population[size] = row.population
    columns.lat[size] = row.lat
    columns.lon[size] = row.lon
    const country = bytes.toString('latin1', ...row.country)
    columns.country[size] = indexIn(countries, country)
    const admin = bytes.toString('latin1', ...row.admin)
    const division = indexIn(divisions, `${country} ${admin}`)
    if (division === subdivisions.length) subdivisions.push(subdivisionOfGeoNames(country, admin))
    columns.subdivision[size] = division
    size++
  })
  return {
    ...columns,
    population: columns.population.subarray(0, size),
    bytes,
    countries: [...countries.keys()],
    subdivisions,
  }
}

/** Tells abandoned, historical and destroyed places and former capitals: PPLQ, PPLH, PPLW, PPLCH. */
function isGone({ bytes, feature: [start, end] }: CityRow): boolean {
  const last = bytes[end - 1]
  return end - start > 3 && (last === 0x51 || last === 0x48 || last === 0x57)
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
function orderByPopulation(population: Uint32Array): Uint32Array {
  const span = 2 ** 20
  const keys = new Float64Array(population.length)
    .map((_, row) => (2 ** 32 - (population[row] ?? 0)) * span + row)
    .sort()
  return new Uint32Array(keys.length).map((_, i) => (keys[i] ?? 0) % span)
}

function layOutNames(
  rows: Rows,
  order: Uint32Array,
): Pick<CityTable, 'folded' | 'foldedStart' | 'names' | 'nameStart'> {
  const { bytes } = rows
  const foldedStart = new Uint32Array(order.length + 1)
  const nameStart = new Uint32Array(order.length + 1)
  const folded = Buffer.allocUnsafe(order.length * 40)
  const names = Buffer.allocUnsafe(order.length * 40)
  let foldedEnd = 0
  let nameEnd = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i] ?? 0
    const start = rows.nameStart[row] ?? 0
    const end = rows.nameEnd[row] ?? 0
    folded[foldedEnd++] = 10
    foldedEnd = foldInto(folded, foldedEnd, bytes, start, end)
    nameEnd += bytes.copy(names, nameEnd, start, end)
    foldedStart[i + 1] = foldedEnd
    nameStart[i + 1] = nameEnd
  }
  folded[foldedEnd++] = 10
  return {
    folded: Buffer.from(folded.subarray(0, foldedEnd)),
    foldedStart,
    names: Buffer.from(names.subarray(0, nameEnd)),
    nameStart,
  }
}
