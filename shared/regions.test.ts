import { describe, expect, it } from 'vitest'
import { countries, countryCodes, isCountryCode, isRegion, regionOfCountry, regionPlace, regions } from './regions.ts'

describe('countries', () => {
  it('holds the 249 codes of ISO 3166-1 and Kosovo', () => {
    expect(countryCodes).toHaveLength(250)
    expect(countryCodes.every(code => /^[A-Z]{2}$/.test(code))).toBe(true)
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
    expect(countryCodes.filter(code => !names.of(code))).toEqual([])
  })

  it('gives every country a region, a currency and a place on earth', () => {
    const currencies = new Set([...Intl.supportedValuesOf('currency'), 'ZWG', 'XCG'])
    for (const code of countryCodes) {
      const country = countries[code]
      expect(isRegion(country?.region), code).toBe(true)
      expect(currencies, code).toContain(country?.currency)
      expect(Math.abs(country?.lat ?? 100), code).toBeLessThanOrEqual(90)
      expect(Math.abs(country?.lon ?? 200), code).toBeLessThanOrEqual(180)
    }
  })
})

describe('regionOfCountry', () => {
  it.each([
    ['US', 'na'],
    ['BR', 'na'],
    ['DE', 'eu'],
    ['KE', 'eu'],
    ['AE', 'eu'],
    ['TR', 'eu'],
    ['IN', 'ap'],
    ['JP', 'ap'],
    ['NZ', 'ap'],
  ])('sends %s to %s', (code, region) => {
    expect(regionOfCountry(code)).toBe(region)
  })

  it.each(['', 'us', 'ZZ', 'toString', '__proto__'])('knows no country %j', code => {
    expect(regionOfCountry(code)).toBeUndefined()
    expect(isCountryCode(code)).toBe(false)
  })
})

describe('isRegion', () => {
  it('accepts the three regions and nothing else', () => {
    expect(regions.every(isRegion)).toBe(true)
    expect(['NA', '', 'us', 1, null, undefined].some(isRegion)).toBe(false)
    expect(Object.keys(regionPlace)).toEqual([...regions])
  })
})
