import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countries } from '../shared/regions.ts'
import { type EdgePlace, placesFile, placesText } from './places.ts'

const text = readFileSync(placesFile, 'utf8')
const places: EdgePlace[] = JSON.parse(text)

describe('edge/geo/places.json', () => {
  it('is what `node infra/places.ts` writes', () => {
    expect(placesText()).toBe(text)
  })

  it('is under 60 kB', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
  })

  it('has 1,300 places, some in every country that has a city', () => {
    expect(places).toHaveLength(1300)
    const uninhabited = ['AQ', 'BV', 'HM', 'IO', 'TK', 'UM']
    const covered = new Set(places.map(([, country]) => country))
    expect(Object.keys(countries).filter(code => !covered.has(code) && !uninhabited.includes(code))).toEqual([])
  })

  it('has the cities that one expects', () => {
    const names = new Set(places.map(([city, country]) => `${city} ${country}`))
    for (const name of [
      'New York City US',
      'São Paulo BR',
      'London GB',
      'Nairobi KE',
      'Tokyo JP',
      'Wellington NZ',
      'Salt Lake City US',
      'Belfast GB',
      'Ajaccio FR',
    ]) {
      expect(names).toContain(name)
    }
  })
})
