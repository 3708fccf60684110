import * as z from 'zod'
import { countries } from './regions.ts'

/** The currencies that a price may be in: those of the countries we serve (ISO 4217). */
export const currencies: readonly string[] = [
  ...new Set(Object.values(countries).map(country => country.currency)),
].sort()

export const Currency = z
  .string()
  .refine(code => currencies.includes(code), 'must be an ISO 4217 currency that we serve')
  .meta({ id: 'Currency', example: 'EUR' })

/** An amount in minor units of a currency (cents, yen) — never a float of major ones. */
export const Money = z
  .strictObject({ amount: z.number().int().min(0).max(1_000_000_000_000), currency: Currency })
  .meta({ id: 'Money' })
export type Money = z.infer<typeof Money>

/** Gives how many decimal digits the minor unit of a currency has (2 for EUR, 0 for JPY; ISO 4217 by CLDR). */
export function minorUnitDigits(currency: string): number {
  return formatFor('en', currency).resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * Reads an amount as a person types it ("1,250", "12.50", "1.250,00", "12,5") into minor units. A single separator
 * before three digits groups thousands, unless the currency has three decimals.
 * @returns undefined when it is no amount, or has more decimals than the currency
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const digits = minorUnitDigits(currency)
  const compact = text.trim().replace(/[\s'’_]/g, '')
  if (!/^\d[\d.,]*$/.test(compact)) return undefined
  const { whole, decimals } = splitAmount(compact, digits)
  if (!/^(\d+|\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+)$/.test(whole) || !/^\d*$/.test(decimals)) return undefined
  if (decimals.length > digits) return undefined
  const amount = Number(whole.replace(/[.,]/g, '') + decimals.padEnd(digits, '0'))
  return Number.isSafeInteger(amount) ? amount : undefined
}

/** The last separator begins the decimals, unless it groups thousands. */
function splitAmount(compact: string, digits: number): { whole: string; decimals: string } {
  const last = Math.max(compact.lastIndexOf('.'), compact.lastIndexOf(','))
  if (last < 0) return { whole: compact, decimals: '' }
  const separator = compact.charAt(last)
  const whole = compact.slice(0, last)
  const decimals = compact.slice(last + 1)
  const grouped =
    decimals.length === 3 &&
    (digits !== 3 || whole.includes(separator)) &&
    !/[.,]/.test(whole.replaceAll(separator, ''))
  if (grouped) return { whole: compact, decimals: '' }
  return whole.includes(separator) ? { whole: '', decimals: '' } : { whole, decimals }
}

/** Writes an amount in major units as plain text for an input field ("1250", "12.50"). */
export function amountText({ amount, currency }: Money): string {
  const digits = minorUnitDigits(currency)
  const text = (amount / 10 ** digits).toFixed(digits)
  return text.replace(/\.0+$/, '')
}

/** Formats money for a reader: no decimals when they are zero. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const digits = minorUnitDigits(currency)
  return formatFor(locale, currency, amount % 10 ** digits === 0).format(amount / 10 ** digits)
}

const formats = new Map<string, Intl.NumberFormat>()

function formatFor(locale: string, currency: string, whole = false): Intl.NumberFormat {
  const key = `${locale} ${currency} ${whole}`
  let format = formats.get(key)
  if (!format) {
    const digits = whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}
    format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits })
    formats.set(key, format)
  }
  return format
}
