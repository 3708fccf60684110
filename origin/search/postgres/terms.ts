import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { ParsedQuery } from '../query.ts'
import { respellingsOf } from '../spelling.ts'
import { synonymGroups } from '../synonyms.ts'
import { isWish } from '../wishes.ts'

/** One thing that was asked for: the ways to say it, and how rare it is. */
export type Term = {
  /** Each way as the lexemes that must follow each other: first what was typed or meant, then synonyms, also those of names it is in. */
  ways: string[][]
  /** How many of the ways are no synonyms: one, more where a word was taken for a slip that a few posts have too. */
  typed: number
  /** Inverse document frequency of its most common way (Robertson, Spärck Jones), natural logarithm; less for a wish. */
  rarity: number
  /** The share of public posts that had its most common way when posts were counted last. */
  share: number
  /** A phrase must be there; a word should. */
  required: boolean
  /** How a thing is wished rather than what it is. */
  wish: boolean
}
export type Terms = {
  wanted: Term[]
  excluded: string[][]
  /** Where all that was asked for is stop words: runs of words that a title must have as they are. */
  titles: string[][]
  /** Words that were taken for others of nearly the same spelling, and the likeliest of those. */
  meant: ReadonlyMap<string, string>
}

/** The text search configuration of migration 020. */
const configuration = 'classifieds_en'

/** Other ways to say a name, by its stems. */
type Dictionary = Map<string, string[][]>
const dictionaries = new WeakMap<Kysely<Database>, Promise<Dictionary>>()

/** In no more public posts than this, a word may be a slip of the finger. */
const rarelyRight = 2

/** What a word counts that says how a thing is wished, of what its rarity says. */
const wishWeight = 0.3

/** A word of a query: its stem, and those of what was meant by it, the likeliest first; none where it is as it should be. */
type Word = { stem: string; meant: string[] }

/**
 * Turns a query into terms of Postgres's text search: stems, synonyms (of runs of words too), and how rare each is. A word
 * that hardly any post has is read as what it nearly spells. What leaves no lexeme (a stop word) is no term.
 */
export async function termsOf(db: Kysely<Database>, query: ParsedQuery): Promise<Terms> {
  const { words, phrases, excluded } = query
  const dictionary = await dictionaryOf(db)
  const runs = [words, ...phrases, ...excluded]
  const stems = await stemsOf(db, runs.flat())
  const [plain = [], ...others] = runs.map(run => stems.splice(0, run.length))
  const kept = others.map(trimmed)
  const required = kept
    .slice(0, phrases.length)
    .filter(way => way.length > 0)
    .map(way => ({ ways: [way], typed: 1, required: true }))
  const typed = [
    ...wordTerms(
      dictionary,
      plain.map(stem => ({ stem, meant: [] })),
    ),
    ...required,
  ]
  const counted = await frequenciesOf(db, typed)
  const rare = typed.filter(({ ways, required }) => !required && postsWith(counted, ways) <= rarelyRight)
  const meant = await meantBy(
    db,
    rare.map(({ ways: [way = []] }) => words[plain.indexOf(way[0] ?? '')] ?? ''),
  )
  const read = plain.map((stem, i) => ({ stem, meant: meant.get(words[i] ?? '')?.stems ?? [] }))
  const wanted = meant.size === 0 ? typed : [...wordTerms(dictionary, read, counted), ...required]
  const known = meant.size === 0 ? counted : await frequenciesOf(db, wanted)
  const wishes = new Set(plain.filter((_, i) => isWish(words[i] ?? '')))
  const wished = new Set(wanted.filter(({ ways: [way = []], required }) => !required && wishes.has(way[0] ?? '')))
  return {
    wanted: wanted.map(term => ({
      ...term,
      wish: wished.has(term),
      rarity: rarityOf(known, term.ways) * (wished.has(term) ? wishWeight : 1),
      share: postsWith(known, term.ways) / known.posts,
    })),
    excluded: kept.slice(phrases.length).filter(way => way.length > 0),
    titles: wanted.length > 0 ? [] : [...words.map(word => [word]), ...phrases],
    meant: new Map([...meant].map(([word, { spelling }]) => [word, spelling])),
  }
}

/** The terms of plain words, each once. A misspelt word that some posts have stays beside what was meant. */
function wordTerms(dictionary: Dictionary, words: readonly Word[], counted?: Frequencies) {
  const read = words
    .filter(({ stem }) => stem !== '')
    .map(({ stem, meant }) => ({ stem: meant[0] ?? stem, typed: stem, other: meant.slice(1) }))
  const names = namesIn(
    dictionary,
    read.map(({ stem }) => stem),
  )
  const once = [...new Map(read.map(word => [word.stem, word])).values()]
  return once.map(({ stem, typed, other }) => {
    const named = names.filter(name => name.includes(stem)).flatMap(name => synonymsOf(dictionary, name))
    const first = unique([[stem], ...((counted?.counts.get(typed) ?? 0) > 0 ? [[typed]] : [])])
    const ways = unique([...first, ...synonymsOf(dictionary, [stem]), ...named, ...other.map(stem => [stem])])
    return { ways, typed: first.length, required: false }
  })
}

/** What words nearly spell: the likeliest spelling, and the stems of all. */
async function meantBy(
  db: Kysely<Database>,
  words: string[],
): Promise<Map<string, { spelling: string; stems: string[] }>> {
  const spellings = await respellingsOf({ db }, words)
  const all = await stemsOf(db, [...spellings.values()].flat())
  const meant = [...spellings].map(([word, others]) => {
    const stems = all.splice(0, others.length).filter(stem => stem !== '')
    return [word, { spelling: others[0] ?? word, stems }] as const
  })
  return new Map(meant.filter(([, { stems }]) => stems.length > 0))
}

/** Leaves out stop words before and after; those within keep the others apart, as they do in posts. */
function trimmed(stems: string[]): string[] {
  const first = stems.findIndex(stem => stem !== '')
  return first < 0 ? [] : stems.slice(first, stems.findLastIndex(stem => stem !== '') + 1)
}

/** Writes a way of saying something as a tsquery: lexemes quoted, one after the other; an empty one stands for any word. */
export function tsqueryOf(way: string[]): string {
  let apart = 1
  return way.reduce((query, lexeme) => {
    if (lexeme === '') {
      apart++
      return query
    }
    const quoted = `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    const next = query === '' ? quoted : `${query} <${apart}> ${quoted}`
    apart = 1
    return next
  }, '')
}

/** Gives the stem of each word, the first where a word falls into several, empty for stop words. */
async function stemsOf(db: Kysely<Database>, words: string[]): Promise<string[]> {
  if (words.length === 0) return []
  const { rows } = await sql<{ stem: string }>`
    SELECT coalesce((
      SELECT lexeme FROM unnest(to_tsvector(${configuration}::regconfig, translate(word, '''’', ''))) ORDER BY positions[1], lexeme LIMIT 1), '') AS stem
    FROM unnest(${words}::text[]) WITH ORDINALITY AS asked(word, n) ORDER BY n`.execute(db)
  return rows.map(({ stem }) => stem)
}

type Frequencies = { counts: Map<string, number>; posts: number }

/** In how many public posts each lexeme of some terms is, of how many; made by `refreshStatistics`. */
async function frequenciesOf(db: Kysely<Database>, terms: readonly Pick<Term, 'ways'>[]): Promise<Frequencies> {
  const lexemes = terms.flatMap(({ ways }) => ways.flat().filter(lexeme => lexeme !== ''))
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
  return Math.max(
    ...ways.map(way => Math.min(...way.filter(lexeme => lexeme !== '').map(lexeme => counts.get(lexeme) ?? 0))),
  )
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
