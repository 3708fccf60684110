import type { PostRecord } from '../../../shared/post.ts'
import type { Random } from './random.ts'

/** What has become of a post; an expired one is stored as active. */
export type Fate = 'active' | 'reserved' | 'sold' | 'draft' | 'withdrawn' | 'expired'
type Dates = Pick<PostRecord, 'status' | 'createdAt' | 'publishedAt' | 'bumpedAt' | 'expiresAt' | 'soldAt' | 'endedAt'>

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const others: readonly Fate[] = [
  'sold',
  'active',
  'reserved',
  'expired',
  'active',
  'sold',
  'draft',
  'active',
  'withdrawn',
]
/** One neither sells nor reserves a choir. */
const unsold = new Set(['jobs', 'services', 'community'])

/**
 * Gives the fate of the nth post of a category in a region: of each large category the first twelve are active.
 * @param turn the place of the category, so that categories differ
 */
export function fateOf(n: number, turn: number, category: string): Fate {
  const always = turn < 12 ? 12 : 4
  if (n < always) return 'active'
  const fate = others[(n - always + turn * 2) % others.length] ?? 'active'
  if (!unsold.has(category)) return fate
  return fate === 'sold' ? 'withdrawn' : fate === 'reserved' ? 'active' : fate
}

/**
 * Gives the dates of a post. Bumps lie within the last 28 days, most of them in the last few, some minutes ago.
 * @param times `oldest` is when the seller's account was made
 */
export function datesOf(fate: Fate, times: { now: Date; expiryDays: number; oldest: Date }, random: Random): Dates {
  const now = times.now.getTime()
  const bumped = now - bumpAge(fate, times.expiryDays, random)
  if (fate === 'draft') {
    const never = { publishedAt: null, bumpedAt: null, expiresAt: null, soldAt: null, endedAt: null }
    return { status: 'draft', createdAt: instant(bumped), ...never }
  }
  const renewals = random.chance(0.25) ? random.int(1, 3) : 0
  const first = bumped - renewals * (random.int(3, 9) * day + random.int(0, 600) * minute)
  const published = Math.min(bumped, Math.max(first, times.oldest.getTime() + hour))
  const ended = instant(bumped + (now - bumped) * (0.2 + 0.7 * random.next()))
  return {
    status: fate === 'expired' ? 'active' : fate,
    createdAt: instant(published - random.int(2, 50) * minute),
    publishedAt: instant(published),
    bumpedAt: instant(bumped),
    expiresAt: instant(bumped + times.expiryDays * day),
    soldAt: fate === 'sold' ? ended : null,
    endedAt: fate === 'sold' || fate === 'withdrawn' ? ended : null,
  }
}

/** Milliseconds since the last bump. An expired post ran out some days ago; any other is still within its time. */
function bumpAge(fate: Fate, expiryDays: number, random: Random): number {
  if (fate === 'expired') return (expiryDays + 1 + 20 * random.next()) * day
  const youngest = fate === 'active' || fate === 'draft' ? 4 * minute : 8 * hour
  const longest = Math.min(28, expiryDays * 0.9) * day
  return youngest + (longest - youngest) * random.next() ** 2.6
}

function instant(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString()
}
