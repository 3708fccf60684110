import type { OpenSearch } from '../../adapters/opensearch.ts'
import { likelyEdits } from '../edits.ts'
import { likeliest } from '../spelling.ts'
import { analyzers } from './analysis.ts'

type Index = { openSearch: OpenSearch; alias: string }

/** In how many posts a word is, at most in one field, by the word as it was typed. */
export type Frequencies = ReadonlyMap<string, number>

/** What was likely meant by some words, by the word as it was typed. */
export type Meant = ReadonlyMap<string, readonly string[]>

/** Asks the index how common words are. Words that it does not look at are not among them. */
export async function readFrequencies(
  { openSearch, alias }: Index,
  words: readonly string[],
  fields: readonly string[],
): Promise<Frequencies> {
  if (words.length === 0) return new Map()
  const found = await openSearch.frequenciesOf(alias, { text: words.join(' '), fields, analyzer: analyzers.fewStems })
  const documents = new Map(found.map(({ start, documents }) => [start, documents]))
  const frequencies = new Map<string, number>()
  let start = 0
  for (const word of words) {
    const count = documents.get(start)
    if (count !== undefined) frequencies.set(word, count)
    start += word.length + 1
  }
  return frequencies
}

/** Gives the words of public titles that each word is likely to stand for, the likeliest first; see `likeliest`. */
export async function readMeant(
  { openSearch, alias }: Index,
  words: readonly string[],
  frequencies: Frequencies,
): Promise<Meant> {
  const asked = [...new Set(words)].map(word => ({ word, edits: likelyEdits(word.length) }))
  const similar = await openSearch.similarWords(alias, { field: 'title.exact', words: asked })
  const meant = [...similar].map(([word, others]) => {
    const known = others.map(({ word, documents }) => ({ word, posts: documents }))
    return [word, likeliest(word, frequencies.get(word) ?? 0, known)] as const
  })
  return new Map(meant.filter(([, words]) => words.length > 0))
}
