import { findCategory } from '../../../shared/category.ts'
import type { PostRecord } from '../../../shared/post.ts'
import { countries, type Region, regions } from '../../../shared/regions.ts'
import { countryOf, type DemoAccount, demoAccounts, emailOf, openedAt } from './accounts.ts'
import { catalogue } from './catalogue.ts'
import { attributesFor, conditionFor, type Draft, descriptionFor, priceFor, titleFor } from './compose.ts'
import { createRandom } from './random.ts'
import { datesOf, type Fate, fateOf } from './timeline.ts'
import { type City, profiles, type Seller, sellers } from './words/sellers.ts'
import type { Item, Words } from './words/words.ts'

export { type DemoAccount, demoPassword } from './accounts.ts'

/** A post and the address of the account that sells it. */
export type DemoPost = { seller: string; record: PostRecord }

/**
 * Makes the demo data: 24 sellers, a moderator for each region and an operator, and some 700 posts. The same `now` gives the same data;
 * another one moves every date with it.
 */
export function createDemo(now: Date): { accounts: DemoAccount[]; posts: DemoPost[] } {
  return { accounts: demoAccounts(now), posts: regions.flatMap(region => postsOf(region, now)) }
}

/** Each category hands its things in turn to the two sellers of the region who deal in it, and they to their cities. */
function postsOf(region: Region, now: Date): DemoPost[] {
  const local = sellers.filter(seller => countries[countryOf(seller)]?.region === region)
  const visits = new Map<Seller, number>()
  return Object.entries(catalogue).flatMap(([category, { words, posts }], turn) => {
    const dealers = local.filter(({ profile }) => profiles[profile].some(one => one === category))
    return itemsFor(region, category, words, posts).map((item, n) => {
      const seller = inTurn(dealers, n)
      const visit = visits.get(seller) ?? 0
      visits.set(seller, visit + 1)
      const externalId = `demo-${region}-${category}-${String(n + 1).padStart(2, '0')}`
      const fate = fateOf(n, turn, category)
      const record = recordOf({ externalId, item, words, city: inTurn(seller.cities, visit), seller, fate, now })
      return { seller: emailOf(seller.login), record }
    })
  })
}

function itemsFor(region: Region, category: string, words: Words, posts: number): Item[] {
  const sold = words.items.filter(item => item.only?.includes(region) ?? true)
  if (sold.length < posts)
    throw new Error(`Cannot fill "${category}" in ${region}: ${sold.length} items, ${posts} posts`)
  return createRandom(`${region} ${category}`).shuffle(sold).slice(0, posts)
}

type RecordFacts = { externalId: string; item: Item; words: Words; city: City; seller: Seller; fate: Fate; now: Date }

function recordOf({ externalId, item, words, city, seller, fate, now }: RecordFacts): PostRecord {
  const random = createRandom(externalId)
  const draft: Draft = { item, words, city, area: random.pick(city.areas), now, variant: random.int(0, 11) }
  const attributes = attributesFor(draft, random)
  const condition = conditionFor(draft, attributes, random)
  const price = priceFor(draft, attributes, condition, random)
  const negotiable = price !== null && words.handover !== 'none' && random.chance(0.35)
  const expiryDays = findCategory(item.leaf)?.expiryDays ?? 30
  return {
    externalId,
    title: titleFor(draft, attributes, random),
    description: descriptionFor(draft, attributes, condition, negotiable, random),
    category: item.leaf,
    price,
    priceKind: price ? (negotiable ? 'negotiable' : 'fixed') : item.usd === 0 ? 'free' : 'on_request',
    condition,
    attributes,
    location: {
      country: city.country,
      subdivision: city.subdivision,
      city: city.name,
      lat: around(city.lat, random.next()),
      lon: around(city.lon, random.next()),
    },
    ...datesOf(fate, { now, expiryDays, oldest: openedAt(seller.days, now) }, random),
  }
}

/** A home within a kilometre and a half of the middle of the city, as five decimals. */
function around(degrees: number, chance: number): number {
  return Number((degrees + (chance - 0.5) * 0.027).toFixed(5))
}

function inTurn<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T
}
