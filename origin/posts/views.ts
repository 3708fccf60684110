import type { Money } from '../../shared/money.ts'
import type { OwnPost, Post } from '../../shared/post.ts'
import { canRenew, renewableFrom } from './renewal.ts'
import type { PostRow } from './rows.ts'
import { ownStatusOf, publicFace } from './visibility.ts'

/** Shows a post to everybody: the blurred place, nothing of why it may be hidden. */
export function viewPost(row: PostRow): Post {
  return { ...commonOf(row), location: { ...placeOf(row), lat: row.public_lat, lon: row.public_lon } }
}

/** Shows a post to its seller: the exact place, and how it stands. */
export function viewOwnPost(row: PostRow, now: Date): OwnPost {
  return {
    ...commonOf(row),
    location: { ...placeOf(row), lat: row.lat, lon: row.lon },
    ownStatus: ownStatusOf(row, now),
    visible: publicFace(row, now) === 'shown',
    removalReason: row.removal_reason,
    renewableFrom: renewableFrom(row, now)?.toISOString() ?? null,
    canRenew: canRenew(row, now),
    externalId: row.external_id,
  }
}

/** Gives a stored price, or null. */
export function priceOf(row: Pick<PostRow, 'price_amount' | 'price_currency'>): Money | null {
  if (row.price_amount === null || row.price_currency === null) return null
  return { amount: Number(row.price_amount), currency: row.price_currency }
}

function commonOf(row: PostRow): Omit<Post, 'location'> {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    category: row.category,
    price: priceOf(row),
    priceKind: row.price_kind,
    condition: row.condition,
    attributes: row.attributes,
    status: row.status,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    publishedAt: isoOf(row.published_at),
    bumpedAt: isoOf(row.bumped_at),
    expiresAt: isoOf(row.expires_at),
    soldAt: isoOf(row.sold_at),
    seller: { id: row.account_id, displayName: row.seller_name, memberSince: row.seller_since.toISOString() },
    images: row.images,
  }
}

function placeOf({ country, subdivision, city }: PostRow) {
  return { country, subdivision, city }
}

function isoOf(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
