import type { OpenSearch } from '../../adapters/opensearch.ts'
import { likelyEdits } from '../edits.ts'
import { analyzers } from './mapping.ts'

type Index = { openSearch: OpenSearch; alias: string }

/** In how many posts a word is, at most in one field, by the word as it was typed. */
export type Frequencies = ReadonlyMap<string, number>

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

/** Gives the word of public titles that each word is likely to stand for: the more alike and the more common the likelier. */
export async function readCorrections(
  { openSearch, alias }: Index,
  words: readonly string[],
): Promise<Map<string, string>> {
  const asked = [...new Set(words)].map(word => ({ word, edits: likelyEdits(word.length) }))
  const similar = await openSearch.similarWords(alias, { field: 'title.exact', words: asked })
  const best = [...similar].flatMap(([word, others]) => {
    const [first] = others.toSorted((a, b) => likelihood(b) - likelihood(a))
    return first ? [[word, first.word] as const] : []
  })
  return new Map(best)
}

function likelihood({ alike, documents }: { alike: number; documents: number }): number {
  return alike * Math.log(2 + documents)
}
