import { placeText } from '../frontend/format.ts'
import { formErrors, type SellPage } from '../frontend/page-model.ts'
import { readLocation, readPostForm } from '../frontend/post-form.ts'
import { attributesSchema } from '../shared/category.ts'
import { AppError, type FieldError } from '../shared/errors.ts'
import { Currency, readAmount } from '../shared/money.ts'
import { PostInput } from '../shared/post.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import { suggestPlaces } from './place-search.ts'

type Settled = { values: Values } | { errors: Record<string, string>; options: SellPage['placeOptions'] }

const placeFields = ['placeChoice', 'city', 'country', 'subdivision', 'lat', 'lon']

/**
 * Settles the city of the form: the suggestion that was taken, the choice among several, or the one city that the typed
 * name can mean. Gives the values with its place in them, else the cities to choose from.
 */
export async function settlePlace(gateway: Gateway, exchange: Exchange, values: Values): Promise<Settled> {
  const { placeQuery = '', placeLabel, placeChoice } = values
  if (placeQuery === placeLabel && readLocation(values)) {
    return { values: placeChoice && !values.city ? { ...values, ...choiceOf(placeChoice, placeQuery) } : values }
  }
  const found = await suggestPlaces(gateway, exchange, placeQuery)
  const [only] = found
  if (only && found.length === 1) {
    const label = placeText(only)
    const { city, country, subdivision, lat, lon } = only
    const place = { city, country, subdivision: subdivision ?? '', lat: String(lat), lon: String(lon) }
    return { values: { ...without(values), placeQuery: label, placeLabel: label, ...place } }
  }
  const error =
    found.length > 0 ? 'is the name of several cities: choose one below' : 'is needed: write the name of a city'
  const unknown = placeQuery.trim() === '' || found.length > 0 ? error : 'is no city that we know: try another spelling'
  return { errors: { placeQuery: unknown }, options: found.slice(0, 8) }
}

/**
 * Reads the form as a post by the contract.
 * @param locale the writer's: it tells what "1.234" means
 * @throws AppError `invalid_input` with one entry a field
 */
export function checkDraft(values: Values, locale: string): PostInput {
  const body = readPostForm(values, locale)
  const parsed = PostInput.safeParse(body)
  const attributes = attributesSchema(values.category ?? '').safeParse(body.attributes)
  const faults = [
    ...(parsed.success ? [] : (AppError.fromZod(parsed.error).errors ?? [])),
    ...(attributes.success ? [] : (AppError.fromZod(attributes.error).errors ?? [])).map(({ field, message }) => ({
      field: `attributes.${field}`,
      message,
    })),
  ]
  if (!parsed.success || faults.length > 0) {
    const errors = faults.map(fault => (fault.field === 'price.amount' ? amountFault(values, locale) : fault))
    throw new AppError('invalid_input', { errors })
  }
  return parsed.data
}

/** What is wrong with the form by its fields, the city aside. */
export function faultsOf(values: Values, locale: string): Record<string, string> {
  try {
    checkDraft(values, locale)
    return {}
  } catch (error) {
    const { placeQuery: _, ...faults } = formErrors(knownError(error).errors ?? [])
    return faults
  }
}

/** What is wrong with the amount as it was typed: the contract knows only that it is no number. */
function amountFault({ priceAmount = '', currency = '' }: Values, locale: string): FieldError {
  const known = Currency.safeParse(currency).success ? currency : 'USD'
  const read = readAmount(priceAmount, known, locale)
  return { field: 'price.amount', message: 'problem' in read ? read.problem : 'must be an amount such as 1250' }
}

function choiceOf(choice: string, label: string): Values {
  const [country = '', subdivision = '', city = '', lat = '', lon = ''] = choice.split('|')
  return { placeQuery: label, placeLabel: label, city, country, subdivision, lat, lon, placeChoice: '' }
}

function without(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !placeFields.includes(name)))
}
