import { type AttributeSchema, attributesOf, conditionLabels } from '../shared/category.ts'
import { dateLocale } from '../shared/date-locale.ts'
import { centralAngle } from '../shared/home-region.ts'
import type { OwnStatus, Post, PriceKind } from '../shared/post.ts'

export { countryText, inCountryText, placeText, priceText, regionText } from '../shared/wording.ts'

export const priceKindLabels: Readonly<Record<PriceKind, string>> = {
  fixed: 'Fixed price',
  negotiable: 'Negotiable',
  free: 'Free',
  on_request: 'On request',
}

export const statusLabels: Readonly<Record<OwnStatus, string>> = {
  draft: 'Draft',
  active: 'Public',
  reserved: 'Reserved',
  sold: 'Sold',
  withdrawn: 'Taken down',
  removed: 'Removed',
  expired: 'Expired',
}

/** A day in English as the reader orders it, in UTC: the same for everybody who shares the page. */
export function dayText(instant: string, locale: string, year = true): string {
  return formatter(dateLocale(locale), year).format(new Date(instant))
}

/** A whole number with the locale's separators. */
export function countText(count: number, locale: string): string {
  return numberFormat(locale).format(count)
}

/** A size of a file, in kB or MB. */
export function sizeText(bytes: number, locale: string): string {
  const large = bytes >= 1_000_000
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: large ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: large ? 1 : 0,
  })
  return format.format(large ? bytes / 1_000_000 : Math.max(1, bytes / 1_000))
}

/** "1 post", "34 posts". */
export function plural(count: number, one: string, many: string, locale: string): string {
  return `${countText(count, locale)} ${count === 1 ? one : many}`
}

type Point = { lat: number; lon: number }
/** Mean radius of the earth in kilometres (IUGG), as the origin measures. */
const earthRadius = 6371.009

/** "3 km": whole kilometres and at least one, as exact as the place of a post is told. */
export function distanceText(from: Point, to: Point, locale: string): string {
  const kilometres = earthRadius * centralAngle(from.lat, from.lon, to.lat, to.lon)
  return `${countText(Math.max(1, Math.round(kilometres)), locale)} km`
}

export type Fact = { label: string; value: string }

/** Condition and attributes of a post, in the order of its category, with units and labels; unknown keys are left out. */
export function factsOf({ category, condition, attributes }: Post, locale: string): Fact[] {
  const facts = attributesOf(category).flatMap(schema => {
    const value = attributes[schema.key]
    return value === undefined ? [] : [{ label: schema.label, value: attributeText(schema, value, locale) }]
  })
  return condition ? [{ label: 'Condition', value: conditionLabels[condition] }, ...facts] : facts
}

/** Up to two letters for a round sign beside a name. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words
  return letters
    .map(word => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

function attributeText(schema: AttributeSchema, value: string | number | boolean, locale: string): string {
  if (schema.type === 'boolean') return value ? 'Yes' : 'No'
  if (schema.type === 'choice') return schema.choices.find(choice => choice.value === value)?.label ?? String(value)
  if (typeof value !== 'number') return String(value)
  if (schema.type === 'text' || !schema.unit) return String(value)
  return `${numberFormat(locale).format(value)} ${schema.unit}`
}

const numbers = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: string): Intl.NumberFormat {
  const format = numbers.get(locale) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  numbers.set(locale, format)
  return format
}

const days = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, year: boolean): Intl.DateTimeFormat {
  const key = `${locale} ${year}`
  const parts: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC' }
  if (year) parts.year = 'numeric'
  const format = days.get(key) ?? new Intl.DateTimeFormat(locale, parts)
  days.set(key, format)
  return format
}
