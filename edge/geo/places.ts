import type { ShellPlace } from '../../frontend/page-model.ts'
import { countries, type Region, regionPlace } from '../../shared/regions.ts'
import type { Geo } from '../platform.ts'
import { kilometresBetween, type Point } from './distance.ts'
import rows from './places.json' with { type: 'json' }

type Row = readonly [city: string, country: string, subdivision: string | null, lat: number, lon: number]

const places: readonly ShellPlace[] = (rows as unknown as Row[]).map(([city, country, subdivision, lat, lon]) => ({
  city,
  country,
  subdivision,
  lat,
  lon,
}))

/**
 * Rounds a visitor's place to one of a closed list, so that a shared page has few variations (architecture, decision 7):
 * the nearest city of their country, else the nearest of all; without a point, from the country's capital or the
 * region's own place.
 */
export function nearestPlace(geo: Pick<Geo, 'country' | 'lat' | 'lon'>, region: Region): ShellPlace {
  const country = geo.country ? countries[geo.country] : undefined
  const point = geo.lat !== null && geo.lon !== null ? { lat: geo.lat, lon: geo.lon } : (country ?? regionPlace[region])
  const inCountry = places.filter(place => place.country === geo.country)
  return nearestOf(inCountry.length > 0 ? inCountry : places, point)
}

/** Finds a place of the list by country and the beginning of its name, accents and case aside. */
export function findPlace(country: string, city: string): ShellPlace | undefined {
  const wanted = fold(city)
  return places.find(place => place.country === country && fold(place.city).startsWith(wanted))
}

function nearestOf(candidates: readonly ShellPlace[], point: Point): ShellPlace {
  return candidates.reduce((best, place) =>
    kilometresBetween(point, place) < kilometresBetween(point, best) ? place : best,
  )
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
