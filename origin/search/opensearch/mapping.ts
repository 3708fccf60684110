import { leafCategories } from '../../../shared/category.ts'
import { analysisOf, analyzers, analyzersOf, type Languages } from './analysis.ts'
import { languages } from './languages.ts'

/**
 * Settings and mapping of an index of posts. A hidden post is a document `{gone: true}` that no query finds: it keeps the
 * post's version, so that what is delivered late does not bring it back.
 * @param replicas copies of each shard beside the first
 * @param known languages, English among them
 */
export function indexDefinition({
  replicas = 1,
  languages: known = languages,
}: {
  replicas?: number
  languages?: Languages
} = {}) {
  const others = Object.keys(known).filter(name => name !== 'english')
  return { settings: settings(replicas, known), mappings: mappingFor(others) }
}

function settings(replicas: number, known: Languages) {
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
    analysis: analysisOf(known),
  }
}

const keyword = { type: 'keyword' } as const
const number = { type: 'double' } as const
const instant = { type: 'date', format: 'epoch_millis' } as const

function mappingFor(others: readonly string[]) {
  return { ...mapping, properties: { ...mapping.properties, ...textsFor(others) } }
}

/** The texts of a post, read as English, and beside that as each other language. */
function textsFor(others: readonly string[]) {
  const text = (own: Record<string, unknown> = {}) => {
    const readAs = (name: string) => ({ type: 'text', analyzer: analyzersOf(name).stems })
    const fields = { ...own, ...Object.fromEntries(others.map(name => [name, readAs(name)])) }
    return { ...readAs('english'), ...(Object.keys(fields).length > 0 && { fields }) }
  }
  return {
    title: text({
      exact: { type: 'text', analyzer: analyzers.words },
      pairs: { type: 'text', analyzer: analyzers.pairs, index_options: 'docs' },
    }),
    description: text(),
    category_words: text(),
    attribute_words: text(),
  }
}

const mapping = {
  dynamic: 'strict',
  dynamic_templates: [
    // An attribute that the categories get is filtered and counted without a change here.
    { values: { path_match: 'values.*', mapping: keyword } },
    { numbers: { path_match: 'numbers.*', mapping: number } },
  ],
  properties: {
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
