import type { Locale, Role } from '../../../shared/account.ts'
import { countries, type Region } from '../../../shared/regions.ts'
import { type Seller, sellers } from './words/sellers.ts'

export type DemoAccount = {
  email: string
  displayName: string
  password: string
  role: Role
  region: Region
  country: string
  locale: Locale
  timeZone: string
  currency: string
  createdAt: string
}

/** The one password of all demo accounts. */
export const demoPassword = 'demo-paper-kite-7'

/** A moderator for each region, and an operator. */
const staff = [
  {
    login: 'moderator-na',
    displayName: 'Iris, moderator',
    timeZone: 'America/Toronto',
    role: 'moderator',
    country: 'CA',
  },
  { login: 'moderator', displayName: 'Nora, moderator', timeZone: 'Europe/Dublin', role: 'moderator', country: 'IE' },
  {
    login: 'moderator-ap',
    displayName: 'Ravi, moderator',
    timeZone: 'Asia/Singapore',
    role: 'moderator',
    country: 'SG',
  },
  { login: 'operator', displayName: 'Sam, operator', timeZone: 'America/New_York', role: 'operator', country: 'US' },
] as const

/** Gives the accounts of all sellers, a moderator for each region and an operator. */
export function demoAccounts(now: Date): DemoAccount[] {
  return [
    ...sellers.map(seller => account({ ...seller, role: 'member', country: countryOf(seller) }, now)),
    ...staff.map(person => account({ ...person, locale: 'en-GB', days: 1600 }, now)),
  ]
}

export function emailOf(login: string): string {
  return `${login}@demo.classifyhub.example`
}

/** Gives the country of a seller, in which all their cities lie. */
export function countryOf(seller: Seller): string {
  return seller.cities[0]?.country ?? ''
}

/** Gives when an account was made, to the second. */
export function openedAt(days: number, now: Date): Date {
  return new Date(Math.floor(now.getTime() / 1000 - days * 86_400) * 1000)
}

type AccountFacts = Pick<Seller, 'login' | 'displayName' | 'locale' | 'timeZone' | 'days'> & {
  role: Role
  country: string
}

function account({ login, displayName, locale, timeZone, days, role, country }: AccountFacts, now: Date): DemoAccount {
  const home = countries[country]
  if (!home) throw new Error(`Cannot make a demo account in "${country}": there is no such country`)
  const { region, currency } = home
  const createdAt = openedAt(days, now).toISOString()
  return {
    email: emailOf(login),
    displayName,
    password: demoPassword,
    role,
    region,
    country,
    locale,
    timeZone,
    currency,
    createdAt,
  }
}
