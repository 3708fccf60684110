import type { Location } from '../../shared/place.ts'
import { cityTable, nameAt } from '../places/city-table.ts'

type Cities = { rows: number[]; sums: number[]; total: number }

/** How far an ad may lie from the middle of its city, in degrees of latitude: about 5 km. */
const spread = 0.045
let cities: Cities | undefined

/**
 * Gives a place in a city of the United States (GeoNames), each city as likely as its share of the people.
 * @param share 0 ≤ share < 1, which city
 * @param aside two numbers of the same range, where in the city
 */
export function placeInUsCity(share: number, aside: readonly [number, number]): Location {
  cities ??= collectCities()
  const row = cities.rows[findShare(cities, share)] ?? 0
  const table = cityTable()
  const lat = (table.lat[row] ?? 0) / 1e5
  const lon = (table.lon[row] ?? 0) / 1e5
  const widening = 1 / Math.cos((lat * Math.PI) / 180)
  return {
    country: 'US',
    subdivision: table.subdivisions[table.subdivision[row] ?? 0] ?? null,
    city: nameAt(table, row),
    lat: round(lat + (aside[0] - 0.5) * 2 * spread),
    lon: round(lon + (aside[1] - 0.5) * 2 * spread * widening),
  }
}

function collectCities(): Cities {
  const table = cityTable()
  const country = table.countries.indexOf('US')
  const rows: number[] = []
  const sums: number[] = []
  let total = 0
  for (let row = 0; row < table.size; row++) {
    if (table.country[row] !== country) continue
    total += table.population[row] ?? 0
    rows.push(row)
    sums.push(total)
  }
  return { rows, sums, total }
}

/** Finds by halving the first city whose running sum of people passes the share. */
function findShare({ sums, total }: Cities, share: number): number {
  const wanted = share * total
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0) > wanted) high = middle
    else low = middle + 1
  }
  return low
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}
