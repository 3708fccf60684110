import * as z from 'zod'
import { conditions } from './category.ts'
import { Image } from './media.ts'
import { Currency, Money } from './money.ts'
import { Country, Location, Subdivision } from './place.ts'
import { decimalNumber, pageLimit, wholeNumber } from './query.ts'
import { regions } from './regions.ts'
import { line, text } from './text.ts'

/** The states that are stored; `expired` never is: it is an active or reserved post past its `expiresAt`. */
export const statuses = ['draft', 'active', 'reserved', 'sold', 'withdrawn', 'removed'] as const
export const Status = z.enum(statuses)
export type Status = z.infer<typeof Status>

/** What a seller is told about one of their own posts. */
export const ownStatuses = [...statuses, 'expired'] as const
export const OwnStatus = z.enum(ownStatuses)
export type OwnStatus = z.infer<typeof OwnStatus>

export const priceKinds = ['fixed', 'negotiable', 'free', 'on_request'] as const
export const PriceKind = z.enum(priceKinds)
export type PriceKind = z.infer<typeof PriceKind>

export const Condition = z.enum(conditions)
export type Condition = z.infer<typeof Condition>

const AttributeValue = z.union([z.string(), z.number(), z.boolean()])
/** Typed values by attribute key; each category says which (`attributesSchema`). */
export const Attributes = z.record(z.string(), AttributeValue)
export type Attributes = z.infer<typeof Attributes>

const instant = z.iso.datetime()

const fields = {
  title: line(2, 120),
  description: text(0, 20_000),
  category: z.string(),
  price: Money.nullable(),
  priceKind: PriceKind,
  condition: Condition.nullable(),
  attributes: Attributes,
  location: Location,
}

/** What makes a draft. The category must be a leaf; attributes are checked against its schema. */
export const PostInput = z
  .strictObject({
    ...fields,
    description: fields.description.default(''),
    price: fields.price.default(null),
    priceKind: fields.priceKind.default('fixed'),
    condition: fields.condition.default(null),
    attributes: fields.attributes.default({}),
  })
  .superRefine(checkPrice)
  .meta({ id: 'PostInput' })
export type PostInput = z.infer<typeof PostInput>

/** A change: only what is named changes (RFC 7396 at the top level; `attributes` are replaced whole). */
export const PostPatch = z.strictObject(fields).partial().meta({ id: 'PostPatch' })
export type PostPatch = z.infer<typeof PostPatch>

export const Seller = z.object({ id: z.string(), displayName: z.string(), memberSince: instant }).meta({ id: 'Seller' })
export type Seller = z.infer<typeof Seller>

/** A post as everybody sees it. */
export const Post = z
  .object({
    id: z.string(),
    ...fields,
    status: Status,
    version: z.number().int(),
    createdAt: instant,
    publishedAt: instant.nullable(),
    bumpedAt: instant.nullable(),
    expiresAt: instant.nullable(),
    soldAt: instant.nullable(),
    seller: Seller,
    /** Those that can be shown, in order; the first is the cover. */
    images: z.array(Image),
  })
  .meta({ id: 'Post' })
export type Post = z.infer<typeof Post>

/** A post as its seller sees it: with the exact place, and why others may not see it. */
export const OwnPost = Post.extend({
  ownStatus: OwnStatus,
  /** Whether the public sees it now. */
  visible: z.boolean(),
  removalReason: z.string().nullable(),
  /** When it may be renewed; null when it may be now, or never. */
  renewableFrom: instant.nullable(),
  canRenew: z.boolean(),
  externalId: z.string().nullable(),
}).meta({ id: 'OwnPost' })
export type OwnPost = z.infer<typeof OwnPost>

export const sorts = ['newest', 'oldest', 'price', '-price'] as const
export const Sort = z.enum(sorts)
export type Sort = z.infer<typeof Sort>

const minorUnits = wholeNumber(0, 1_000_000_000_000)

/** Query of `GET /api/v1/posts`. `near` is "lat,lon", `radius` kilometres, prices minor units of `currency`. */
export const PostQuery = z
  .strictObject({
    category: z.string().optional(),
    country: Country.optional(),
    subdivision: Subdivision.optional(),
    near: z
      .string()
      .regex(/^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/, 'must be "lat,lon" in degrees')
      .refine(inRange, 'must be "lat,lon" in degrees')
      .optional(),
    radius: decimalNumber(1, 500).optional(),
    minPrice: minorUnits.optional(),
    maxPrice: minorUnits.optional(),
    currency: Currency.optional(),
    sort: Sort.default('newest'),
    region: z.enum(regions).optional(),
    limit: pageLimit,
    cursor: z.string().max(500).optional(),
  })
  .refine(query => query.near !== undefined || query.radius === undefined, {
    path: ['near'],
    message: 'is needed with radius',
  })
export type PostQuery = z.infer<typeof PostQuery>

export const OwnPostQuery = z.strictObject({
  status: OwnStatus.optional(),
  limit: pageLimit,
  cursor: z.string().max(500).optional(),
})

const nextCursor = z.string().nullable()
export const PostList = z.object({ items: z.array(Post), nextCursor }).meta({ id: 'PostList' })
export type PostList = z.infer<typeof PostList>
export const OwnPostList = z.object({ items: z.array(OwnPost), nextCursor }).meta({ id: 'OwnPostList' })
export type OwnPostList = z.infer<typeof OwnPostList>

/** Why a moderator acts; the seller reads it. */
export const Reason = z.strictObject({ reason: text(3, 1_000) }).meta({ id: 'Reason' })

/** One line of an export, and of an import: NDJSON, dates as ISO 8601 in UTC, the exact place. */
export const PostRecord = z
  .strictObject({
    externalId: z.string().min(1).max(200),
    ...fields,
    status: Status,
    createdAt: instant,
    publishedAt: instant.nullable(),
    bumpedAt: instant.nullable(),
    expiresAt: instant.nullable(),
    soldAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .superRefine(checkPrice)
export type PostRecord = z.infer<typeof PostRecord>

/** The rule between `price` and `priceKind`: fixed and negotiable need an amount, free and on request have none. */
export function checkPrice(
  { price, priceKind }: { price: Money | null; priceKind: PriceKind },
  ctx: z.core.$RefinementCtx,
): void {
  const needsAmount = priceKind === 'fixed' || priceKind === 'negotiable'
  if (needsAmount === (price !== null)) return
  const message = needsAmount ? 'is needed: write an amount' : 'must be null for this kind of price'
  ctx.addIssue({ code: 'custom', path: ['price'], message })
}

function inRange(near: string): boolean {
  const [lat = Number.NaN, lon = Number.NaN] = near.split(',').map(Number)
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180
}
