import * as z from 'zod'
import { wholeNumber } from './query.ts'
import { countries } from './regions.ts'
import { line } from './text.ts'

export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as "BR"')
  .refine(code => code in countries, 'must be an ISO 3166-1 alpha-2 code such as "BR"')
  .meta({ id: 'Country', example: 'BR' })

export const Subdivision = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'must be an ISO 3166-2 code such as "US-NY"')
  .meta({ id: 'Subdivision', example: 'US-NY' })

const coordinates = { lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }

/** Where a post is. In answers to the public, `lat` and `lon` are blurred to about 1 km (architecture, decision 11). */
export const Location = z
  .strictObject({ country: Country, subdivision: Subdivision.nullable(), city: line(1, 100), ...coordinates })
  .refine(({ country, subdivision }) => subdivision === null || subdivision.startsWith(`${country}-`), {
    path: ['subdivision'],
    message: 'must belong to the country',
  })
  .meta({ id: 'Location' })
export type Location = z.infer<typeof Location>

/** A city that one can pick; from GeoNames. */
export const Place = z
  .object({
    country: Country,
    subdivision: Subdivision.nullable(),
    city: z.string(),
    ...coordinates,
    population: z.number().int().optional(),
  })
  .meta({ id: 'Place' })
export type Place = z.infer<typeof Place>

export const PlaceQuery = z.object({
  q: z.string().min(2).max(100),
  country: Country.optional(),
  limit: wholeNumber(1, 20).default(8),
})
export const PlaceList = z.object({ items: z.array(Place) }).meta({ id: 'PlaceList' })
