import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { editsBetween, likelyEdits } from './edits.ts'
import { wordsOf } from './query.ts'
import { synonymGroups } from './synonyms.ts'

/** Another spelling must be that much more common than what was typed. */
const timesMoreCommon = 10
/** In no more posts than this, a spelling may be a slip. */
const mostSlips = 2
/** Spellings that are looked at for a word, and given of it. */
const mostLookedAt = 60
const mostGiven = 3
/** Letters up to which two swapped ones leave too few trigrams alike: such words are looked up by their beginning too. */
const shortWord = 7

/** A word of letters that may be misspelled: in a shorter one an edit makes another word, in a number another thing. */
const misspellable = /^\p{L}{4,40}$/u

/** Words that people say for a thing, whether or not a post says them: nothing is wrong with them. */
const sayings: readonly string[] = [
  ...new Set(synonymGroups.flatMap(({ names }) => names.flat()).filter(word => /^\p{L}{4,}$/u.test(word))),
]

/** A word as it is written in titles, and in how many public ones. */
export type Spelling = { word: string; posts: number }
type Stores = Pick<Context, 'db'>

/** Tells whether a word can be misspelled at all. */
export function canBeMisspelled(word: string): boolean {
  return misspellable.test(word)
}

/**
 * Chooses what was meant by a word: as few edits away as any, if possible with the same first letter, where people seldom err,
 * and then as common as any. What people call a thing is known though no post says it.
 * @param posts how many have the word as it was typed
 * @returns the likeliest first; none where nothing is near and far more common
 */
export function likeliest(typed: string, posts: number, known: readonly Spelling[]): string[] {
  const word = typed.toLowerCase()
  const most = likelyEdits(word.length)
  const said = posts === 0 && !sayings.includes(word) ? sayings.map(word => ({ word, posts: 0 })) : []
  const near = [...known.filter(other => other.posts >= timesMoreCommon * posts), ...said]
    .filter(other => other.word !== word)
    .map(other => ({
      ...other,
      edits: editsBetween(word, other.word, most),
      begins: other.word.startsWith(word.charAt(0)),
    }))
    .filter(({ edits }) => edits <= most)
    .filter((one, _, all) => !isSlip(one, all))
    .sort((a, b) => a.edits - b.edits || Number(b.begins) - Number(a.begins) || b.posts - a.posts)
  const fewest = near.filter(({ edits }) => edits === near[0]?.edits)
  return [...new Set(fewest.map(({ word }) => word))].slice(0, mostGiven)
}

/** Tells a spelling that hardly anybody has and that is itself near to a far more common one: somebody else's slip. */
function isSlip({ word, posts }: Spelling, all: readonly Spelling[]): boolean {
  const most = likelyEdits(word.length)
  const common = all.filter(other => other.posts >= timesMoreCommon * mostSlips * posts)
  return posts > 0 && posts <= mostSlips && common.some(other => editsBetween(word, other.word, most) <= most)
}

/**
 * Gives for each word other spellings of it in public titles, see `likeliest`.
 * @param among `common` are words that several people use; what one person writes may be a slip of theirs
 * @returns by word as it was given; a word without any is not in it
 */
export async function respellingsOf(
  { db }: Stores,
  words: readonly string[],
  among: 'all' | 'common' = 'all',
): Promise<Map<string, string[]>> {
  const asked = [...new Set(words)].filter(canBeMisspelled)
  if (asked.length === 0) return new Map()
  const looked = among === 'common' ? sql`words = 1 AND common` : sql`words = 1`
  const { rows } = await sql<{ word: string; phrase: string | null; posts: number; known: number }>`
    SELECT asked.word, near.phrase, coalesce(near.posts, 0) AS posts, coalesce(known.posts, 0) AS known
    FROM unnest(${asked}::text[]) AS asked(word)
    LEFT JOIN search_phrases AS known ON known.phrase = lower(asked.word) AND known.words = 1
    LEFT JOIN LATERAL (
      SELECT phrase, posts FROM (
        SELECT phrase, posts FROM search_phrases WHERE ${looked} AND phrase % lower(asked.word)
        UNION
        SELECT phrase, posts FROM search_phrases
        WHERE ${looked} AND length(asked.word) <= ${shortWord}::int
          AND abs(length(phrase) - length(asked.word)) <= 1
          AND (phrase LIKE left(lower(asked.word), 1) || '%' OR phrase LIKE substr(lower(asked.word), 2, 1) || '%'
            OR phrase LIKE '_' || substr(lower(asked.word), 2))
      ) AS alike
      WHERE phrase <> lower(asked.word)
      ORDER BY similarity(phrase, lower(asked.word)) DESC, posts DESC LIMIT ${mostLookedAt}
    ) AS near ON true`.execute(db)
  const found = asked.map(word => {
    const own = rows.filter(row => row.word === word)
    const known = own.flatMap(({ phrase, posts }) => (phrase === null ? [] : [{ word: phrase, posts }]))
    return [word, likeliest(word, own[0]?.known ?? 0, known)] as const
  })
  return new Map(found.filter(([, spellings]) => spellings.length > 0))
}

/** A query put right, and its words that are other ones now, by how they were typed. */
export type Respelt = { q: string; words: ReadonlyMap<string, string> }

/**
 * Gives a query with each unknown or rare word put right by words of public titles that several people use, or undefined when nothing would
 * change. A word that would itself be put right is put right at once. All that is no word stays as it was typed.
 */
export async function respell(ctx: Stores, typed: string): Promise<Respelt | undefined> {
  const better = await respellingsOf(ctx, wordsOf(typed), 'common')
  if (better.size === 0) return undefined
  const wrong = await respellingsOf(ctx, [...better.values()].flat(), 'common')
  const right = [...better].map(([word, [best = word]]) => [word, wrong.get(best)?.[0] ?? best] as const)
  const words = new Map(right.filter(([word, best]) => word.toLowerCase() !== best))
  if (words.size === 0) return undefined
  const q = typed.normalize('NFKC').replaceAll(/[\p{L}\p{N}\p{M}'’]+/gu, word => words.get(word) ?? word)
  return { q, words }
}
