import { sql } from 'kysely'
import type * as z from 'zod'
import { categories } from '../../shared/category.ts'
import type { Suggestion, SuggestionList, SuggestQuery } from '../../shared/search.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { foldName } from '../places/fold.ts'
import { type Place, suggestPlaces } from '../places/places.ts'
import { respell } from './spelling.ts'

/** Letters from which on something is suggested, and from which on cities are. */
const leastLetters = 2
const leastOfPlaces = 3
const mostCategories = 2
const mostPlaces = 2
/** Cities that are looked at, and people who must live in one that is abroad, or at home unless its whole name is typed. */
const placesLookedAt = 20
const knownAbroad = 250_000
const knownAtHome = 5_000

/** Every category with the words of its name, in lower case. */
const named = categories
  .flatMap(top => [top, ...top.children])
  .map(({ slug, name, children }) => ({
    slug,
    name,
    leaves: children.length > 0 ? children.map(leaf => leaf.slug) : [slug],
    words: ` ${name.toLowerCase()}`,
  }))

type Suggesting = Pick<Context, 'db'>
type Asked = z.output<typeof SuggestQuery>

/**
 * Suggests as somebody types: what public titles of several people say, then categories, then cities. What visitors have typed is
 * kept nowhere, so nobody's search is another's suggestion.
 */
export async function suggest(
  ctx: Suggesting,
  { q, country, limit }: Asked,
  visitor: Pick<Visitor, 'country' | 'lat' | 'lon'>,
): Promise<SuggestionList> {
  const typed = q
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}'’]+/gu, ' ')
    .trimStart()
  if (typed.trim().length < leastLetters) return { items: [] }
  const others: Suggestion[] = [
    ...(await categoriesNamed(ctx, typed.trim())),
    ...placesNamed(typed, country, visitor).map(place => ({ kind: 'place' as const, text: place.city, place })),
  ]
  const most = Math.max(limit - others.length, 1)
  const begun = await phrasesBeginning(ctx, typed, most)
  const phrases = begun.length > 0 ? begun : await phrasesMeant(ctx, typed, most)
  return { items: [...phrases.map(text => ({ kind: 'phrase' as const, text })), ...others].slice(0, limit) }
}

/** First the categories that are called so, then those whose name begins so, then those with a later word that does; each by its posts. */
async function categoriesNamed({ db }: Suggesting, typed: string): Promise<Suggestion[]> {
  const found = named.filter(({ words }) => words.includes(` ${typed}`))
  if (found.length === 0) return []
  const slugs = found.flatMap(({ leaves }) => leaves)
  const counted = await db.selectFrom('search_categories').selectAll().where('category', 'in', slugs).execute()
  const posts = new Map(counted.map(({ category, posts }) => [category, posts]))
  return found
    .map(one => ({
      ...one,
      place: placeIn(one.words, typed),
      posts: one.leaves.reduce((sum, leaf) => sum + (posts.get(leaf) ?? 0), 0),
    }))
    .sort((a, b) => a.place - b.place || b.posts - a.posts)
    .slice(0, mostCategories)
    .map(({ slug, name }) => ({ kind: 'category', text: name, category: slug }))
}

function placeIn(words: string, typed: string): number {
  if (!words.startsWith(` ${typed}`)) return 2
  return /^(?:e?s)?(?: |$)/.test(words.slice(typed.length + 1)) ? 0 : 1
}

/** Cities that somebody is likely to mean: large ones, or those of the own country. */
function placesNamed(
  typed: string,
  country: string | undefined,
  { country: home, lat, lon }: Pick<Visitor, 'country' | 'lat' | 'lon'>,
): Place[] {
  if (typed.trim().length < leastOfPlaces) return []
  const near = lat !== null && lon !== null ? { lat, lon } : undefined
  const whole = foldName(typed)
  const isLikely = (place: Place) =>
    place.population >= knownAbroad ||
    (place.country === (country ?? home) && (place.population >= knownAtHome || foldName(place.city) === whole))
  return suggestPlaces(typed, { limit: placesLookedAt, ...(country && { country }), ...(near && { near }) })
    .filter(isLikely)
    .slice(0, mostPlaces)
}

/**
 * The most common phrases that begin so; of a plural and its singular the commoner one, and none that only leads to a longer one
 * equally common.
 */
async function phrasesBeginning({ db }: Suggesting, typed: string, limit: number): Promise<string[]> {
  const pattern = `${typed.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ phrase: string; titles: number }>`
    SELECT phrase, titles FROM (
      SELECT DISTINCT ON (stems) phrase, titles FROM search_phrases WHERE stems IS NOT NULL AND phrase LIKE ${pattern}
      ORDER BY stems, titles DESC, phrase
    ) AS found
    ORDER BY titles DESC, length(phrase), phrase LIMIT ${limit * 2}`.execute(db)
  const leadsOn = (one: (typeof rows)[number]) =>
    rows.some(({ phrase, titles }) => titles === one.titles && phrase.startsWith(`${one.phrase} `))
  return rows
    .filter(one => !leadsOn(one))
    .slice(0, limit)
    .map(({ phrase }) => phrase)
}

/** What nobody writes so may be a slip: phrases that begin as it was likely meant. */
async function phrasesMeant(ctx: Suggesting, typed: string, limit: number): Promise<string[]> {
  const meant = await respell(ctx, typed)
  return meant === undefined ? [] : phrasesBeginning(ctx, meant.q, limit)
}
