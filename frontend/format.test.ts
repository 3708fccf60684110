import { describe, expect, it } from 'vitest'
import { deviceText } from '../shared/wording.ts'
import { radiiWith } from './components/SearchPill.tsx'
import { dayOf } from './days.ts'
import { activeFilters, withFilters } from './filters.ts'
import { ownOf, postOf } from './fixtures.ts'
import { dayText, factsOf, initials, placeText, plural, priceText } from './format.ts'
import { ageText } from './islands/ages.ts'
import type { CategoryPage } from './page-model.ts'
import { whyText } from './why.ts'

describe('priceText', () => {
  it('writes money by locale, and words where there is none', () => {
    const price = { amount: 145_050, currency: 'EUR' }
    expect(priceText({ price, priceKind: 'fixed' }, 'de-DE')).toBe('1.450,50\u00a0€')
    expect(priceText({ price: null, priceKind: 'free' }, 'de-DE')).toBe('Free')
    expect(priceText({ price: null, priceKind: 'on_request' }, 'de-DE')).toBe('Price on request')
  })
})

describe('dayText', () => {
  it('is the same day for every reader of a page', () => {
    expect(dayText('2026-11-22T23:59:00.000Z', 'en-US')).toBe('Nov 22, 2026')
    expect(dayText('2026-11-22T23:59:00.000Z', 'de-DE', false)).toBe('22 Nov')
    expect(dayText('2027-02-21T09:00:00.000Z', 'pt-BR')).toBe('21 Feb 2027')
    expect(dayOf('2027-02-21T09:00:00.000Z', 'ja-JP', 'Asia/Tokyo')).toMatch(/^Sunday,? 21 February 2027$/)
  })
})

describe('placeText', () => {
  it.each([
    ['Brooklyn', 'US-NY', 'Brooklyn, NY'],
    ['Leipzig', 'DE-SN', 'Leipzig, Sachsen'],
    ['Berlin', 'DE-BE', 'Berlin'],
    ['Washington, D.C.', 'US-DC', 'Washington, D.C.'],
    ['Lyon', null, 'Lyon'],
    ['Nowhere', 'ZZ-99', 'Nowhere'],
  ])('writes %s in %s as %s', (city, subdivision, text) => {
    expect(placeText({ city, subdivision })).toBe(text)
  })
})

describe('factsOf', () => {
  it('names condition and attributes with units, and leaves unknown keys out', () => {
    const post = postOf(0, {
      category: 'cars',
      condition: 'good',
      attributes: { odometer: 120_000, year: 2015, fuel: 'diesel', bogus: 1 },
    })
    expect(factsOf(post, 'en-US')).toEqual([
      { label: 'Condition', value: 'Good' },
      { label: 'Year', value: '2015' },
      { label: 'Odometer', value: '120,000 km' },
      { label: 'Fuel', value: 'Diesel' },
    ])
  })
})

describe('initials', () => {
  it.each([
    ['Maria Reyes', 'MR'],
    ['maria', 'M'],
    ['', ''],
    ['李 小龍', '李小'],
    ['Ana de la Cruz', 'AC'],
    ['😀', ''],
  ])('of %j are %j', (name, text) => {
    expect(initials(name)).toBe(text)
  })
})

describe('plural', () => {
  it('counts in the locale', () => {
    expect([plural(1, 'post', 'posts', 'en-US'), plural(2314, 'post', 'posts', 'de-DE')]).toEqual([
      '1 post',
      '2.314 posts',
    ])
  })
})

describe('withFilters', () => {
  const page = {
    category: 'bikes',
    filters: { max: '350', radius: '50', cursor: 'c' },
    prices: { currency: 'USD', max: 35_000 },
    near: null,
  }

  it('changes some and drops the empty', () => {
    expect(withFilters(page, { max: '', cursor: '' })).toBe('/c/bikes?radius=50')
    expect(withFilters({ category: null, filters: { category: 'x' } }, {})).toBe('/c')
  })

  it('lifts each filter alone, back on the first page', () => {
    expect(activeFilters(page, 'en-US', 'US')).toEqual([
      { label: 'Up to $350', href: '/c/bikes?radius=50' },
      { label: '50 km', href: '/c/bikes?max=350' },
    ])
  })
})

describe('activeFilters', () => {
  const labels = (prices: CategoryPage['prices'], filters: Record<string, string>, locale = 'en-US') =>
    activeFilters({ category: null, filters, prices, near: null }, locale, 'US').map(({ label }) => label)

  it('states the amounts that apply, however they were typed', () => {
    expect(labels({ currency: 'USD', min: 123_450 }, { min: '1.234,50' })).toEqual(['From $1,234.50'])
    expect(labels({ currency: 'USD', min: 50 }, { min: '.5' })).toEqual(['From $0.50'])
    expect(labels({ currency: 'EUR', min: 100, max: 123_400 }, { min: '1', max: '1.234' }, 'de-DE')).toEqual([
      '1\u00a0€ to 1.234\u00a0€',
    ])
  })

  it('states none where none applies', () => {
    expect(labels({ currency: 'USD' }, { min: '1e3', max: 'x' })).toEqual([])
  })
})

describe('radiiWith', () => {
  it('offers the radius that the list has', () => {
    expect(radiiWith('50')).toEqual(['15', '50', '150'])
    expect(radiiWith('100')).toEqual(['15', '50', '100', '150'])
    for (const other of [undefined, '', 'any', 'x']) expect(radiiWith(other)).toEqual(['15', '50', '150'])
  })
})

describe('ageText', () => {
  it('takes the largest whole unit', () => {
    const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
    expect([20, 130, 7_300, 90_000, 200_000].map(age => ageText(age, format))).toEqual([
      'just now',
      '2m ago',
      '2h ago',
      'yesterday',
      '2d ago',
    ])
  })
})

describe('deviceText', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
      'Edge on Linux',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1',
      'Safari on iPhone',
    ],
    ['curl/8.5.0', 'curl'],
    [null, 'Unknown device'],
  ])('reads %s', (agent, text) => {
    expect(deviceText(agent)).toBe(text)
  })
})

describe('whyText', () => {
  it('says who sees a post, and why not', () => {
    expect(whyText(ownOf(0, 'active'), 'en-US')).toBe('Everybody sees it until Dec 20, 2026.')
    expect(whyText(ownOf(0, 'active', { visible: false }), 'en-US')).toContain('suspended')
    expect(whyText(ownOf(0, 'expired'), 'en-US')).toContain('Renew it')
    expect(whyText(ownOf(0, 'removed'), 'en-US')).toContain('somebody else’s bike')
  })
})
