import type { OpenSearch } from '../../adapters/opensearch.ts'
import type { Query } from './ranking.ts'
import { readFrequencies } from './spelling.ts'

/** How rare words are, by the word: their inverse document frequency (Robertson, Spärck Jones), natural logarithm. */
export type Rarities = ReadonlyMap<string, number>

/** The share of all that is asked for, weighed by rarity, that a post must have at last; Postgres asks for the same. */
const leastCovered = 0.42

/** Counts how rare words are in the index; what no post has is not among them. */
export async function readRarities(
  { openSearch, alias }: { openSearch: OpenSearch; alias: string },
  words: readonly string[],
  fields: readonly string[],
): Promise<Rarities> {
  const [frequencies, posts] = await Promise.all([
    readFrequencies({ openSearch, alias }, words, fields),
    openSearch.count(alias),
  ])
  const known = [...frequencies].filter(([, having]) => having > 0)
  return new Map(
    known.map(([word, having]) => [word, Math.log(1 + Math.max(posts - having + 0.5, 0) / (having + 0.5))]),
  )
}

/**
 * Finds posts that have enough of some words by rarity: one rare word is, a common one alone is not.
 * @param queryOf finds posts that have one word
 */
export function rareEnough(rarities: Rarities, queryOf: (word: string) => Query): Query {
  if (rarities.size === 0) return { match_none: {} }
  const should = Array.from(rarities, ([word, rarity]) => ({
    constant_score: { filter: queryOf(word), boost: rarity },
  }))
  const sum = [...rarities.values()].reduce((total, rarity) => total + rarity, 0)
  // A score is a sum of floats: a little less is enough, or two halves might not be.
  return { function_score: { query: { bool: { should } }, min_score: leastCovered * sum * 0.9999 } }
}
