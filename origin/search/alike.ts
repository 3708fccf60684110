import type { Context } from '../context.ts'
import { noiseWords } from './noise.ts'
import { termsOf, tsqueryOf } from './postgres/terms.ts'
import { wordsOf } from './query.ts'

/** Of so many rarest words of a title, one like it has every one. */
const mostWords = 3
const leastWords = 2

/** Gives the words of a title that say what the thing is, in their order: without praise and haste. */
export function tellingWords(title: string): string[] {
  return wordsOf(title).filter(word => !noiseWords.has(word.toLowerCase()))
}

/**
 * Writes the tsqueries of titles like one: `all` for those that have all of its three rarest words, or another name for them, `any` for
 * those that have one. What the description alone says counts for nothing. Undefined where fewer than two words tell what it is.
 */
export async function alikeTitles(
  { db }: Pick<Context, 'db'>,
  title: string,
): Promise<{ all: string; any: string } | undefined> {
  const { wanted } = await termsOf(db, { words: tellingWords(title), phrases: [], excluded: [] })
  const rare = wanted.toSorted((a, b) => b.rarity - a.rarity).slice(0, mostWords)
  if (rare.length < leastWords) return undefined
  const words = rare.map(({ ways }) => `(${ways.map(inTitle).join(' | ')})`)
  return { all: words.join(' & '), any: words.join(' | ') }
}

function inTitle(way: string[]): string {
  return `(${way
    .filter(lexeme => lexeme !== '')
    .map(lexeme => `${tsqueryOf([lexeme])}:A`)
    .join(' <-> ')})`
}
