import type { Locale } from '../../shared/account.ts'
import { countries, type Region, regionOfCountry } from '../../shared/regions.ts'
import type { Visitor } from '../../shared/visitor.ts'

type Settings = { country: string; locale: Locale; timeZone: string; currency: string }

/**
 * Gives a new account's settings: the country given, else the visitor's where it belongs to the region, else the region's
 * largest market; locale, time zone and currency follow from it.
 */
export function defaultSettings(
  region: Region,
  country: string | undefined,
  visitor: Pick<Visitor, 'country' | 'timeZone'>,
): Settings {
  const seen = visitor.country && regionOfCountry(visitor.country) === region ? visitor.country : undefined
  const home = country ?? seen ?? regionDefaults[region].country
  const nearby = visitor.country === home && isTimeZone(visitor.timeZone) ? visitor.timeZone : undefined
  return {
    country: home,
    locale: locales[home] ?? regionDefaults[region].locale,
    timeZone: nearby ?? timeZoneOf(home) ?? regionDefaults[region].timeZone,
    currency: countries[home]?.currency ?? 'USD',
  }
}

const regionDefaults: Record<Region, { country: string; locale: Locale; timeZone: string }> = {
  na: { country: 'US', locale: 'en-US', timeZone: 'America/New_York' },
  eu: { country: 'DE', locale: 'en-GB', timeZone: 'Europe/Berlin' },
  ap: { country: 'SG', locale: 'en-GB', timeZone: 'Asia/Singapore' },
}

const locales = byCountry<Locale>({
  'en-US': 'US PR CA PH',
  'en-GB': 'GB IE',
  'de-DE': 'DE AT CH LI',
  'fr-FR': 'FR BE LU MC SN CI',
  'es-ES': 'ES MX AR CO CL PE EC BO UY PY VE GT CR PA DO HN NI SV CU',
  'pt-BR': 'BR PT AO MZ',
  'ja-JP': 'JP',
  'en-IN': 'IN',
  'en-AU': 'AU NZ',
})

/** Where a country has several time zones: the one that most of its people live in. */
const mainZones: Record<string, string> = {
  US: 'America/New_York',
  CA: 'America/Toronto',
  MX: 'America/Mexico_City',
  BR: 'America/Sao_Paulo',
  RU: 'Europe/Moscow',
  AU: 'Australia/Sydney',
  ID: 'Asia/Jakarta',
  ES: 'Europe/Madrid',
  PT: 'Europe/Lisbon',
  NZ: 'Pacific/Auckland',
  CL: 'America/Santiago',
  DE: 'Europe/Berlin',
}

function timeZoneOf(country: string): string | undefined {
  const locale = new Intl.Locale('und', { region: country }) as Intl.Locale & {
    getTimeZones?: () => string[] | undefined
  }
  return mainZones[country] ?? locale.getTimeZones?.()?.[0]
}

function isTimeZone(name: string | null): name is string {
  if (!name) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

function byCountry<T extends string>(table: Record<T, string>): Record<string, T | undefined> {
  return Object.fromEntries(
    Object.entries<string>(table).flatMap(([value, codes]) => codes.split(' ').map(code => [code, value as T])),
  )
}
