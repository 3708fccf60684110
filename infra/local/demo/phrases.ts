import type { Random } from './random.ts'
import type { City } from './words/sellers.ts'
import type { Handover } from './words/words.ts'

/** How one gets hold of a thing, by its size. */
export const handoverSentences: Readonly<Record<Handover, readonly string[]>> = {
  small: [
    'Pick-up in {area}, or I post it at cost.',
    'To be collected in {area}; weekends suit me best.',
    'I can bring it to {area} station.',
    'It can be seen in {area} most evenings.',
    'We can meet in {area} after work.',
  ],
  large: [
    'Collection from {area}, I help to carry it down.',
    'It is in {area} on the ground floor, easy to load.',
    'You will need a car; it is in {area}.',
    'I can deliver it within {city} for the fuel.',
    'Pick-up in {area}, there is a lift.',
  ],
  yard: [
    'Collection from {area}, I help to load.',
    'It stands in the yard in {area}.',
    'I can deliver it within {city} for the fuel.',
    'You will need a car; it is in {area}.',
  ],
  collect: ['Collection from {area}.', 'Ready by the door in {area}.', 'Pick-up in {area} any evening.'],
  ride: [
    'Come for a test ride in {area}.',
    'It can be tried in {area} most evenings.',
    'Pick-up in {area}; weekends suit me best.',
  ],
  vehicle: [
    'It can be seen and driven in {area}, best after five.',
    'It is parked in {area}; bring somebody who knows engines if you like.',
    'Viewing in {area} by arrangement.',
  ],
  home: [
    'Viewings on Saturdays; tell me a little about yourself.',
    'Write when you could come and see it.',
    'Viewings from next week on, by appointment.',
    'Directly from the owner.',
  ],
  none: [],
}

/** What is added to a price that can be talked about. */
export const offers = [
  'Open to a fair offer.',
  'The price is a starting point.',
  'I would take a little less from somebody who collects it this week.',
]

/** Where and when a text is written. */
export type Setting = { city: City; area: string; now: Date }

/** Puts attributes, the place and a day some weeks ahead into a text. `{size}` of a home is its area. */
export function fill(
  text: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
  { city, area, now }: Setting,
  random: Random,
): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => {
    if (key === 'area') return area
    if (key === 'city') return city.name
    if (key === 'date') return String(attributes.date ?? dayAhead(now, random))
    const value = attributes[key] ?? (key === 'size' ? attributes.area : undefined)
    if (value === undefined) throw new Error(`Cannot fill "${text}": there is no "${key}"`)
    return String(value).replaceAll('_', ' ')
  })
}

/** Begins a text with an upper-case letter, but for names such as iPhone. */
export function sentenceCase(text: string): string {
  return /^\p{Ll}\p{Lu}/u.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

function dayAhead(now: Date, random: Random): string {
  const date = new Date(now.getTime() + random.int(18, 75) * 86_400_000)
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}
