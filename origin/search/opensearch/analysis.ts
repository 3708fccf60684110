import type { Language } from './languages.ts'

/** Names of the analyzers of English, which queries name too. */
export const analyzers = analyzersOf('english')

/** Stems of a query that count; an engine refuses a query of more than 1,024 parts. */
const mostStems = 32

export type Languages = Record<string, Language>

/** How the texts of posts and queries are read, in each of some languages: the `analysis` of an index's settings. */
export function analysisOf(known: Languages) {
  return {
    char_filter: {
      // What parts the words of a query parts those of a post; the tokenizer alone would keep "12.9" and "node.js" whole.
      signs: { type: 'pattern_replace', pattern: "[^\\p{L}\\p{N}\\p{M}'’]", replacement: ' ' },
      apostrophes: { type: 'mapping', mappings: ["’ => '"] },
    },
    filter: {
      ...merged(Object.entries(known).map(([name, language]) => filtersOf(name, language))),
      few: { type: 'limit', max_token_count: mostStems },
      pairs: { type: 'shingle', min_shingle_size: 2, max_shingle_size: 3, output_unigrams: false },
    },
    analyzer: {
      ...merged(Object.entries(known).map(([name, language]) => readersOf(name, language))),
      [analyzers.fewWords]: analyzer(['lowercase', 'asciifolding', 'few']),
      [analyzers.words]: analyzer(['lowercase', 'asciifolding']),
    },
  }
}

/** Names of the analyzers of a language. */
export function analyzersOf(language: string) {
  return {
    /** Stems: how documents are read, and queries without synonyms. */
    stems: `${language}_stems`,
    /** Two or three stems in a row. */
    pairs: `${language}_pairs`,
    /** Stems with their synonyms: queries alone. */
    synonyms: `${language}_synonyms`,
    /** The first stems, pairs and words of a query: a text without spaces may be cut into hundreds. */
    fewStems: `${language}_few_stems`,
    fewPairs: `${language}_few_pairs`,
    fewWords: 'few_words',
    /** Words as they are written, but for case and accents, in any language. */
    words: 'words',
  } as const
}

function filtersOf(name: string, { stopWords, stemmers, synonyms }: Language) {
  return {
    [`${name}_stop`]: { type: 'stop', stopwords: stopWords },
    ...Object.fromEntries(stemmers.map(language => [`${name}_${language}`, { type: 'stemmer', language }])),
    [`${name}_synonym`]: { type: 'synonym_graph', synonyms },
  }
}

function readersOf(name: string, { stemmers }: Language) {
  const base = ['lowercase', 'asciifolding', `${name}_stop`, ...stemmers.map(stemmer => `${name}_${stemmer}`)]
  const { stems, pairs, synonyms, fewStems, fewPairs } = analyzersOf(name)
  return {
    [stems]: analyzer(base),
    [pairs]: analyzer([...base, 'pairs']),
    // After the stemmers: rules and queries meet as stems.
    [synonyms]: analyzer([...base, 'few', `${name}_synonym`]),
    [fewStems]: analyzer([...base, 'few']),
    [fewPairs]: analyzer([...base, 'few', 'pairs']),
  }
}

function merged<T>(parts: readonly Record<string, T>[]): Record<string, T> {
  return Object.assign({}, ...parts)
}

function analyzer(filter: readonly string[]) {
  return { type: 'custom', char_filter: ['signs', 'apostrophes'], tokenizer: 'standard', filter }
}
