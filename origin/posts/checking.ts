import { attributesSchema, isLeafCategory } from '../../shared/category.ts'
import { AppError, type FieldError } from '../../shared/errors.ts'
import type { Location } from '../../shared/place.ts'
import type { PostInput } from '../../shared/post.ts'
import { type Region, regionOfCountry, regionPlace } from '../../shared/regions.ts'
import { isSubdividedCountry, subdivisionName } from '../../shared/subdivisions.ts'

type Content = Pick<PostInput, 'category' | 'attributes' | 'location'>

/** Gives what is wrong with a post that its schema cannot know: category, attributes by category, subdivision. */
export function findFaults({ category, attributes, location }: Content): FieldError[] {
  return [...categoryFaults(category), ...attributeFaults(category, attributes), ...subdivisionFaults(location)]
}

/** @throws invalid_input with each fault; place_outside_home_region for a place that another region owns */
export function requireSound(content: Content, region: Region): void {
  const errors = findFaults(content)
  if (errors.length > 0) throw new AppError('invalid_input', { errors })
  const { country } = content.location
  const owner = regionOfCountry(country)
  if (owner === region) return
  const detail = `"${country}" belongs to the region "${owner}", this account's home region is "${region}" (${regionPlace[region].name})`
  throw new AppError('place_outside_home_region', {
    detail,
    errors: [{ field: 'location.country', message: 'lies outside your home region' }],
  })
}

function categoryFaults(category: string): FieldError[] {
  return isLeafCategory(category)
    ? []
    : [{ field: 'category', message: 'must be a category that has no further ones in it' }]
}

function attributeFaults(category: string, attributes: PostInput['attributes']): FieldError[] {
  if (!isLeafCategory(category)) return []
  const parsed = attributesSchema(category).safeParse(attributes)
  if (parsed.success) return []
  const errors = AppError.fromZod(parsed.error).errors ?? []
  return errors.map(({ field, message }) => ({ field: field ? `attributes.${field}` : 'attributes', message }))
}

function subdivisionFaults({ country, subdivision }: Location): FieldError[] {
  if (subdivision === null || !isSubdividedCountry(country) || subdivisionName(subdivision)) return []
  return [{ field: 'location.subdivision', message: 'must be an ISO 3166-2 code of the country' }]
}
