import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { wordsOf } from './query.ts'

/** How alike a known word must be (pg_trgm), and how much more common than what was typed. */
const leastAlike = 0.3
const timesMoreCommon = 5

/**
 * Gives a query with each unknown or rare word put right by the words of public titles, or undefined when nothing would
 * change. Numbers and words of fewer than three letters are left alone, and all that is no word stays as it was typed.
 */
export async function respell({ db }: Pick<Context, 'db'>, typed: string): Promise<string | undefined> {
  const words = [...new Set(wordsOf(typed))].filter(word => /^\p{L}{3,40}$/u.test(word))
  if (words.length === 0) return undefined
  const { rows } = await sql<{ word: string; better: string | null }>`
    SELECT asked.word, better.phrase AS better
    FROM unnest(${words}::text[]) AS asked(word)
    LEFT JOIN search_phrases AS known ON known.phrase = lower(asked.word) AND known.words = 1
    LEFT JOIN LATERAL (
      SELECT phrase FROM search_phrases
      WHERE words = 1 AND phrase % lower(asked.word) AND phrase <> lower(asked.word)
        AND similarity(phrase, lower(asked.word)) >= ${leastAlike}
        AND posts >= ${timesMoreCommon} * coalesce(known.posts, 0)
      ORDER BY similarity(phrase, lower(asked.word)) * ln(2 + posts) DESC, phrase
      LIMIT 1
    ) AS better ON true`.execute(db)
  const better = new Map(rows.flatMap(({ word, better }) => (better === null ? [] : [[word, better] as const])))
  if (better.size === 0) return undefined
  return typed.normalize('NFKC').replaceAll(/[\p{L}\p{N}\p{M}'’]+/gu, word => better.get(word) ?? word)
}
