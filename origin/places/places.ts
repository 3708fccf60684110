import { type CityTable, cityTable, nameAt } from './city-table.ts'
import { foldName } from './fold.ts'

/** A city or town of GeoNames; coordinates in degrees (WGS 84), subdivision ISO 3166-2 where we can tell. */
export type Place = {
  country: string
  subdivision: string | null
  city: string
  lat: number
  lon: number
  population: number
}

export type Near = { lat: number; lon: number }

/** How many hits are weighed against nearness at most; with rows by population, the rest are hamlets. */
const weighed = 2000

/**
 * Suggests places for what somebody has typed: names that begin with it first, then names with a later word that does;
 * most populous first, or by population over distance when `near` is given. Accents, case and punctuation don't matter.
 * @param options `country` (ISO 3166-1) keeps to one country; `limit` is 8 by default
 */
export function suggestPlaces(
  q: string,
  { country, near, limit = 8 }: { country?: string; near?: Near; limit?: number } = {},
): Place[] {
  const typed = foldName(q)
  if (!typed) return []
  const table = cityTable()
  const most = near ? weighed : limit * 4
  const begins = rowsWith(table, `\n${typed}`, country, most)
  const contains = begins.length < limit ? rowsWith(table, ` ${typed}`, country, most) : []
  const ranked = near ? [byNearness(table, begins, near), byNearness(table, contains, near)] : [begins, contains]
  return distinct(table, ranked.flat(), limit)
}

/**
 * Gives the place nearest to a point by great-circle distance, or undefined where a country has none.
 * @param lat degrees
 * @param lon degrees
 */
export function nearestPlace(lat: number, lon: number, { country }: { country?: string } = {}): Place | undefined {
  const table = cityTable()
  const wanted = country === undefined ? -1 : table.countries.indexOf(country)
  if (country !== undefined && wanted < 0) return undefined
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  for (let row = 0; row < table.size; row++) {
    if (wanted >= 0 && table.country[row] !== wanted) continue
    const distance = roughDistance(table, row, lat, lon)
    if (distance < least) {
      least = distance
      nearest = row
    }
  }
  return nearest < 0 ? undefined : placeAt(table, nearest)
}

/** Gives the most populous place of a name in a country (and subdivision), or undefined; spelling as in `suggestPlaces`. */
export function findPlace({
  country,
  city,
  subdivision,
}: {
  country: string
  city: string
  subdivision?: string | null | undefined
}): Place | undefined {
  const name = foldName(city)
  if (!name) return undefined
  const table = cityTable()
  const rows = rowsWith(table, `\n${name}\n`, country, Number.POSITIVE_INFINITY)
  const row = rows.find(one => !subdivision || table.subdivisions[table.subdivision[one] ?? 0] === subdivision)
  return row === undefined ? undefined : placeAt(table, row)
}

/** Gives the rows whose line holds the text, most populous first, each once. */
function rowsWith(table: CityTable, text: string, country: string | undefined, most: number): number[] {
  const wanted = country === undefined ? -1 : table.countries.indexOf(country)
  if (country !== undefined && wanted < 0) return []
  const rows: number[] = []
  const sought = Buffer.from(text)
  let row = 0
  for (
    let at = table.folded.indexOf(sought);
    at >= 0 && rows.length < most;
    at = table.folded.indexOf(sought, at + 1)
  ) {
    row = rowAt(table, at, row)
    if (rows.at(-1) !== row && (wanted < 0 || table.country[row] === wanted)) rows.push(row)
  }
  return rows
}

/** Finds the row of a position in `folded` by halving, from a row known not to lie behind it. */
function rowAt({ foldedStart, size }: CityTable, at: number, from: number): number {
  let low = from
  let high = size
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((foldedStart[middle] ?? 0) <= at) low = middle
    else high = middle
  }
  return low
}

/** A million people 1,000 km away weigh as much as 100,000 next door. */
function byNearness(table: CityTable, rows: number[], { lat, lon }: Near): number[] {
  const weight = (row: number) =>
    (table.population[row] ?? 0) / (1 + Math.sqrt(roughDistance(table, row, lat, lon)) / 100)
  const weights = new Map(rows.map(row => [row, weight(row)]))
  return rows.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0))
}

/** The square of a distance in kilometres, good enough to order by: a flat map around the middle of both latitudes. */
function roughDistance({ lat: lats, lon: lons }: CityTable, row: number, lat: number, lon: number): number {
  const rowLat = (lats[row] ?? 0) / 1e5
  const across = Math.abs((lons[row] ?? 0) / 1e5 - lon)
  const dx = Math.min(across, 360 - across) * Math.cos(((rowLat + lat) * Math.PI) / 360)
  const dy = rowLat - lat
  return (dx * dx + dy * dy) * 111.2 ** 2
}

/** Leaves out what a reader could not tell apart: the same name in the same subdivision and country. */
function distinct(table: CityTable, rows: number[], limit: number): Place[] {
  const places = new Map<string, Place>()
  for (const row of rows) {
    if (places.size >= limit) break
    const place = placeAt(table, row)
    const key = `${place.city} ${place.subdivision} ${place.country}`
    if (!places.has(key)) places.set(key, place)
  }
  return [...places.values()]
}

function placeAt(table: CityTable, row: number): Place {
  return {
    country: table.countries[table.country[row] ?? 0] ?? '',
    subdivision: table.subdivisions[table.subdivision[row] ?? 0] ?? null,
    city: nameAt(table, row),
    lat: (table.lat[row] ?? 0) / 1e5,
    lon: (table.lon[row] ?? 0) / 1e5,
    population: table.population[row] ?? 0,
  }
}
