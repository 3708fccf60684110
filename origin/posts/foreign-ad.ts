import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Attributes, Condition, PostInput } from '../../shared/post.ts'
import { leafFor, sourceCategories } from './foreign-categories.ts'
import { placeInUsCity } from './us-cities.ts'

/** An ad of the US as `listings.ndjson` has it: whole dollars, texts for attributes, no place. */
export const ForeignAd = z.object({
  id: z.string().min(1).max(200),
  category: z.enum(sourceCategories),
  title: z.string(),
  description: z.string().default(''),
  price: z.number().int().min(0).max(10_000_000_000).nullable().default(null),
  attributes: z.record(z.string(), z.string()).default({}),
})
export type ForeignAd = z.infer<typeof ForeignAd>

/** What becomes of an ad: a post, when it was shown (0 is now, 1 the farthest back), how many attributes found no place. */
export type MappedAd = { post: PostInput; shown: number; dropped: number }

/**
 * Turns a foreign ad into a post of ours; the same ad always into the same. Texts are cleaned of what we refuse of
 * people: control characters go, halves of surrogate pairs become U+FFFD, a title becomes one line of 120 characters.
 */
export function mapForeignAd(ad: ForeignAd): MappedAd {
  const chance = chancesOf(ad.id)
  const { attributes, dropped } = mapAttributes(ad)
  const post: PostInput = {
    title: cleanTitle(ad.title),
    description: cleanText(ad.description),
    category: leafFor(ad.category, ad.title),
    ...priceOf(ad.price),
    condition: conditions[ad.attributes.condition ?? ''] ?? null,
    attributes,
    location: placeInUsCity(chance(0), [chance(1), chance(2)]),
  }
  return { post, shown: chance(3), dropped }
}

function priceOf(dollars: number | null): Pick<PostInput, 'price' | 'priceKind'> {
  if (dollars === null) return { price: null, priceKind: 'on_request' }
  if (dollars === 0) return { price: null, priceKind: 'free' }
  return { price: { amount: dollars * 100, currency: 'USD' }, priceKind: 'fixed' }
}

const conditions: Readonly<Record<string, Condition>> = {
  new: 'new',
  'like new': 'like_new',
  excellent: 'like_new',
  good: 'good',
  fair: 'worn',
  salvage: 'for_parts',
}

const kilometresPerMile = 1.609344
const fuels: Readonly<Record<string, string>> = {
  gas: 'petrol',
  diesel: 'diesel',
  hybrid: 'hybrid',
  electric: 'electric',
  other: 'other',
}
const bodies: Readonly<Record<string, string>> = {
  SUV: 'suv',
  'mini-van': 'minivan',
  offroad: 'off_road',
  bus: 'other',
}

/** The source's attribute → our key and value; undefined where the value says nothing. */
const carAttributes: Readonly<Record<string, (value: string) => [string, string | number] | undefined>> = {
  odometer: miles => wholeNumber(miles, 0, 1_800_000, value => ['odometer', Math.round(value * kilometresPerMile)]),
  cylinders: value => wholeNumber(/^\d+/.exec(value)?.[0] ?? '', 1, 16, count => ['cylinders', count]),
  transmission: value => ['transmission', value],
  fuel: value => ['fuel', fuels[value] ?? value],
  type: value => ['bodyType', bodies[value] ?? value],
  drive: value => ['drive', value],
  size: value => ['sizeClass', value.replaceAll('-', '_')],
  'title status': value => ['titleStatus', value.replaceAll(' ', '_')],
  'paint color': value => ['paintColor', cleanTitle(value)],
  VIN: value => ['vin', cleanTitle(value)],
}

function mapAttributes(ad: ForeignAd): { attributes: Attributes; dropped: number } {
  const attributes: Attributes = {}
  let dropped = 0
  for (const [name, value] of Object.entries(ad.attributes)) {
    if (name === 'condition' && value in conditions) continue
    const known = ad.category === 'car' && Object.hasOwn(carAttributes, name)
    const mapped = known ? carAttributes[name]?.(value) : undefined
    if (mapped) attributes[mapped[0]] = mapped[1]
    else dropped++
  }
  return { attributes, dropped }
}

function wholeNumber(
  text: string,
  min: number,
  max: number,
  map: (value: number) => [string, number],
): [string, number] | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? map(value) : undefined
}

/** Gives numbers from 0 to 1 that depend on nothing but the ad's id. */
function chancesOf(id: string): (which: number) => number {
  const hash = createHash('sha256').update(id).digest()
  return which => hash.readUInt32BE(which * 4) / 2 ** 32
}

function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

function cleanTitle(text: string): string {
  const oneLine = cleanText(text)
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .trim()
  return [...oneLine].slice(0, 120).join('')
}
