import { sql } from 'kysely'
import type * as z from 'zod'
import { categories } from '../../shared/category.ts'
import type { Suggestion, SuggestionList, SuggestQuery } from '../../shared/search.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { suggestPlaces } from '../places/places.ts'

/** Letters from which on something is suggested. */
const leastLetters = 2
const mostCategories = 2
const mostPlaces = 2

/** Every category with the words of its name, in lower case. */
const named = categories
  .flatMap(top => [top, ...top.children])
  .map(({ slug, name }) => ({ slug, name, folded: ` ${name.toLowerCase()}` }))

/**
 * Suggests as somebody types: what public titles say, categories, and cities. What visitors have typed is kept nowhere, so
 * nobody's search is another's suggestion.
 */
export async function suggest(
  ctx: Pick<Context, 'db'>,
  { q, country, limit }: z.output<typeof SuggestQuery>,
  visitor: Pick<Visitor, 'lat' | 'lon'>,
): Promise<SuggestionList> {
  const typed = q
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}'’]+/gu, ' ')
    .trimStart()
  if (typed.trim().length < leastLetters) return { items: [] }
  const found = named.filter(({ folded }) => folded.includes(` ${typed.trim()}`)).slice(0, mostCategories)
  const near = visitor.lat !== null && visitor.lon !== null ? { lat: visitor.lat, lon: visitor.lon } : undefined
  const options = { limit: mostPlaces, ...(country && { country }), ...(near && { near }) }
  const places = typed.trim().length > leastLetters ? suggestPlaces(typed, options) : []
  const others: Suggestion[] = [
    ...found.map(({ slug, name }) => ({ kind: 'category' as const, text: name, category: slug })),
    ...places.map(place => ({ kind: 'place' as const, text: place.city, place })),
  ]
  const phrases = await phrasesBeginning(ctx, typed, Math.max(limit - others.length, 1))
  return { items: [...phrases.map(text => ({ kind: 'phrase' as const, text })), ...others].slice(0, limit) }
}

/** The most common phrases of public titles that begin so; one that only leads to a longer one equally common is left out. */
async function phrasesBeginning({ db }: Pick<Context, 'db'>, typed: string, limit: number): Promise<string[]> {
  const pattern = `${typed.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ phrase: string }>`
    SELECT phrase FROM search_phrases WHERE phrase LIKE ${pattern}
    ORDER BY posts DESC, length(phrase), phrase LIMIT ${limit}`.execute(db)
  return rows.map(({ phrase }) => phrase)
}
