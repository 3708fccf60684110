/**
 * In which locale a date is written that stands within our English sentences: English, in the order of day and month
 * that the reader knows (docs/decisions/070). Prices and numbers keep the reader's own locale.
 */
export function dateLocale(locale: string): string {
  return locale.startsWith('en') ? locale : 'en-GB'
}
