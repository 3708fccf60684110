import { dateLocale } from '../shared/date-locale.ts'

/** A day in English as the reader orders it, in a time zone (IANA). */
export function dayOf(instant: string, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(dateLocale(locale), { dateStyle: 'full', timeZone }).format(new Date(instant))
}

/** Hours and minutes, likewise. */
export function hourOf(instant: string, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(new Date(instant))
}
