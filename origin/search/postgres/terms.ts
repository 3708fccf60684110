import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { ParsedQuery } from '../query.ts'
import { respellingsOf } from '../spelling.ts'
import { synonymGroups } from '../synonyms.ts'

/** One thing that was asked for: the ways to say it, and how rare it is. */
export type Term = {
  /** Each way as the lexemes that must follow each other: first what was typed, then its synonyms, also those of names it is in. */
  ways: string[][]
  /** Inverse document frequency of its most common way (Robertson, Spärck Jones), natural logarithm. */
  rarity: number
  /** The share of public posts that had its most common way when posts were counted last. */
  share: number
  /** A phrase must be there; a word should. */
  required: boolean
}
export type Terms = {
  wanted: Term[]
  excluded: string[][]
  /** A word was taken for another of nearly the same spelling, too. */
  loosened: boolean
}

/** The text search configuration of migration 020. */
const configuration = 'classifieds_en'

/** Other ways to say a name, by its stems. */
type Dictionary = Map<string, string[][]>
const dictionaries = new WeakMap<Kysely<Database>, Promise<Dictionary>>()

/** In no more public posts than this, a word may be a slip of the finger. */
const rarelyRight = 2

/**
 * Turns a query into terms of Postgres's text search: stems, synonyms (of runs of words too), and how rare each is. A word
 * that hardly any post has stands for others of nearly the same spelling too. What leaves no lexeme (a stop word) is no term.
 */
export async function termsOf(db: Kysely<Database>, query: ParsedQuery): Promise<Terms> {
  const { words, phrases, excluded } = query
  const dictionary = await dictionaryOf(db)
  const runs = [words, ...phrases, ...excluded]
  const stems = await stemsOf(db, runs.flat())
  const stemmed = runs.map(run => stems.splice(0, run.length))
  const ways = stemmed.map(run => run.filter(stem => stem !== ''))
  const [plain = [], ...others] = ways
  const names = namesIn(dictionary, plain)
  const wanted = [
    ...distinct(plain).map(word => {
      const named = names.filter(name => name.includes(word)).flatMap(name => synonymsOf(dictionary, name))
      return { ways: unique([[word], ...synonymsOf(dictionary, [word]), ...named]), required: false }
    }),
    ...others
      .slice(0, phrases.length)
      .filter(way => way.length > 0)
      .map(way => ({ ways: [way], required: true })),
  ]
  const typed = new Map((stemmed[0] ?? []).map((stem, i) => [stem, words[i] ?? '']))
  const frequencies = await frequenciesOf(db, wanted)
  const rare = wanted.filter(({ ways, required }) => !required && postsWith(frequencies, ways) <= rarelyRight)
  const respelled = await respelledWays(
    db,
    dictionary,
    rare.map(({ ways: [way = []] }) => typed.get(way[0] ?? '') ?? ''),
  )
  const all = wanted.map(term => {
    const more = term.required ? [] : (respelled.get(typed.get(term.ways[0]?.[0] ?? '') ?? '') ?? [])
    return { ...term, ways: unique([...term.ways, ...more]) }
  })
  const known = respelled.size === 0 ? frequencies : await frequenciesOf(db, all)
  return {
    wanted: all.map(term => ({
      ...term,
      rarity: rarityOf(known, term.ways),
      share: postsWith(known, term.ways) / known.posts,
    })),
    excluded: others.slice(phrases.length).filter(way => way.length > 0),
    loosened: respelled.size > 0,
  }
}

/** The ways of each rare word's other spellings, with their synonyms. */
async function respelledWays(db: Kysely<Database>, dictionary: Dictionary, words: string[]) {
  const spellings = await respellingsOf({ db }, words)
  const stems = await stemsOf(db, [...spellings.values()].flat())
  return new Map(
    [...spellings].map(([word, { length }]) => {
      const ways = stems.splice(0, length).flatMap(stem => [[stem], ...synonymsOf(dictionary, [stem])])
      return [word, ways.filter(way => way.join('') !== '')]
    }),
  )
}

/** Writes a way of saying something as a tsquery: lexemes quoted, one after the other. */
export function tsqueryOf(way: string[]): string {
  return way.map(lexeme => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`).join(' <-> ')
}

/** Gives the stem of each word, the first where a word falls into several, empty for stop words. */
async function stemsOf(db: Kysely<Database>, words: string[]): Promise<string[]> {
  if (words.length === 0) return []
  const { rows } = await sql<{ stem: string }>`
    SELECT coalesce((
      SELECT lexeme FROM unnest(to_tsvector(${configuration}::regconfig, word)) ORDER BY positions[1], lexeme LIMIT 1), '') AS stem
    FROM unnest(${words}::text[]) WITH ORDINALITY AS asked(word, n) ORDER BY n`.execute(db)
  return rows.map(({ stem }) => stem)
}

type Frequencies = { counts: Map<string, number>; posts: number }

/** In how many public posts each lexeme of some terms is, of how many; made by `refreshStatistics`. */
async function frequenciesOf(db: Kysely<Database>, terms: readonly Pick<Term, 'ways'>[]): Promise<Frequencies> {
  const lexemes = terms.flatMap(({ ways }) => ways.flat())
  const rows = await db
    .selectFrom('search_terms')
    .selectAll()
    .where('lexeme', 'in', [...new Set(lexemes), allPosts])
    .execute()
  const counts = new Map(rows.map(({ lexeme, posts }) => [lexeme, posts]))
  return { counts, posts: Math.max(counts.get(allPosts) ?? 0, 1) }
}

/** In how many posts the most common of some ways can be at most. */
function postsWith({ counts }: Frequencies, ways: string[][]): number {
  return Math.max(...ways.map(way => Math.min(...way.map(lexeme => counts.get(lexeme) ?? 0))))
}

function rarityOf(frequencies: Frequencies, ways: string[][]): number {
  const { posts } = frequencies
  const most = postsWith(frequencies, ways)
  return Math.log(1 + (posts - most + 0.5) / (most + 0.5))
}

/** The row of `search_terms` that counts all posts: no lexeme is empty. */
export const allPosts = ''

/** Synonyms by the stems of a name, read once for a database: its dictionaries say what a stem is. */
function dictionaryOf(db: Kysely<Database>): Promise<Dictionary> {
  let dictionary = dictionaries.get(db)
  if (!dictionary) {
    dictionary = readDictionary(db)
    dictionary.catch(() => dictionaries.delete(db))
    dictionaries.set(db, dictionary)
  }
  return dictionary
}

async function readDictionary(db: Kysely<Database>): Promise<Dictionary> {
  const stems = await stemsOf(
    db,
    synonymGroups.flatMap(({ names }) => names.flat()),
  )
  let at = 0
  const dictionary: Dictionary = new Map()
  for (const { names, oneSided } of synonymGroups) {
    const ways = names.map(name => name.map(() => stems[at++] ?? '').filter(stem => stem !== ''))
    ways.forEach((way, i) => {
      if (way.length === 0 || (oneSided && i > 0)) return
      const others = ways.filter(other => other.length > 0 && other.join(' ') !== way.join(' '))
      const known = dictionary.get(way.join(' ')) ?? []
      dictionary.set(way.join(' '), [...known, ...others])
    })
  }
  return dictionary
}

function synonymsOf(dictionary: Dictionary, way: string[]): string[][] {
  return dictionary.get(way.join(' ')) ?? []
}

function unique(ways: string[][]): string[][] {
  return [...new Map(ways.map(way => [way.join(' '), way])).values()]
}

/** The names of several words that stand in a row of stems, such as "cell phone". */
function namesIn(dictionary: Dictionary, stems: string[]): string[][] {
  const runs = [2, 3, 4].flatMap(length =>
    stems.map((_, from) => stems.slice(from, from + length)).filter(run => run.length === length),
  )
  return runs.filter(run => dictionary.has(run.join(' ')))
}

function distinct(stems: string[]): string[] {
  return [...new Set(stems)]
}
