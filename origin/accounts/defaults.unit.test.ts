import { describe, expect, it } from 'vitest'
import { locales, TimeZone } from '../../shared/account.ts'
import { currencies } from '../../shared/money.ts'
import { countries, countryCodes } from '../../shared/regions.ts'
import { defaultSettings } from './defaults.ts'

const unseen = { country: null, timeZone: null }

describe('defaultSettings', () => {
  it('takes the country given', () => {
    expect(defaultSettings('na', 'BR', { country: 'US', timeZone: 'America/Denver' })).toEqual({
      country: 'BR',
      locale: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
      currency: 'BRL',
    })
  })

  it("takes the visitor's country and time zone where they belong to the region", () => {
    expect(defaultSettings('na', undefined, { country: 'US', timeZone: 'America/Denver' })).toMatchObject({
      country: 'US',
      timeZone: 'America/Denver',
    })
    expect(defaultSettings('eu', undefined, { country: 'US', timeZone: 'America/Denver' })).toMatchObject({
      country: 'DE',
      timeZone: 'Europe/Berlin',
    })
  })

  it.each([
    ['na', 'US'],
    ['eu', 'DE'],
    ['ap', 'SG'],
  ] as const)('falls back to a country of %s', (region, country) => {
    expect(defaultSettings(region, undefined, unseen).country).toBe(country)
  })

  it('believes no time zone that does not exist', () => {
    expect(defaultSettings('ap', 'JP', { country: 'JP', timeZone: 'Mars/Olympus' }).timeZone).toBe('Asia/Tokyo')
  })

  it.each(countryCodes)('gives %s settings that an account may have', country => {
    const settings = defaultSettings(countries[country]?.region ?? 'na', country, unseen)
    expect(settings.country).toBe(country)
    expect(locales).toContain(settings.locale)
    expect(currencies).toContain(settings.currency)
    expect(TimeZone.safeParse(settings.timeZone).success).toBe(true)
  })
})
