import { findCategory } from '../../shared/category.ts'
import type { PostRow } from './rows.ts'
import { ownStatusOf } from './visibility.ts'

const hour = 3_600_000
const day = 24 * hour

/** How long a seller waits from one bump (the first publication, or a renewal) to the next, and how long after its end a post can be revived, in milliseconds. */
export const renewalPause = 48 * hour
export const revivalWindow = 90 * day

/** No post is up for longer without a renewal; a constraint of the table holds it. */
export const longestStay = 90 * day

type Facts = Pick<PostRow, 'status' | 'expires_at' | 'bumped_at'>

/** Gives when a post of a category that starts its time now ends. */
export function expiryOf(category: string, from: Date): Date {
  return new Date(from.getTime() + (findCategory(category)?.expiryDays ?? 30) * day)
}

/** Gives the moment from which a post may be renewed; null when nothing stands against it now, or nothing will help. */
export function renewableFrom(post: Facts, now: Date): Date | null {
  if (!isOfAge(post, now) || post.bumped_at === null) return null
  const from = new Date(post.bumped_at.getTime() + renewalPause)
  return from > now ? from : null
}

/** Tells whether a renewal would succeed now. */
export function canRenew(post: Facts, now: Date): boolean {
  return isOfAge(post, now) && renewableFrom(post, now) === null
}

/** Tells whether a post ended too long ago to be revived. */
export function isBeyondRevival(post: Facts, now: Date): boolean {
  return ownStatusOf(post, now) === 'expired' && now.getTime() - Number(post.expires_at) > revivalWindow
}

function isOfAge(post: Facts, now: Date): boolean {
  return (post.status === 'active' || post.status === 'reserved') && !isBeyondRevival(post, now)
}
