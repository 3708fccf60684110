import type { Region } from './regions.ts'

/**
 * Names what a cached reply was made from (architecture, decision 5). A reply carries few tags, a change purges all that it
 * may have touched: a page carries its post and seller; a list carries one tag for what it is filtered by and one for its region.
 */
export const cacheTags = {
  /** All that shows one post by itself: its page, its API read. */
  post: (id: string) => `post:${id}`,
  /** All that shows single posts of one seller, with the seller's name. */
  seller: (accountId: string) => `seller:${accountId}`,
  /** Every list of a region; purged by rare and wide changes only. */
  lists: (region: Region) => `lists:${region}`,
  /** The lists of a region that are filtered by country, by category (a leaf or a top one), by both or by neither. */
  list: (region: Region, { country = '*', category = '*' }: { country?: string; category?: string } = {}) =>
    `list:${region}:${country}:${category}`,
}

/** Gives the tags of every list in which a post may stand. */
export function tagsOfListsWith(
  region: Region,
  { country, category, topCategory }: { country: string; category: string; topCategory: string },
): string[] {
  const categories = [undefined, topCategory, category]
  const filters = categories.flatMap(one => [
    { ...(one && { category: one }) },
    { country, ...(one && { category: one }) },
  ])
  return [...new Set(filters.map(filter => cacheTags.list(region, filter)))]
}

/** The stream in the Redis of all regions that every edge reads; its entries are named by the milliseconds of their arrival. */
export const purgeLogKey = 'purges'

/** How far back the log goes, in milliseconds: longer than any access token lives, and than any copy may be kept unread. */
export const purgeLogReach = 30 * 60_000

/** What is stale from a moment on: replies with one of the tags, and tokens of the sessions. */
export type PurgeEntry = { tags: string[]; sessions: string[] }

/** Writes an entry as the stream's fields; neither tags nor ids hold spaces. */
export function purgeFields({ tags, sessions }: PurgeEntry): Record<string, string> {
  return {
    ...(tags.length > 0 && { tags: tags.join(' ') }),
    ...(sessions.length > 0 && { sessions: sessions.join(' ') }),
  }
}

/**
 * Reads the entries that XRANGE or XREVRANGE answers, undeserialised: `[["1795401473216-0", ["tags", "a b"]]]`. `at` is the
 * moment of arrival in milliseconds, by the clock of Redis. Fields that it does not know are passed over.
 */
export function readPurgeEntries(reply: unknown): (PurgeEntry & { id: string; at: number })[] {
  return (reply as [string, string[]][]).map(([id, fields]) => {
    const words = (name: string) => {
      const at = fields.findIndex((field, i) => i % 2 === 0 && field === name)
      return at < 0 ? [] : (fields[at + 1] ?? '').split(' ').filter(Boolean)
    }
    return { id, at: Number.parseInt(id, 10), tags: words('tags'), sessions: words('sessions') }
  })
}
