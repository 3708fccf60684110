import { type Locale, locales } from '../shared/account.ts'
import { currencies } from '../shared/money.ts'
import { countries } from '../shared/regions.ts'
import { readCookie, setCookie } from './cookies.ts'
import type { Exchange } from './exchange.ts'

const cookie = 'prefs'
const year = 365 * 24 * 3600

/** Remembers an account's locale and currency in the browser: pages need them, and the access token does not say. */
export function writePreferences(exchange: Exchange, account: { locale: Locale; currency: string }): void {
  setCookie(exchange, cookie, `${account.locale}.${account.currency}`, { maxAge: year })
}

/**
 * Tells in which locale and currency a page is written: the account's for whoever is signed in, else the browser's
 * `Accept-Language` (RFC 9110 §12.5.4) and the currency of where the visitor stands. Both are of closed lists.
 */
export function readPreferences(exchange: Exchange, signedIn: boolean): { locale: Locale; currency: string } {
  const [kept = '', money = ''] = (signedIn ? readCookie(exchange.request, cookie) : null)?.split('.') ?? []
  const local = countries[exchange.visitor.country ?? '']?.currency ?? 'USD'
  return {
    locale: locales.find(locale => locale === kept) ?? negotiate(exchange.request.headers.get('accept-language')),
    currency: currencies.includes(money) ? money : local,
  }
}

/** The supported locale that the reader likes best: the exact tag, else the first of the same language. */
export function negotiate(header: string | null): Locale {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map(readRange)
    .filter(({ quality }) => quality > 0)
  wanted.sort((a, b) => b.quality - a.quality)
  for (const { tag } of wanted) {
    const language = tag.split('-')[0]
    const exact = locales.find(locale => locale.toLowerCase() === tag)
    const near = exact ?? locales.find(locale => locale.split('-')[0] === language)
    if (near) return near
  }
  return 'en-US'
}

function readRange(text: string): { tag: string; quality: number } {
  const [tag = '', ...parameters] = text.trim().toLowerCase().split(';')
  const weight = parameters.map(parameter => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return { tag: tag.trim(), quality: weight === undefined ? 1 : Number(weight) }
}
