import type { ParsedQuery } from '../query.ts'
import { analyzers } from './analysis.ts'
import { countingPhrases, knownWords, parted, readings, withoutStopWords } from './deciding.ts'
import { anyOf } from './filters.ts'
import { type Query, ranking } from './ranking.ts'
import { type Rarities, rareEnough } from './rarity.ts'
import type { Frequencies, Meant } from './spelling.ts'

/** Words of a query up to which synonyms are looked for: what is longer says enough, and would cost too much. */
const mostSynonyms = 12

/** The fields that are searched; a post has a word when any of them has it. */
export const searchedFields = Object.keys(ranking.fields)
const weighed = Object.entries(ranking.fields).map(([field, weight]) => `${field}^${weight}`)

/** What words ask for: `required` decides what is found, `boosts` only raise a score, `excluded` must not be there. */
export type WordQuery = { required: Query[]; boosts: Query[]; excluded: Query[] }

/** How the words of a query are read. */
export type Reading = {
  frequencies: Frequencies
  /** Words that some are likely to stand for. */
  meant: Meant
  /** Words of which any similar spelling is found. */
  fuzzy: ReadonlySet<string>
  /** How many of the words a post must have, as `minimum_should_match` says it. */
  enough: string
  /** How rare the words are: then enough of them by rarity will do, too. */
  rarities?: Rarities
}

/**
 * Writes what words ask for. Nothing that was typed is ever parsed by the engine: it is a text that an analyzer reads. Stop words ask
 * nothing, nor does a phrase of them, unless there is nothing else.
 */
export function wordQueryOf(query: ParsedQuery, reading: Reading): WordQuery {
  const { frequencies, meant, fuzzy, enough, rarities } = reading
  const phrases = countingPhrases(query)
  const excluded = query.excluded.map(phrase => ({ multi_match: phraseOf(phrase, searchedFields, 'none') }))
  const { things, wishes } = parted(withoutStopWords(query.words))
  if (things.length + phrases.length === 0) return { required: titlesWith(query), boosts: [], excluded }
  const [likely = [], ...others] = readings(things, meant)
  const waysWith = (enough: string) => [
    ...wholeText(knownWords(likely, frequencies), enough),
    ...others.flatMap(other => wholeText(knownWords(other, frequencies), enough, ranking.otherSpelling)),
    ...spelledAlike(things, fuzzy, enough),
  ]
  const ways = waysWith(enough)
  const plain =
    ways.length === 0 ? [] : [rarities ? loosened(waysWith('1'), ways, rarities) : { dis_max: { queries: ways } }]
  // As in Postgres: who writes a phrase wants that, and the other words only say which of its posts come first.
  const required = phrases.length > 0 ? [] : plain
  return {
    required: [...phrases.map(phrase => ({ multi_match: phraseOf(phrase, weighed) })), ...required],
    boosts: [
      ...(phrases.length > 0 ? plain : []),
      ...titleBoosts(likely),
      ...coverageBoosts(likely),
      ...(wishes.length > 0
        ? [across(wishes.join(' '), { analyzer: analyzers.synonyms, enough: '1', boost: ranking.wish })]
        : []),
    ],
    excluded,
  }
}

/** Titles with the very words of a query that has nothing but stop words: "AT&T", "the who". */
function titlesWith({ words, phrases }: ParsedQuery): Query[] {
  const query = words.join(' ')
  return [
    ...(words.length > 0 ? [{ match: { 'title.exact': { query, operator: 'and' } } }] : []),
    ...phrases.map(phrase => ({ match_phrase: { 'title.exact': phrase.join(' ') } })),
  ]
}

/** Posts with enough of the words by their number or by rarity, scored by all that they have. */
function loosened(any: readonly Query[], ways: readonly Query[], rarities: Rarities): Query {
  const one = (word: string) => across(word, { analyzer: analyzers.synonyms, enough: '100%', boost: 1 })
  return { bool: { must: [{ dis_max: { queries: any } }], filter: [anyOf([...ways, rareEnough(rarities, one)])] } }
}

/** All words in all fields as if these were one, without synonyms and with them. */
function wholeText(words: readonly string[], enough: string, boost = 1): Query[] {
  if (words.length === 0) return []
  const text = words.join(' ')
  const typed = across(text, { analyzer: analyzers.fewStems, enough, boost })
  if (words.length > mostSynonyms) return [typed]
  const meant = across(text, { analyzer: analyzers.synonyms, enough, boost: boost * ranking.synonym })
  return [{ dis_max: { queries: [typed, meant] } }]
}

function across(
  query: string,
  { analyzer, enough: minimum_should_match, boost }: { analyzer: string; enough: string; boost: number },
): Query {
  const { otherFields: tie_breaker } = ranking
  return {
    multi_match: { query, type: 'cross_fields', fields: weighed, analyzer, minimum_should_match, tie_breaker, boost },
  }
}

/** Word by word, those that may be misspelled in any similar way too (Levenshtein, by length; the first letter is right). */
function spelledAlike(words: readonly string[], fuzzy: ReadonlySet<string>, enough: string): Query[] {
  if (!words.some(word => fuzzy.has(word))) return []
  const should = words.map(word => {
    const asTyped = across(word, { analyzer: analyzers.synonyms, enough: '100%', boost: 1 })
    if (!fuzzy.has(word)) return asTyped
    const alike = { query: word, fuzziness: 'AUTO:4,8', prefix_length: 1, max_expansions: 10, boost: ranking.fuzzy }
    const stems = { ...alike, fields: weighed, analyzer: analyzers.fewStems, tie_breaker: ranking.otherFields }
    const title = { ...alike, fields: [`title.exact^${ranking.fields.title}`] }
    return { dis_max: { queries: [asTyped, { multi_match: stems }, { multi_match: title }] } }
  })
  return [{ bool: { should, minimum_should_match: enough } }]
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

/** All words once more, for posts that have most of them: the sum alone lets one rare word outweigh the others. */
function coverageBoosts(words: readonly string[]): Query[] {
  if (words.length < 2) return []
  const analyzer = words.length > mostSynonyms ? analyzers.fewStems : analyzers.synonyms
  return Object.entries(ranking.covered).map(([enough, boost]) => across(words.join(' '), { analyzer, enough, boost }))
}

/** Words side by side in one field, by their stems; of nothing but stop words it is as if it had not been written. */
function phraseOf(words: readonly string[], fields: readonly string[], zero_terms_query = 'all'): Query {
  return { query: words.join(' '), type: 'phrase', fields, analyzer: analyzers.stems, zero_terms_query }
}
