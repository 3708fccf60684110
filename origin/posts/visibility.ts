import { type RawBuilder, sql } from 'kysely'
import type { OwnStatus } from '../../shared/post.ts'
import type { PostRow } from './rows.ts'

const day = 86_400_000

/** How long a sold post keeps its own page, in milliseconds. */
export const soldPageLifetime = 30 * day

/**
 * What every public list may show: the one place that says so. Expiry is part of it, so no list needs a sweeper.
 * The words of the first two conditions are those of the partial indexes in migration 001.
 */
export function isListed(now: Date): RawBuilder<boolean> {
  return sql`posts.status IN ('active', 'reserved') AND NOT posts.seller_hidden AND posts.expires_at > ${now}`
}

type Facts = Pick<PostRow, 'status' | 'expires_at' | 'sold_at' | 'seller_hidden' | 'published_at'>

/** Gives a post's state as its seller is told it: an active or reserved post past its time is `expired`. */
export function ownStatusOf({ status, expires_at }: Pick<Facts, 'status' | 'expires_at'>, now: Date): OwnStatus {
  const canExpire = status === 'active' || status === 'reserved'
  return canExpire && expires_at !== null && expires_at <= now ? 'expired' : status
}

/** Tells what the public meets at a post's own address: the post, that it is gone (410), or nothing at all (404). */
export function publicFace(post: Facts, now: Date): 'shown' | 'gone' | 'unknown' {
  if (post.status === 'draft' || post.published_at === null) return 'unknown'
  if (post.seller_hidden) return 'gone'
  const status = ownStatusOf(post, now)
  if (status === 'active' || status === 'reserved') return 'shown'
  const soldLately =
    status === 'sold' && post.sold_at !== null && now.getTime() - post.sold_at.getTime() < soldPageLifetime
  return soldLately ? 'shown' : 'gone'
}

/** Gives when a post that the public sees now will not be seen any more by time alone; null for one without an end. */
export function publicUntil({ status, expires_at, sold_at }: Facts): Date | null {
  if (status !== 'sold') return expires_at
  return sold_at && new Date(sold_at.getTime() + soldPageLifetime)
}
