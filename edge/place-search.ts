import type { Place } from '../shared/place.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'

/**
 * Finds the cities that a person may mean by what they typed, best first: "Lyon", or "Springfield, IL, United States"
 * as our own suggestions are written. Words after a comma only choose among the cities found.
 */
export async function suggestPlaces(gateway: Gateway, exchange: Exchange, typed: string): Promise<readonly Place[]> {
  const [name = '', ...rest] = typed.split(',').map(part => part.trim())
  if (name.length < 2) return []
  const query = { q: name.slice(0, 100), limit: 20 }
  const { items } = await callApi(gateway, exchange, 'suggestPlaces', { query })
  const narrowed = items.filter(place => rest.every(part => part === '' || belongsTo(place, part)))
  const candidates = narrowed.length > 0 ? narrowed : items
  const exact = candidates.filter(({ city }) => fold(city) === fold(name))
  return exact.length > 0 ? exact : candidates
}

function belongsTo({ country, subdivision }: Place, part: string): boolean {
  const wanted = fold(part)
  const names = [
    country,
    subdivision?.split('-')[1] ?? '',
    new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? '',
  ]
  return names.some(name => fold(name) === wanted)
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
