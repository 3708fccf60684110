import { type AttributeSchema, attributesOf, categoryPath } from '../../shared/category.ts'
import { AppError } from '../../shared/errors.ts'
import { attributeFilters, type SearchQuery } from '../../shared/search.ts'
import { inLowerCase } from './lower-case.ts'

/** How one attribute is filtered by: some values (texts in lower case), or a range of numbers. */
export type AttributeFilter = { schema: AttributeSchema } & ({ values: string[] } | { min?: number; max?: number })

/** Attributes that are counted by value; numbers are only filtered by. */
const counted = new Set<AttributeSchema['type']>(['choice', 'boolean', 'text'])

/** Gives the facets that a query's category has, by name. */
export function facetNamesFor({ category }: Pick<SearchQuery, 'category'>): string[] {
  const attributes = category ? attributesOf(category).filter(({ type }) => counted.has(type)) : []
  return ['category', 'condition', ...attributes.map(({ key }) => `attr.${key}`)]
}

/** The category within which the category facet counts: the asked one's top, so that its siblings can be offered. */
export function topOf({ category }: Pick<SearchQuery, 'category'>): string | undefined {
  return category === undefined ? undefined : categoryPath(category)[0]?.slug
}

/**
 * Reads the attribute filters of a query by the schemas of its category.
 * @throws invalid_input for an attribute that the category does not have, or a value that it cannot have
 */
export function readAttributeFilters(query: SearchQuery): AttributeFilter[] {
  const schemas = new Map((query.category ? attributesOf(query.category) : []).map(schema => [schema.key, schema]))
  return Object.entries(attributeFilters(query)).map(([key, text]) => {
    const schema = schemas.get(key)
    if (!schema) throw refused(key, query.category ? 'is not an attribute of this category' : 'needs a category')
    return { schema, ...readValue(schema, text) }
  })
}

function readValue(schema: AttributeSchema, text: string) {
  if (schema.type !== 'integer' && schema.type !== 'number') {
    const values = text.split(',').map(value => inLowerCase(value.trim()))
    const known = schema.type === 'choice' ? schema.choices.map(({ value }) => value.toLowerCase()) : undefined
    const wrong = values.find(value =>
      schema.type === 'boolean'
        ? value !== 'true' && value !== 'false'
        : value === '' || (known && !known.includes(value)),
    )
    if (wrong !== undefined) throw refused(schema.key, `cannot be "${wrong}"`)
    return { values }
  }
  const [, low, high] = /^(-?\d+(?:\.\d+)?)?(?:\.\.(-?\d+(?:\.\d+)?)?)?$/.exec(text) ?? []
  if (low === undefined && high === undefined) throw refused(schema.key, 'must be a number, or a range such as 10..20')
  const min = low === undefined ? undefined : Number(low)
  const max = text.includes('..') ? (high === undefined ? undefined : Number(high)) : min
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

function refused(key: string, message: string): AppError {
  return new AppError('invalid_input', { errors: [{ field: `attr.${key}`, message }] })
}
