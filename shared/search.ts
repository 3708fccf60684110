import * as z from 'zod'
import { attributesOf, conditions, findCategory } from './category.ts'
import { isId } from './ids.ts'
import { Currency } from './money.ts'
import { Place } from './place.ts'
import { Post, PostQuery } from './post.ts'
import { regions } from './regions.ts'

export const searchSorts = ['relevance', 'newest', 'oldest', 'price', '-price', 'distance'] as const
export const SearchSort = z.enum(searchSorts)
export type SearchSort = z.infer<typeof SearchSort>

/**
 * Whose posts: those of one region, or of all of them. A world of which `region`, `country`, `subdivision` or `seller` names
 * a part is that part's region.
 */
export const searchScopes = ['region', 'world'] as const

/** UTF-16 units that a query may have; what is longer is refused, not cut. */
export const maxQueryLength = 1_000

/** Whatever somebody types or pastes is a query: what cannot be seen or is half a character counts as a space. */
const words = z
  .string()
  .max(maxQueryLength, `must have at most ${maxQueryLength} characters`)
  .transform(typed =>
    typed
      .toWellFormed()
      .replaceAll(/[\p{Cc}\ufffd]/gu, ' ')
      .trim(),
  )

const seen = (text: string) => !/\p{Cc}/u.test(text)

const attributeName = /^attr\.[a-z][A-Za-z0-9]*$/

const SearchFields = z.object({
  ...PostQuery.shape,
  q: words.default(''),
  condition: z
    .string()
    .transform(value => value.split(','))
    .pipe(z.array(z.enum(conditions)).min(1))
    .optional(),
  seller: z.string().refine(isId, 'must be the id of an account').optional(),
  sort: SearchSort.default('relevance'),
  scope: z.enum(searchScopes).default('region'),
  cursor: z.string().max(2_000).optional(),
})

/**
 * Query of `GET /api/v1/search`. `q` is words, "phrases" and -excluded words, and nothing else has a meaning in it. Without words,
 * `relevance` is `newest`. `condition` may name several, with commas between. `attr.KEY` is a value of an attribute of the
 * category (several with commas between), or for numbers a range `MIN..MAX` of which either end may be missing.
 */
export const SearchQuery = SearchFields.catchall(
  z.string().max(200).refine(seen, 'must not have control characters'),
).superRefine((query, ctx) => {
  for (const key of Object.keys(query)) {
    if (key in searchFields || attributeName.test(key)) continue
    ctx.addIssue({ code: 'custom', path: [key], message: 'is not a known field' })
  }
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
  if (query.near === undefined && query.radius !== undefined) refuse('near', 'is needed with radius')
  if (query.near === undefined && query.sort === 'distance') refuse('near', 'is needed to sort by distance')
  const byPrice = query.sort.endsWith('price') || query.minPrice !== undefined || query.maxPrice !== undefined
  if (query.scope === 'world' && byPrice && !query.currency)
    refuse('currency', 'is needed to compare prices of all regions')
  if (query.category !== undefined && !findCategory(query.category)) refuse('category', 'is not a category')
})
export type SearchQuery = z.output<typeof SearchFields> & { [attribute: `attr.${string}`]: string }

const searchFields: Record<string, unknown> = {
  ...PostQuery.shape,
  q: true,
  condition: true,
  seller: true,
  scope: true,
}

/** Gives the attribute filters of a query by key, as they were written. */
export function attributeFilters(query: SearchQuery): Record<string, string> {
  const given = Object.entries(query).filter(([key]) => key.startsWith('attr.'))
  return Object.fromEntries(given.map(([key, value]) => [key.slice('attr.'.length), String(value)]))
}

/**
 * Counts by value. Each says how many posts there would be if that value were this facet's only one, under all other filters:
 * so several values can be offered side by side.
 */
export const Facet = z.array(z.object({ value: z.string(), count: z.number().int() }))
export type Facet = z.infer<typeof Facet>

/** Values of a free text that are counted. */
const mostFreeValues = 12

/** Brings counts into the order of a facet: most first; what is equal by its name, code unit by code unit. Of free texts the first few. */
export function facetOf(
  name: string,
  { category = '' }: Pick<SearchQuery, 'category'>,
  counts: readonly { value: string; count: number }[],
): Facet {
  const free = attributesOf(category).some(({ key, type }) => type === 'text' && name === `attr.${key}`)
  return counts
    .map(({ value, count }) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, free ? mostFreeValues : undefined)
}

/** Counting stops to be exact here, in both engines and in sums of regions. */
export const mostCounted = 10_000

/** `gte` where counting has stopped. */
export const Total = z.object({ value: z.number().int(), relation: z.enum(['eq', 'gte']) })
export type Total = z.infer<typeof Total>

/**
 * What may lead on where nothing was found: each with the number of posts that it would bring. What is lifted is said; all other
 * fields stay as they were given, `country` too. Without a country, what is no longer near a point is counted in the whole
 * region (with `scope=world`, in all): a link that names a country besides leads to fewer.
 */
export const SearchHelp = z.object({
  /** The same within so many kilometres of `near`. */
  wider: z.object({ radius: z.number(), total: z.number().int() }).nullable(),
  /** Filters (by their name in the query) without which there is something; `near` goes with `radius`, `minPrice` with `maxPrice`. */
  without: z.array(z.object({ filter: z.string(), total: z.number().int() })),
  /** Without any filter: with `q`, `category`, `country` and `region` alone. Null where only one is given, or that brings nothing. */
  withoutAll: z.object({ total: z.number().int() }).nullish(),
  /** The same in other categories, without attributes of the one that was asked for. */
  categories: z.array(z.object({ category: z.string(), total: z.number().int() })),
})
export type SearchHelp = z.infer<typeof SearchHelp>

export const SearchResult = z
  .object({
    items: z.array(Post),
    total: Total,
    /** By name: `category` (one level below the one that is asked for), `condition`, `attr.KEY` of the category. */
    facets: z.record(z.string(), Facet),
    nextCursor: z.string().nullable(),
    /**
     * Another spelling that finds more; or, `applied`, the one that the words were read in already: what is shown is of that
     * spelling, besides what few posts have it as it was typed, and `total` counts just that.
     */
    suggestion: z.object({ q: z.string(), total: Total, applied: z.boolean().optional() }).nullable(),
    help: SearchHelp.nullable(),
    /** Which engine answered; over all regions, the lesser of those that did. */
    engine: z.enum(['opensearch', 'postgres']),
    /** The engine that should answer did not. */
    degraded: z.boolean(),
    /** Regions that did not answer in time, of those that were asked. */
    missingRegions: z.array(z.enum(regions)),
  })
  .meta({ id: 'SearchResult' })
export type SearchResult = z.infer<typeof SearchResult>

/**
 * What one region gives for `scope=world`, for an edge to merge: what it sorted by, and with each item the value that it was
 * sorted by there and a cursor that goes on after it. The edge's own answer has none of this.
 */
export type RegionalResult = SearchResult & { sort: SearchSort; positions: { key: number; cursor: string }[] }

export const SuggestQuery = z.strictObject({
  q: words,
  country: PostQuery.shape.country,
  region: PostQuery.shape.region,
  limit: PostQuery.shape.limit.default(8),
})

/** One line below the search field: words of public titles, a category, or a city. */
export const Suggestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phrase'), text: z.string() }),
  z.object({ kind: z.literal('category'), text: z.string(), category: z.string() }),
  z.object({ kind: z.literal('place'), text: z.string(), place: Place }),
])
export type Suggestion = z.infer<typeof Suggestion>
export const SuggestionList = z.object({ items: z.array(Suggestion) }).meta({ id: 'SuggestionList' })
export type SuggestionList = z.infer<typeof SuggestionList>

export const RelatedPosts = z.object({ items: z.array(Post) }).meta({ id: 'RelatedPosts' })

/** What is usually asked for such a thing around there: quartiles in minor units; null where too few are alike. */
export const UsualPrice = z
  .object({
    price: z
      .object({
        currency: Currency,
        low: z.number().int(),
        median: z.number().int(),
        high: z.number().int(),
        count: z.number().int(),
      })
      .nullable(),
  })
  .meta({ id: 'UsualPrice' })
export type UsualPrice = z.infer<typeof UsualPrice>
