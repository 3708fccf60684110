import * as z from 'zod'
import { decimalOf, takeApart } from './decimals.ts'
import { countries } from './regions.ts'

/** The currencies that a price may be in: those of the countries we serve (ISO 4217). */
export const currencies: readonly string[] = [
  ...new Set(Object.values(countries).map(country => country.currency)),
].sort()

export const Currency = z
  .string()
  .refine(code => currencies.includes(code), 'must be an ISO 4217 currency that we serve')
  .meta({ id: 'Currency', example: 'EUR' })

/** The most that a price may be, in minor units. */
const largestAmount = 1_000_000_000_000

/** An amount in minor units of a currency (cents, yen) — never a float of major ones. */
export const Money = z
  .strictObject({ amount: z.number().int().min(0).max(largestAmount), currency: Currency })
  .meta({ id: 'Money' })
export type Money = z.infer<typeof Money>

/** Currencies by the digits of their minor unit where these are not 2 (ISO 4217, list one). */
const unusualDigits: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map(code => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map(code => [code, 3]),
])

/**
 * Gives how many decimal digits the minor unit of a currency has (2 for EUR, 0 for JPY). Not asked of `Intl`: runtimes
 * disagree (Node 24 says 0 for COP, Deno 2), and a price must not change a hundredfold on its way between them.
 */
export function minorUnitDigits(currency: string): number {
  return unusualDigits[currency] ?? 2
}

/**
 * Reads an amount as a person types it ("1,250", "12.50", "1.250,00", ".5", "$5", "R$ 1.200") into minor units.
 * @param locale the reader's: it tells what "1.234" means, which is refused where it could be wrong by a thousand
 * @returns undefined when it is no amount, is unclear, or has more decimals than the currency
 */
export function parseAmount(text: string, currency: string, locale?: string): number | undefined {
  const read = readAmount(text, currency, locale)
  return 'amount' in read ? read.amount : undefined
}

/** As `parseAmount`, but says in words what is wrong: a phrase that follows the name of the field. */
export function readAmount(text: string, currency: string, locale?: string): { amount: number } | { problem: string } {
  const digits = minorUnitDigits(currency)
  const point = decimalOf(locale ?? 'en')
  const example = digits === 0 ? '1250' : `1250 or 12${point}${'50'.padEnd(digits, '0')}`
  const typed = text.length > 60 ? '' : withoutSign(narrow(text).trim(), currency, locale)
  const apart = takeApart(typed, digits, locale)
  if (!apart) return { problem: `must be an amount in ${currency}, such as ${example}` }
  if ('unclear' in apart) {
    const [whole = '', decimals = ''] = typed.split(/[.,]/)
    return { problem: `is not clear: write ${whole}${decimals} or ${whole}${point}${decimals.slice(0, digits)}` }
  }
  const { whole, decimals } = apart
  if (decimals.length > digits) {
    return { problem: digits === 0 ? 'must be without decimals' : `must have at most ${digits} decimals` }
  }
  const amount = Number(whole + decimals.padEnd(digits, '0'))
  return amount <= largestAmount ? { amount } : { problem: 'is too large' }
}

/** Takes away the sign or code of the currency, before or after; that of another one stays, and so is refused. */
function withoutSign(typed: string, currency: string, locale = 'en'): string {
  const sign = /^([^\d.,\s-]*)\s*(.*?)\s*([^\d.,\s-]*)$/u.exec(typed)
  const [, before = '', number = '', after = ''] = sign ?? []
  const found = before || after
  if (!found || (before && after)) return typed
  return signsOf(currency, locale).has(found.toUpperCase()) ? number : typed
}

function signsOf(currency: string, locale: string): Set<string> {
  const signs = [currency]
  for (const language of ['en', locale]) {
    for (const currencyDisplay of ['symbol', 'narrowSymbol'] as const) {
      const parts = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay }).formatToParts(1)
      signs.push(parts.find(({ type }) => type === 'currency')?.value ?? currency)
    }
  }
  if (signs.includes('$')) signs.push(`${currency.slice(0, 2)}$`, `${currency.charAt(0)}$`)
  return new Set(signs.map(sign => narrow(sign).toUpperCase()))
}

/** Full-width forms, as East Asian keyboards write them, in the usual width. */
function narrow(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\uffe5', '¥')
}

/**
 * Writes an amount in major units as plain text for an input field ("1250", "12.50", "1,250" dinars in German), so that
 * `parseAmount` of the same locale reads it back.
 */
export function amountText({ amount, currency }: Money, locale = 'en'): string {
  const digits = minorUnitDigits(currency)
  const text = (amount / 10 ** digits).toFixed(digits).replace(/\.0+$/, '')
  return digits < 3 ? text : text.replace('.', decimalOf(locale))
}

/** Formats money for a reader: no decimals when they are zero. */
export function formatMoney({ amount, currency }: Money, locale: string): string {
  const digits = minorUnitDigits(currency)
  return formatFor(locale, currency, amount % 10 ** digits === 0).format(amount / 10 ** digits)
}

const formats = new Map<string, Intl.NumberFormat>()

function formatFor(locale: string, currency: string, whole: boolean): Intl.NumberFormat {
  const key = `${locale} ${currency} ${whole}`
  let format = formats.get(key)
  if (!format) {
    const digits = whole ? 0 : minorUnitDigits(currency)
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    formats.set(key, format)
  }
  return format
}
