import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { ParsedQuery } from '../query.ts'
import { synonymGroups } from '../synonyms.ts'

/** One thing that was asked for: the ways to say it, and how rare it is. */
export type Term = {
  /** Each way as the lexemes that must follow each other: first what was typed, then its synonyms, also those of names it is in. */
  ways: string[][]
  /** Inverse document frequency of its most common way (Robertson, Spärck Jones), natural logarithm. */
  rarity: number
  /** A phrase must be there; a word should. */
  required: boolean
}
export type Terms = { wanted: Term[]; excluded: string[][] }

/** The text search configuration of migration 020. */
const configuration = 'classifieds_en'

/** Other ways to say a name, by its stems. */
type Dictionary = Map<string, string[][]>
const dictionaries = new WeakMap<Kysely<Database>, Promise<Dictionary>>()

/**
 * Turns a query into terms of Postgres's text search: stems, synonyms (of runs of words too), and how rare each is.
 * What leaves no lexeme (a stop word) is no term.
 */
export async function termsOf(db: Kysely<Database>, { words, phrases, excluded }: ParsedQuery): Promise<Terms> {
  const dictionary = await dictionaryOf(db)
  const runs = [words, ...phrases, ...excluded]
  const stems = await stemsOf(db, runs.flat())
  const stemmed = runs.map(run => stems.splice(0, run.length).filter(stem => stem !== ''))
  const [plain = [], ...others] = stemmed
  const names = namesIn(dictionary, plain)
  const wanted = [
    ...distinct(plain).map(word => {
      const named = names.filter(name => name.includes(word)).flatMap(name => synonymsOf(dictionary, name))
      return { ways: unique([[word], ...synonymsOf(dictionary, [word]), ...named]), required: false }
    }),
    ...others
      .slice(0, phrases.length)
      .filter(way => way.length > 0)
      .map(way => ({ ways: unique([way, ...synonymsOf(dictionary, way)]), required: true })),
  ]
  const common = await frequenciesOf(
    db,
    wanted.flatMap(({ ways }) => ways.flat()),
  )
  const { posts, counts } = common
  const rarity = (ways: string[][]) => {
    const most = Math.max(...ways.map(way => Math.min(...way.map(lexeme => counts.get(lexeme) ?? 0))))
    return Math.log(1 + (posts - most + 0.5) / (most + 0.5))
  }
  return {
    wanted: wanted.map(term => ({ ...term, rarity: rarity(term.ways) })),
    excluded: others.slice(phrases.length).filter(way => way.length > 0),
  }
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

/** In how many public posts each lexeme is, of how many; made by `refreshStatistics`. */
async function frequenciesOf(db: Kysely<Database>, lexemes: string[]) {
  const rows = await db
    .selectFrom('search_terms')
    .selectAll()
    .where('lexeme', 'in', [...new Set(lexemes), allPosts])
    .execute()
  const counts = new Map(rows.map(({ lexeme, posts }) => [lexeme, posts]))
  return { counts, posts: Math.max(counts.get(allPosts) ?? 0, 1) }
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
