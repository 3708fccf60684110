import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { editsBetween, likelyEdits } from './edits.ts'
import { wordsOf } from './query.ts'

/** Another spelling must be that much more common than what was typed. */
const timesMoreCommon = 10
/** Spellings that are looked at for a word, and given of it. */
const mostLookedAt = 60
const mostGiven = 3
/** Letters up to which two swapped ones leave too few trigrams alike: such words are looked up by their beginning too. */
const shortWord = 7

type Stores = Pick<Context, 'db'>

/**
 * Gives for each word other spellings of it in public titles, the likeliest first: as few edits away as any, and far more
 * common. Only words of letters are respelled; in a short one an edit makes another word, in a number another thing.
 * @returns by word as it was given; a word without any is not in it
 */
export async function respellingsOf({ db }: Stores, words: readonly string[]): Promise<Map<string, string[]>> {
  const asked = [...new Set(words)].filter(word => /^\p{L}{4,40}$/u.test(word))
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{ word: string; phrase: string | null; posts: number; known: number }>`
    SELECT asked.word, near.phrase, coalesce(near.posts, 0) AS posts, coalesce(known.posts, 0) AS known
    FROM unnest(${asked}::text[]) AS asked(word)
    LEFT JOIN search_phrases AS known ON known.phrase = lower(asked.word) AND known.words = 1
    LEFT JOIN LATERAL (
      SELECT phrase, posts FROM (
        SELECT phrase, posts FROM search_phrases WHERE words = 1 AND phrase % lower(asked.word)
        UNION
        SELECT phrase, posts FROM search_phrases
        WHERE words = 1 AND length(asked.word) <= ${shortWord}::int
          AND abs(length(phrase) - length(asked.word)) <= 1
          AND (phrase LIKE left(lower(asked.word), 1) || '%' OR phrase LIKE substr(lower(asked.word), 2, 1) || '%')
      ) AS alike
      WHERE phrase <> lower(asked.word)
      ORDER BY similarity(phrase, lower(asked.word)) DESC, posts DESC LIMIT ${mostLookedAt}
    ) AS near ON true`.execute(db)
  const found = asked.map(word => {
    const most = likelyEdits(word.length)
    const near = rows
      .filter(row => row.word === word && row.phrase !== null && row.posts >= timesMoreCommon * row.known)
      .map(row => ({ ...row, edits: editsBetween(word.toLowerCase(), row.phrase ?? '', most) }))
      .filter(({ edits }) => edits <= most)
      .sort((a, b) => a.edits - b.edits || b.posts - a.posts)
    const fewest = near.filter(({ edits }) => edits === near[0]?.edits)
    return [word, fewest.slice(0, mostGiven).map(({ phrase }) => phrase ?? '')] as const
  })
  return new Map(found.filter(([, spellings]) => spellings.length > 0))
}

/**
 * Gives a query with each unknown or rare word put right by the words of public titles, or undefined when nothing would
 * change. All that is no word stays as it was typed.
 */
export async function respell(ctx: Stores, typed: string): Promise<string | undefined> {
  const better = await respellingsOf(ctx, wordsOf(typed))
  if (better.size === 0) return undefined
  return typed.normalize('NFKC').replaceAll(/[\p{L}\p{N}\p{M}'’]+/gu, word => better.get(word)?.[0] ?? word)
}
