import { formatMoney, type Money } from './money.ts'
import type { PriceKind } from './post.ts'
import type { Region } from './regions.ts'
import { subdivisionName } from './subdivisions.ts'

/** A price as people read it: money in their locale, "Free" or "Price on request". */
export function priceText({ price, priceKind }: { price: Money | null; priceKind: PriceKind }, locale: string): string {
  if (priceKind === 'free') return 'Free'
  if (priceKind === 'on_request' || !price) return 'Price on request'
  return formatMoney(price, locale)
}

const codeIsSpoken = new Set(['US', 'CA', 'BR', 'AU'])

/** A city with its state or province where we know one: "Brooklyn, NY", "Leipzig, Sachsen", "Lyon". */
export function placeText({ city, subdivision }: { city: string; subdivision: string | null }): string {
  if (!subdivision) return city
  const [country = '', code = ''] = subdivision.split('-')
  const name = codeIsSpoken.has(country) ? code : subdivisionName(subdivision)
  const said = !name || name === city || city.replace(/\W/g, '').endsWith(name)
  return said ? city : `${city}, ${name}`
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

/** A country's English name. */
export function countryText(code: string): string {
  return countryNames.of(code) ?? code
}

/** Countries whose English name takes an article within a sentence. */
const withArticle = new Set('AE BS CF CG CD DO FK FO GB GM KM KY MH MP MV NL PH SB SC TC TF UM US VG VI'.split(' '))

/** A country's name within a sentence: "the United States", "Brazil". */
export function inCountryText(code: string): string {
  return withArticle.has(code) ? `the ${countryText(code)}` : countryText(code)
}

/** Those that pretend to be others come first. */
const browsers = ['Edg', 'OPR', 'Firefox', 'FxiOS', 'CriOS', 'Chrome', 'Safari']

/** "Firefox on Windows" from a user agent; good enough to know one's own device again. */
export function deviceText(agent: string | null): string {
  if (!agent) return 'Unknown device'
  const browser = browsers.find(name => agent.includes(name)) ?? agent.split(/[ /]/)[0]
  const system = /Android|iPhone|iPad|Windows|Mac OS X|CrOS|Linux/.exec(agent)?.[0]
  const name = { Edg: 'Edge', OPR: 'Opera', FxiOS: 'Firefox', CriOS: 'Chrome' }[browser ?? ''] ?? browser
  return system ? `${name} on ${{ 'Mac OS X': 'Mac', CrOS: 'ChromeOS' }[system] ?? system}` : `${name}`
}

const regionNames: Readonly<Record<Region, string>> = {
  na: 'the Americas',
  eu: 'Europe and Africa',
  ap: 'Asia-Pacific',
}

/** Names a region within an English sentence. */
export function regionText(region: Region): string {
  return regionNames[region]
}
