import { countries } from '../../shared/regions.ts'
import type { Geo } from '../platform.ts'
import { findPlace } from './places.ts'

export const standCookie = 'from'

/** The countries that the local footer offers: a few of each region, big and small currencies, both hemispheres. */
export const standOptions: readonly string[] =
  'AR AU BR CA CL DE ES FR GB IN ID IT JP KE KR MX NG NL NZ PH PL PT SE SG TR US ZA'.split(' ')

/** Where one stands in a country whose capital has none of the demo posts near it: in a city that has. */
const demoCities: Readonly<Record<string, string>> = {
  AU: 'Sydney',
  BR: 'São Paulo',
  CA: 'Toronto',
  IN: 'Mumbai',
  NZ: 'Auckland',
  US: 'New York',
  ZA: 'Cape Town',
}

/** Where the visitor of a local stack stands who has chosen no place. */
export const usualStand = 'US'

/**
 * Reads where a developer wants to stand: a country code, or a country and a city as in "BR:Sao Paulo".
 * @returns geo data as the runtime would give it; undefined for no country that we know
 */
export function standAt(text: string): Geo | undefined {
  const [, code = '', asked] = /^([A-Za-z]{2})(?::(.{1,100}))?$/.exec(text) ?? []
  const country = code.toUpperCase()
  const facts = Object.hasOwn(countries, country) ? countries[country] : undefined
  if (!facts) return undefined
  const city = asked ?? demoCities[country]
  const place = city ? findPlace(country, city) : undefined
  if (city && !place) return undefined
  return {
    country,
    subdivision: place?.subdivision ?? null,
    city: place?.city ?? null,
    continent: facts.continent,
    lat: place?.lat ?? facts.lat,
    lon: place?.lon ?? facts.lon,
    timeZone: null,
  }
}
