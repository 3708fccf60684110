/** A number as it was typed, taken apart; or why that cannot be done for certain. */
export type Decimal = { whole: string; decimals: string } | { unclear: 'grouping' } | undefined

/**
 * Takes apart a number as a person types it: "1,250", "12.50", "1.250,00", "1 250", "1,00,000", ".5".
 * A single separator before exactly three digits may part thousands or decimals ("1.234"). It parts thousands where
 * there can be no decimals; else the reader's own decimal separator tells; where nothing tells, it is unclear, since
 * a wrong guess is wrong by a thousand. A group never begins with 0.
 * @param most how many decimals the number may have
 * @param locale the reader's (BCP 47), where it is known
 * @returns undefined for what is no number
 */
export function takeApart(text: string, most: number, locale?: string): Decimal {
  const typed = text.trim().replace(/[\s'’_](?=\d{3}(?!\d))/g, '')
  const [, before = '', separator, after = ''] = /^(.*?)(?:([.,])(\d*))?$/.exec(typed) ?? []
  if (!separator || (before === '' && after === '')) {
    return isPlain(typed) ? { whole: typed, decimals: '' } : undefined
  }
  if (before.includes(separator)) return isGrouped(typed) ? { whole: plain(typed), decimals: '' } : undefined
  if (/[.,]/.test(before)) return isGrouped(before) ? { whole: plain(before), decimals: after } : undefined
  if (before !== '' && !isPlain(before)) return undefined
  if (after.length !== 3 || !isGrouped(typed)) return { whole: before, decimals: after }
  if (most === 0) return { whole: plain(typed), decimals: '' }
  if (!locale) return { unclear: 'grouping' }
  if (decimalOf(locale) !== separator) return { whole: plain(typed), decimals: '' }
  return most < 3 ? { unclear: 'grouping' } : { whole: before, decimals: after }
}

/** What parts the decimals of a locale: "." or ",". */
export function decimalOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}

function isPlain(text: string): boolean {
  return /^\d+$/.test(text)
}

/** Thousands, or as in India: three digits at the end and pairs before. */
function isGrouped(text: string): boolean {
  return (
    /^[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$/.test(text) || /^[1-9]\d?(?:([.,])\d\d)(?:\1\d\d)*\1\d{3}$/.test(text)
  )
}

function plain(text: string): string {
  return text.replace(/[.,]/g, '')
}
