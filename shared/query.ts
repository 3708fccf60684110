import * as z from 'zod'

/** A whole number in a query: decimal digits and nothing else, so that "0x10", "1e3", " 1" and "+1" are no numbers. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number in plain digits')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
}

/** A number in a query: decimal digits, with a point before decimals where there are some. */
export function decimalNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,20})?$/, 'must be a number in plain digits')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
}

/** How many items a page of a list has: 24 unless asked otherwise. */
export const pageLimit = wholeNumber(1, 100).default(24)
