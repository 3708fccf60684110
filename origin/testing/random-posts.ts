import { type AttributeSchema, attributesOf, conditions } from '../../shared/category.ts'
import { createId } from '../../shared/ids.ts'
import { PostInput, type PostInput as PostInputType, type Status } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { contentColumns } from '../posts/content.ts'

const day = 86_400_000
const leaves = [
  'bicycles',
  'e-bikes',
  'bike-parts',
  'sofas',
  'tables',
  'smartphones',
  'laptops',
  'cars',
  'lamps',
] as const
const things = ['bike', 'sofa', 'table', 'phone', 'laptop', 'car', 'lamp', 'wheel', 'helmet', 'chair']
const kinds = ['red', 'blue', 'old', 'vintage', 'leather', 'mountain', 'electric', 'small', 'wooden', 'fast']
const brands = ['Trek', 'GAZELLE', 'Ikea', 'Äpple', 'Σigma', 'Bosch']
const towns = [
  ['US', 'US-NY', 40.71, -74.01],
  ['US', 'US-CA', 34.05, -118.24],
  ['CA', 'CA-ON', 43.65, -79.38],
  ['MX', null, 19.43, -99.13],
] as const

/** Chances that are the same in each run (mulberry32). */
export function createChances(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
    maybe: (share: number) => next() < share,
  }
}
export type Chances = ReturnType<typeof createChances>

/**
 * Inserts posts of every kind, most of them public: ties in every order, several currencies, expired, sold and hidden ones, typed
 * attributes. @returns their rows
 */
export async function insertRandomPosts(
  ctx: Pick<Context, 'db' | 'keys' | 'now' | 'region'>,
  accounts: readonly { id: string }[],
  { count, seed }: { count: number; seed: number },
) {
  const chances = createChances(seed)
  const now = ctx.now().getTime()
  const rows = Array.from({ length: count }, () => {
    const { id: account } = chances.pick(accounts)
    const bumped = now - chances.below(20) * day
    const status: Status = chances.maybe(0.8)
      ? 'active'
      : chances.pick(['draft', 'reserved', 'sold', 'withdrawn', 'removed'])
    return {
      id: createId(ctx.region, bumped),
      account_id: account,
      ...contentColumns(ctx, account, randomPost(chances)),
      status,
      removed_from: status === 'removed' ? ('active' as const) : null,
      seller_hidden: chances.maybe(0.05),
      created_at: new Date(bumped),
      updated_at: new Date(bumped),
      published_at: new Date(bumped),
      bumped_at: new Date(bumped),
      expires_at: new Date(chances.maybe(0.1) ? now - chances.below(2) * day : now + day),
    }
  })
  return ctx.db.insertInto('posts').values(rows).returningAll().execute()
}

function randomPost(chances: Chances): PostInputType {
  const [country, subdivision, lat, lon] = chances.pick(towns)
  const category = chances.pick(leaves)
  const words = (list: string[], most: number) =>
    Array.from({ length: 1 + chances.below(most) }, () => chances.pick(list))
  const attributes = attributesOf(category).flatMap(schema =>
    chances.maybe(0.5) ? [[schema.key, attributeValue(schema, chances)]] : [],
  )
  const priced = chances.maybe(0.85)
  return PostInput.parse({
    title: [...words(kinds, 2), ...words(things, 2)].join(' '),
    description: [...words(kinds, 5), ...words(things, 5)].join(' '),
    category,
    price: priced ? { amount: chances.below(40) * 1_000, currency: chances.pick(['USD', 'USD', 'CAD']) } : null,
    priceKind: priced ? 'fixed' : 'on_request',
    condition: chances.maybe(0.8) ? chances.pick(conditions) : null,
    attributes: Object.fromEntries(attributes),
    location: { country, subdivision, city: 'Town', lat: lat + chances.next() - 0.5, lon: lon + chances.next() - 0.5 },
  })
}

function attributeValue(schema: AttributeSchema, chances: Chances): string | number | boolean {
  switch (schema.type) {
    case 'text':
      return chances.pick(brands)
    case 'boolean':
      return chances.maybe(0.5)
    case 'choice':
      return chances.pick(schema.choices).value
    case 'integer':
      return Math.min(Math.max(schema.min ?? 0, chances.below(40)), schema.max ?? 40)
    case 'number':
      return Math.min(Math.max(schema.min ?? 0, chances.below(80) / 4), schema.max ?? 20)
  }
}
