import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Hit, Hits, Question, Window } from '../engine.ts'
import type { Reading } from './conditions.ts'

/** Posts that are ranked for a page, about: to rank each of a hundred thousand that have a common word would take a second. */
const ranked = 5_000

type FindPage = (question: Question, window?: Window) => Promise<Hits>

/**
 * Finds a page of the best where a great many fit: the best of the newest first, as many of those as hold about 5,000 that
 * fit, and then the best of the rest. Where fewer fit all are one window. A list keeps to the window that it began with.
 */
export async function findInWindows(
  { db, reading }: { db: Kysely<Database>; reading: Reading },
  question: Question,
  findPage: FindPage,
): Promise<Hits> {
  const { after, limit } = question
  const since = after ? after.window?.since : await beginningFor(db, reading)
  if (since === undefined) return findPage(question)
  const newer = { since, done: false }
  const older = { since, done: true }
  if (after?.window?.done) return inWindow(await findPage(question, older), older)
  const first = inWindow(await findPage(question, newer), newer)
  if (first.more) return first
  const rest = await findPage({ ...question, after: undefined, limit: limit - first.hits.length }, older)
  return { hits: [...first.hits, ...inWindow(rest, older).hits], more: rest.more }
}

/** Gives since when posts are to be ranked first, in milliseconds; undefined where all may be. */
async function beginningFor(db: Kysely<Database>, reading: Reading): Promise<number | undefined> {
  const enough = Math.ceil(ranked / shareOf(reading))
  const age = await db
    .selectFrom('search_ages')
    .select('since')
    .where('newest', '>=', enough)
    .orderBy('newest')
    .limit(1)
    .executeTakeFirst()
  return age?.since.getTime()
}

/** The share of posts that fit, about. */
function shareOf({ wanted, sets }: Reading): number {
  const required = wanted.filter(term => term.required)
  const needed = required.length > 0 ? [required] : sets
  return Math.max(1e-5, ...needed.map(set => Math.min(...set.map(({ share }) => share))))
}

function inWindow({ hits, more }: Hits, window: Window): Hits {
  return { hits: hits.map((hit): Hit => ({ ...hit, window })), more }
}
