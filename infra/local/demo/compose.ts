import { fill, handoverSentences, offers, type Setting, sentenceCase } from './phrases.ts'
import { homeUsd, localPrice, rentPeriod, usedVehicleUsd, wageUsd } from './prices.ts'
import type { Random } from './random.ts'
import type { Condition, Item, Words } from './words/words.ts'

type Attributes = Record<string, string | number | boolean>

/** What is decided about a post before any word is written; `variant` picks from the lists of the item. */
export type Draft = Setting & { item: Item; words: Words; variant: number }

const conditionShares: readonly [Condition, number][] = [
  ['new', 2],
  ['like_new', 3],
  ['good', 6],
  ['worn', 2],
  ['for_parts', 1],
]
/** What a condition does to a price; things for parts have theirs as it is. */
const conditionFactor: Readonly<Record<Condition, number>> = {
  new: 1.2,
  like_new: 1.08,
  good: 1,
  worn: 0.68,
  for_parts: 1,
}

/** Gives the attributes of one variant: parallel lists are read at the same place; a vehicle gets its distance. */
export function attributesFor(draft: Draft, random: Random): Attributes {
  const { item, city, now, variant } = draft
  const attributes: Attributes = {}
  for (const [key, value] of Object.entries(item.attributes)) {
    const chosen = variantOf(value, variant)
    attributes[key] = typeof chosen === 'string' ? fill(chosen, {}, draft, random) : chosen
  }
  if (typeof attributes.year === 'number' && attributes.fuel) {
    const years = Math.max(now.getUTCFullYear() - attributes.year, 1)
    const perYear = item.leaf === 'motorcycles' ? 4_500 : 13_500
    attributes.odometer = Math.round((years * perYear * (0.6 + 0.7 * random.next())) / 500) * 500
  }
  if (item.leaf.endsWith('-for-rent') || item.leaf === 'rooms') attributes.rentPeriod = rentPeriod(city.country)
  if (item.leaf === 'holiday-homes') attributes.rentPeriod = 'night'
  return attributes
}

/** Gives a condition that the item can be in, or null for what has none. Only what says so itself can be new or for parts. */
export function conditionFor({ item, words }: Draft, { odometer }: Attributes, random: Random): Condition | null {
  const usual = Object.keys(words.wear).filter(one => one !== 'new' && one !== 'for_parts') as Condition[]
  const driven = typeof odometer === 'number' && odometer > 70_000
  const possible = item.conditions ?? usual.filter(one => one !== 'like_new' || !driven)
  if (possible.length === 0) return null
  return random.pick(conditionShares.flatMap(([one, share]) => (possible.includes(one) ? Array(share).fill(one) : [])))
}

/** Gives the price in the currency of the place, or null for what is free or on request. */
export function priceFor(
  { item, city, now, variant }: Draft,
  attributes: Attributes,
  condition: Condition | null,
  random: Random,
) {
  const { country } = city
  const usd = Number(variantOf(item.usd, variant)) * (0.93 + 0.14 * random.next())
  if (usd <= 0) return null
  const { odometer, year, area, pricePer, payPer } = attributes
  if (isHome(item)) return localPrice(usd * homeUsd(item.leaf, Number(area), city), country, 'home')
  if (pricePer || payPer) return localPrice(wageUsd(usd, country), country, 'work')
  const factor = condition ? conditionFactor[condition] : 1
  if (typeof odometer !== 'number' || typeof year !== 'number') return localPrice(usd * factor, country, 'thing')
  const years = now.getUTCFullYear() - year
  return localPrice(usedVehicleUsd(usd, years, odometer) * (0.5 + factor / 2), country, 'vehicle')
}

/** Gives the title, with its first letter in upper case. */
export function titleFor(draft: Draft, attributes: Attributes, random: Random): string {
  return sentenceCase(fill(random.pick(draft.item.titles), attributes, draft, random))
}

/** Gives two to six sentences: facts first, then wear, why it is sold, and how to get it. */
export function descriptionFor(
  draft: Draft,
  attributes: Attributes,
  condition: Condition | null,
  negotiable: boolean,
  random: Random,
): string {
  const { item, words } = draft
  const wear = condition && !item.bare ? (words.wear[condition] ?? []) : []
  const reasons = item.bare ? [] : words.reasons
  const maybe = (list: readonly string[], share: number) =>
    list.length > 0 && random.chance(share) ? [random.pick(list)] : []
  const sentences = [
    ...someInOrder(item.says, random.int(2, 3), random),
    ...maybe(wear, condition === 'good' ? 0.6 : 1),
    ...maybe(reasons, 0.35),
    ...maybe(handoverSentences[item.handover ?? words.handover], 0.7),
    ...maybe(negotiable && !isHome(item) ? offers : [], 0.4),
  ]
  const written = sentences.slice(0, 6).map(sentence => sentenceCase(fill(sentence, attributes, draft, random)))
  return written.join(random.chance(0.2) ? '\n' : ' ')
}

function someInOrder(list: readonly string[], count: number, random: Random): string[] {
  const chosen = new Set(random.shuffle(list).slice(0, count))
  return list.filter(one => chosen.has(one))
}

function isHome({ leaf }: Item): boolean {
  return /-for-(rent|sale)$|^(rooms|holiday-homes|offices|parking-storage)$/.test(leaf)
}

function variantOf<T>(value: T | readonly T[], variant: number): T {
  return Array.isArray(value) ? value[variant % value.length] : (value as T)
}
