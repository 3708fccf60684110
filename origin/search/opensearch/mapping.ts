import { leafCategories } from '../../../shared/category.ts'
import { languages } from './languages.ts'

/** Names of the analyzers, which queries name too. */
export const analyzers = {
  /** Stems: how documents are read, and queries without synonyms. */
  stems: 'english_stems',
  /** Words as they are written, but for case and accents. */
  words: 'words',
  /** Stems with their synonyms: queries alone. */
  synonyms: 'english_synonyms',
  /** The first stems, pairs and words of a query: a text without spaces may be cut into hundreds. */
  fewStems: 'english_few_stems',
  fewPairs: 'english_few_pairs',
  fewWords: 'few_words',
} as const

/** Stems of a query that count; an engine refuses a query of more than 1,024 parts. */
const mostStems = 32

/** How one language is read at last; see `languages`. Fields of another would name its own analyzers. */
const text = { type: 'text', analyzer: analyzers.stems } as const

/**
 * Settings and mapping of an index of posts. A hidden post is a document `{gone: true}` that no query finds: it keeps the
 * post's version, so that what is delivered late does not bring it back.
 * @param replicas copies of each shard beside the first
 */
export function indexDefinition({ replicas = 1 }: { replicas?: number } = {}) {
  return { settings: settings(replicas), mappings: mapping }
}

function settings(replicas: number) {
  const { stopWords, stemmers, synonyms } = languages.english
  const base = ['lowercase', 'asciifolding', 'english_stop', ...stemmers.map(name => `english_${name}`)]
  return {
    index: {
      // One shard: counts and scores are exact, and some ten million posts fit.
      number_of_shards: 1,
      number_of_replicas: replicas,
      auto_expand_replicas: replicas > 0 ? `0-${replicas}` : false,
      // Set by hand, so that an index nobody has searched for a while refreshes too: a change is found within this time.
      refresh_interval: '500ms',
      max_result_window: 10_000,
    },
    analysis: {
      char_filter: {
        // What parts the words of a query parts those of a post; the tokenizer alone would keep "12.9" and "node.js" whole.
        signs: { type: 'pattern_replace', pattern: "[^\\p{L}\\p{N}\\p{M}'’]", replacement: ' ' },
        apostrophes: { type: 'mapping', mappings: ["’ => '"] },
      },
      filter: {
        english_stop: { type: 'stop', stopwords: stopWords },
        ...Object.fromEntries(stemmers.map(name => [`english_${name}`, { type: 'stemmer', language: name }])),
        // After the stemmers: rules and queries meet as stems.
        few: { type: 'limit', max_token_count: mostStems },
        english_synonym: { type: 'synonym_graph', synonyms },
        pairs: { type: 'shingle', min_shingle_size: 2, max_shingle_size: 3, output_unigrams: false },
      },
      analyzer: {
        [analyzers.stems]: analyzer(base),
        [analyzers.synonyms]: analyzer([...base, 'few', 'english_synonym']),
        [analyzers.fewStems]: analyzer([...base, 'few']),
        [analyzers.fewPairs]: analyzer([...base, 'few', 'pairs']),
        [analyzers.fewWords]: analyzer(['lowercase', 'asciifolding', 'few']),
        english_pairs: analyzer([...base, 'pairs']),
        [analyzers.words]: analyzer(['lowercase', 'asciifolding']),
      },
    },
  }
}

function analyzer(filter: readonly string[]) {
  return { type: 'custom', char_filter: ['signs', 'apostrophes'], tokenizer: 'standard', filter }
}

const keyword = { type: 'keyword' } as const
const number = { type: 'double' } as const
const instant = { type: 'date', format: 'epoch_millis' } as const

const mapping = {
  dynamic: 'strict',
  dynamic_templates: [
    // An attribute that the categories get is filtered and counted without a change here.
    { values: { path_match: 'values.*', mapping: keyword } },
    { numbers: { path_match: 'numbers.*', mapping: number } },
  ],
  properties: {
    title: {
      ...text,
      fields: {
        exact: { type: 'text', analyzer: analyzers.words },
        pairs: { type: 'text', analyzer: 'english_pairs', index_options: 'docs' },
      },
    },
    description: text,
    category_words: text,
    attribute_words: text,
    category: keyword,
    top_category: keyword,
    condition: keyword,
    status: keyword,
    seller: keyword,
    country: keyword,
    subdivision: keyword,
    /** Of attributes: any value in lower case, and numbers as such. */
    values: { type: 'object', dynamic: true, properties: knownAttributes(keyword) },
    numbers: { type: 'object', dynamic: true, properties: knownAttributes(number, ['integer', 'number']) },
    /** Minor units of `currency`. */
    price: { type: 'long' },
    currency: keyword,
    /** The blurred place; its parts too, for distances by the formula that lists have. */
    place: { type: 'geo_point' },
    lat: { type: 'double' },
    lon: { type: 'double' },
    published_at: instant,
    bumped_at: instant,
    expires_at: instant,
    id: keyword,
    gone: { type: 'boolean', index: false },
  },
} as const

/** Attributes that are known when an index is made: each that is found later costs a change of the whole cluster's state. */
function knownAttributes<T>(mapped: T, types?: readonly string[]): Record<string, T> {
  const schemas = leafCategories.flatMap(({ attributes }) => attributes)
  const wanted = schemas.filter(({ type }) => types?.includes(type) ?? true)
  return Object.fromEntries(wanted.map(({ key }) => [key, mapped]))
}
