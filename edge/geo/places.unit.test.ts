import { describe, expect, it } from 'vitest'
import { kilometresBetween } from './distance.ts'
import { findPlace, nearestPlace } from './places.ts'
import { standAt, standOptions, usualStand } from './stand.ts'

describe('nearestPlace', () => {
  it('rounds a point to a city of its country', () => {
    expect(nearestPlace({ country: 'FR', lat: 48.9, lon: 2.3 }, 'eu')).toMatchObject({ city: 'Paris', country: 'FR' })
    // Kehl lies beside Strasbourg, and is German all the same.
    expect(nearestPlace({ country: 'DE', lat: 48.57, lon: 7.82 }, 'eu').country).toBe('DE')
  })

  it('takes the capital’s point where there is none, and the region’s where there is no country', () => {
    expect(nearestPlace({ country: 'JP', lat: null, lon: null }, 'ap').city).toBe('Tokyo')
    expect(nearestPlace({ country: null, lat: null, lon: null }, 'eu').country).toBe('DE')
  })
})

describe('standAt', () => {
  it('reads a country, and a city of it', () => {
    expect(standAt('br')).toMatchObject({ country: 'BR', continent: 'SA', lat: expect.any(Number) })
    expect(standAt('BR:sao paulo')).toMatchObject({ country: 'BR', city: 'São Paulo', subdivision: 'BR-SP' })
  })

  it('stands where demo posts are: near the capital, or else in another city', () => {
    const cities = ['US', 'BR', 'IN', 'AU', 'ZA'].map(code => standAt(code)?.city)
    expect(cities).toEqual(['New York City', 'São Paulo', 'Mumbai', 'Sydney', 'Cape Town'])
    expect(nearestPlace(standAt('DE') ?? { country: null, lat: null, lon: null }, 'eu').city).toBe('Berlin')
    expect(standAt('US:Portland')?.city).toBe('Portland')
    expect(standAt(usualStand)?.country).toBe('US')
  })

  it('knows nothing else', () => {
    for (const text of ['', 'B', 'BRA', 'ZZ', '__proto__', 'BR:', 'BR:Atlantis', 'DE:São Paulo']) {
      expect(standAt(text)).toBeUndefined()
    }
  })

  it('offers only countries that it knows', () => {
    expect(standOptions.filter(code => !standAt(code))).toEqual([])
  })
})

it('findPlace takes the beginning of a name, accents and case aside', () => {
  expect(findPlace('AR', 'CORDOB')?.city).toBe('Córdoba')
})

it('kilometresBetween follows the great circle', () => {
  expect(kilometresBetween({ lat: 52.52, lon: 13.405 }, { lat: 35.69, lon: 139.69 })).toBeCloseTo(8_917, -1)
  expect(kilometresBetween({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 })).toBeCloseTo(111.2, 0)
})
