import { describe, expect, it } from 'vitest'
import { homeRegionOf, nearestRegion } from './home-region.ts'

const nowhere = { country: null, lat: null, lon: null }

describe('homeRegionOf', () => {
  it.each([
    ['the country given', 'JP', { country: 'DE', lat: 48.1, lon: 11.6 }, 'ap'],
    ["the visitor's country", undefined, { country: 'BR', lat: 48.1, lon: 11.6 }, 'na'],
    ['the nearest by coordinates', undefined, { country: null, lat: 48.1, lon: 11.6 }, 'eu'],
    ['the nearest when the country is unknown', undefined, { country: 'T1', lat: -33.9, lon: 151.2 }, 'ap'],
    ['na when nothing is known', undefined, nowhere, 'na'],
    ['na when half a point is known', undefined, { country: null, lat: 48, lon: null }, 'na'],
  ] as const)('goes by %s', (_, country, visitor, region) => {
    expect(homeRegionOf(country, visitor)).toBe(region)
  })
})

describe('nearestRegion', () => {
  it.each([
    ['Los Angeles', 34, -118, 'na'],
    ['Lagos', 6.5, 3.4, 'eu'],
    ['Auckland', -36.8, 174.8, 'ap'],
    ['just west of the date line', 0, 179.9, 'ap'],
    ['just east of it', -14, -172, 'ap'],
    ['the North Pole', 90, 0, 'eu'],
  ] as const)('sends %s to the stack that is nearest', (_, lat, lon, region) => {
    expect(nearestRegion(lat, lon)).toBe(region)
  })

  it('chooses among the regions that run for whoever comes from no country, and never moves a country', () => {
    const runs = (region: string) => region !== 'na'
    expect(homeRegionOf(undefined, { country: null, lat: null, lon: null }, runs)).toBe('eu')
    expect(homeRegionOf(undefined, { country: null, lat: 40.7, lon: -74 }, runs)).toBe('eu')
    expect(homeRegionOf('US', { country: null, lat: null, lon: null }, runs)).toBe('na')
  })
})
