import type { OpenSearch } from '../../adapters/opensearch.ts'
import type { ParsedQuery } from '../query.ts'
import { synonymGroups } from '../synonyms.ts'
import { anyOf } from './filters.ts'
import { languages } from './languages.ts'
import { analyzers } from './mapping.ts'
import { type Query, ranking } from './ranking.ts'

/** Words of a query up to which synonyms and other spellings are looked for: what is longer says enough, and would cost too much. */
const mostSynonyms = 12
const mostFuzzy = 8

/** Of a script that writes words out of letters: others are cut into signs, of which each is a word. */
const lettered = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{M}'’]+$/u

const stopWords: ReadonlySet<string> = new Set(languages.english.stopWords)
const named = new Set(synonymGroups.flatMap(({ names }) => names.flat()))

/** The fields that are searched; a post has a word when any of them has it. */
const searchedFields = Object.keys(ranking.fields)
const weighed = Object.entries(ranking.fields).map(([field, weight]) => `${field}^${weight}`)

/** What words ask for: `required` decides what is found, `boosts` only raise a score, `excluded` must not be there. */
export type WordQuery = { required: Query[]; boosts: Query[]; excluded: Query[] }

/** In how many posts a word is, at most in one field, by the word as it was typed. */
export type Frequencies = ReadonlyMap<string, number>

/** Asks the index how common words are. Words that it does not look at are not among them. */
export async function readFrequencies(
  openSearch: OpenSearch,
  alias: string,
  words: readonly string[],
): Promise<Frequencies> {
  if (words.length === 0) return new Map()
  const asked = { text: words.join(' '), fields: searchedFields, analyzer: analyzers.fewStems }
  const documents = new Map((await openSearch.frequenciesOf(alias, asked)).map(found => [found.start, found.documents]))
  let start = 0
  const found = words.map(word => {
    const at = start
    start += word.length + 1
    return [word, documents.get(at)] as const
  })
  return new Map(found.flatMap(([word, count]) => (count === undefined ? [] : [[word, count] as const])))
}

/**
 * Writes what words ask for. Nothing that was typed is ever parsed by the engine: it is a text that an analyzer reads.
 * @param fuzzy words of which other spellings are found too
 */
export function wordQueryOf(
  { words, phrases, excluded }: ParsedQuery,
  { fuzzy, frequencies }: { fuzzy: ReadonlySet<string>; frequencies: Frequencies },
): WordQuery {
  const meant = meantWords(words)
  const ways = [...wholeText(knownWords(meant, frequencies)), ...spelledAlike(meant, fuzzy)]
  const plain = ways.length === 0 ? [] : [anyOf(ways)]
  // As in Postgres: who writes a phrase wants that, and the other words only say which of its posts come first.
  const required = phrases.length > 0 ? [] : plain
  return {
    required: [...phrases.map(phrase => ({ multi_match: phraseOf(phrase, weighed) })), ...required],
    boosts: [...(phrases.length > 0 ? plain : []), ...titleBoosts(meant)],
    excluded: excluded.map(phrase => ({ multi_match: phraseOf(phrase, searchedFields, 'none') })),
  }
}

/** Gives the words that may have been misspelled: no numbers, nothing short, nothing that has synonyms, none of a long query. */
export function fuzzyCandidates({ words }: Pick<ParsedQuery, 'words'>): string[] {
  const meant = meantWords(words)
  if (meant.length > mostFuzzy || !meant.every(word => lettered.test(word))) return []
  return meant.filter(word => /^\p{L}{4,40}$/u.test(word) && !named.has(word.toLowerCase()))
}

function meantWords(words: readonly string[]): string[] {
  return words.filter(word => !stopWords.has(word.toLowerCase()))
}

/** What no post has asks nothing of the other words, unless there are none. */
function knownWords(words: readonly string[], frequencies: Frequencies): readonly string[] {
  const known = words.filter(word => frequencies.get(word) !== 0 || named.has(word.toLowerCase()))
  return known.length > 0 ? known : words
}

/** All words in all fields as if these were one, without synonyms and with them. */
function wholeText(words: readonly string[]): Query[] {
  if (words.length === 0) return []
  const text = words.join(' ')
  const typed = across(text, analyzers.fewStems, 1)
  if (words.length > mostSynonyms) return [typed]
  return [{ dis_max: { queries: [typed, across(text, analyzers.synonyms, ranking.synonym)] } }]
}

function across(query: string, analyzer: string, boost: number): Query {
  const { coverage: minimum_should_match, otherFields: tie_breaker } = ranking
  return {
    multi_match: { query, type: 'cross_fields', fields: weighed, analyzer, minimum_should_match, tie_breaker, boost },
  }
}

/** Word by word, those that may be misspelled in any similar way too (Levenshtein, by length; the first letter is right). */
function spelledAlike(words: readonly string[], fuzzy: ReadonlySet<string>): Query[] {
  if (!words.some(word => fuzzy.has(word))) return []
  const should = words.map(word => {
    const asTyped = across(word, analyzers.synonyms, 1)
    if (!fuzzy.has(word)) return asTyped
    const alike = { query: word, fuzziness: 'AUTO:4,8', prefix_length: 1, max_expansions: 10, boost: ranking.fuzzy }
    const stems = { ...alike, fields: weighed, analyzer: analyzers.fewStems, tie_breaker: ranking.otherFields }
    const title = { ...alike, fields: [`title.exact^${ranking.fields.title}`] }
    return { dis_max: { queries: [asTyped, { multi_match: stems }, { multi_match: title }] } }
  })
  return [{ bool: { should, minimum_should_match: ranking.coverage } }]
}

function titleBoosts(words: readonly string[]): Query[] {
  const query = words.join(' ')
  const { exact, pairs, phrase } = ranking.title
  const single = { match: { 'title.exact': { query, analyzer: analyzers.fewWords, boost: exact } } }
  if (words.length < 2) return words.length === 0 ? [] : [single]
  return [
    single,
    { match: { 'title.pairs': { query, analyzer: analyzers.fewPairs, boost: pairs } } },
    { match_phrase: { title: { query, slop: 1, boost: phrase } } },
  ]
}

/** Words side by side in one field, by their stems; of nothing but stop words it is as if it had not been written. */
function phraseOf(words: readonly string[], fields: readonly string[], zero_terms_query = 'all'): Query {
  return { query: words.join(' '), type: 'phrase', fields, analyzer: analyzers.stems, zero_terms_query }
}
