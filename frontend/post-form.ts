import { attributesOf } from '../shared/category.ts'
import { decimalOf, takeApart } from '../shared/decimals.ts'
import { amountText, parseAmount } from '../shared/money.ts'
import type { Post } from '../shared/post.ts'

type Values = Readonly<Record<string, string>>
type Body = Record<string, unknown>

/**
 * Reads the sell form's flat fields as the body of `POST /posts` or `PATCH /posts/:id`. What cannot be read stays as it
 * was typed, so that the contract's own answer names the field. `location` is left out while the city is not settled.
 * @param locale the writer's: it tells what "1.234" means
 */
export function readPostForm(values: Values, locale?: string): Body {
  const { title = '', description = '', category = '', priceKind = 'fixed', condition } = values
  const location = readLocation(values)
  return {
    title,
    description: description.replaceAll('\r\n', '\n'),
    category,
    priceKind,
    price: readPrice(values, locale),
    condition: condition || null,
    attributes: readAttributes(category, values, locale),
    ...(location ? { location } : {}),
  }
}

/**
 * The place that the form holds: of the suggestion that was taken, else of the one chosen among several. Undefined when
 * the city has been typed anew since.
 */
export function readLocation({ placeQuery, placeLabel, placeChoice, ...known }: Values): Body | undefined {
  if (placeQuery !== placeLabel) return undefined
  const chosen = placeChoice?.split('|') ?? []
  const { country = chosen[0], subdivision = chosen[1], city = chosen[2], lat = chosen[3], lon = chosen[4] } = known
  if (!city || !lat || !lon) return undefined
  return { country, subdivision: subdivision || null, city, lat: Number(lat), lon: Number(lon) }
}

/** The form's fields for a post that is to be edited. */
export function postFormValues(post: Post, place: string, locale?: string): Record<string, string> {
  const { location } = post
  const attributes = Object.entries(post.attributes).map(([key, value]) => {
    return [`attr.${key}`, valueText(value, locale)]
  })
  return {
    title: post.title,
    description: post.description,
    category: post.category,
    priceKind: post.priceKind,
    ...(post.price ? { priceAmount: amountText(post.price, locale), currency: post.price.currency } : {}),
    ...(post.condition ? { condition: post.condition } : {}),
    ...Object.fromEntries(attributes),
    placeQuery: place,
    placeLabel: place,
    city: location.city,
    country: location.country,
    subdivision: location.subdivision ?? '',
    lat: String(location.lat),
    lon: String(location.lon),
  }
}

/** A number with the decimal separator of the locale, so that it is read back as what it is. */
function valueText(value: string | number | boolean, locale = 'en'): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' ? String(value).replace('.', decimalOf(locale)) : value
}

function readPrice({ priceKind = 'fixed', priceAmount = '', currency = '' }: Values, locale?: string): unknown {
  if (priceKind !== 'fixed' && priceKind !== 'negotiable') return null
  if (!priceAmount.trim()) return null
  return { amount: parseAmount(priceAmount, currency || 'USD', locale) ?? priceAmount, currency }
}

function readAttributes(category: string, values: Values, locale?: string): Body {
  const attributes: Body = {}
  for (const { key, type } of attributesOf(category)) {
    const typed = values[`attr.${key}`]?.trim()
    if (!typed) continue
    if (type === 'boolean') attributes[key] = typed === 'yes' ? true : typed === 'no' ? false : typed
    else if (type === 'integer' || type === 'number')
      attributes[key] = readNumber(typed, type === 'integer' ? 0 : 3, locale) ?? typed
    else attributes[key] = typed
  }
  return attributes
}

/** "120000", "120,000", "12,5", "-3": a number as people write it; what is unclear stays for the contract to refuse. */
function readNumber(typed: string, most: number, locale?: string): number | undefined {
  const [, minus = '', digits = ''] = /^([-−]?)(.{1,40})$/.exec(typed) ?? []
  const apart = takeApart(digits, most, locale)
  if (!apart || 'unclear' in apart) return undefined
  return Number(`${minus && '-'}${apart.whole || '0'}.${apart.decimals || '0'}`)
}
