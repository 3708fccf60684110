import { describe, expect, it } from 'vitest'
import { findPlace } from '../../../origin/places/places.ts'
import { Email, Locale, NewPassword, TimeZone } from '../../../shared/account.ts'
import { attributesSchema, categories, categoryPath, isLeafCategory } from '../../../shared/category.ts'
import { PostRecord } from '../../../shared/post.ts'
import { countries, regionOfCountry, regions } from '../../../shared/regions.ts'
import { createDemo, type DemoPost } from './demo.ts'

const now = new Date('2026-11-23T12:00:00Z')
const { accounts, posts } = createDemo(now)
const members = accounts.filter(account => account.role === 'member')

const isVisible = ({ record }: DemoPost) => record.status === 'active' && (record.expiresAt ?? '') > now.toISOString()
const topOf = ({ record }: DemoPost) => categoryPath(record.category)[0]?.slug
const regionOf = ({ record }: DemoPost) => regionOfCountry(record.location.country)
const fullTitle = ({ seller, record }: DemoPost) => `${seller} ${record.title}`
const hoursOld = ({ record }: DemoPost) => (now.getTime() - Date.parse(record.bumpedAt ?? '')) / 3_600_000

describe('createDemo', () => {
  it('gives the same data for the same moment, and only other dates for another', () => {
    expect(createDemo(now)).toEqual({ accounts, posts })
    const later = createDemo(new Date(now.getTime() + 86_400_000)).posts
    expect(later.map(post => post.record.externalId)).toEqual(posts.map(post => post.record.externalId))
    expect(later[0]?.record.createdAt).not.toBe(posts[0]?.record.createdAt)
  })

  it('has 24 sellers, a moderator for each region and an operator who can sign in', () => {
    expect(members).toHaveLength(24)
    const of = (role: string) => accounts.filter(account => account.role === role).map(({ region }) => region)
    expect([of('moderator'), of('operator')]).toEqual([regions, ['na']])
    expect(new Set(accounts.map(account => account.email)).size).toBe(accounts.length)
    for (const account of accounts) {
      for (const [schema, value] of [
        [Email, account.email],
        [NewPassword, account.password],
        [Locale, account.locale],
        [TimeZone, account.timeZone],
      ] as const) {
        expect(schema.safeParse(value).success, String(value)).toBe(true)
      }
      expect(countries[account.country]).toMatchObject({ region: account.region, currency: account.currency })
    }
  })

  it('has at least 600 posts in 60 cities and 12 top categories', () => {
    expect(posts.length).toBeGreaterThanOrEqual(600)
    expect(
      new Set(posts.map(({ record }) => `${record.location.city} ${record.location.country}`)).size,
    ).toBeGreaterThanOrEqual(60)
    expect(new Set(posts.map(topOf)).size).toBeGreaterThanOrEqual(12)
    expect(new Set(posts.map(post => post.seller)).size).toBe(24)
  })

  it.each(regions)('shows at least 12 posts of each category of the header in %s', region => {
    for (const { slug } of categories.slice(0, 12)) {
      const shown = posts.filter(post => isVisible(post) && topOf(post) === slug && regionOf(post) === region)
      expect(shown.length, slug).toBeGreaterThanOrEqual(12)
    }
  })

  it('has posts in every state, some of them minutes old', () => {
    for (const status of ['active', 'reserved', 'sold', 'draft', 'withdrawn'] as const) {
      expect(posts.filter(({ record }) => record.status === status).length, status).toBeGreaterThanOrEqual(12)
    }
    expect(posts.filter(post => post.record.status === 'active' && !isVisible(post)).length).toBeGreaterThanOrEqual(12)
    const ages = posts.filter(isVisible).map(hoursOld)
    expect(Math.min(...ages)).toBeLessThan(0.5)
    expect(Math.max(...ages)).toBeLessThan(28 * 24)
    expect(ages.filter(hours => hours < 24).length).toBeGreaterThan(60)
  })
})

describe('each demo post', () => {
  it('is a valid record with attributes that its category knows', () => {
    for (const { record } of posts) {
      expect(PostRecord.safeParse(record).error, record.externalId).toBeUndefined()
      expect(isLeafCategory(record.category), record.category).toBe(true)
      expect(attributesSchema(record.category).safeParse(record.attributes).error, record.externalId).toBeUndefined()
    }
  })

  it('lies in a real city of its seller’s region and is priced in the currency of the place', () => {
    const bySeller = new Map(accounts.map(account => [account.email, account]))
    for (const { seller, record } of posts) {
      const { country, city, subdivision, lat, lon } = record.location
      expect(regionOfCountry(country)).toBe(bySeller.get(seller)?.region)
      const place = findPlace({ country, city, subdivision })
      expect(place?.subdivision, city).toBe(subdivision)
      expect(Math.hypot(lat - (place?.lat ?? 0), lon - (place?.lon ?? 0)), city).toBeLessThan(0.02)
      if (record.price) expect(record.price.currency).toBe(countries[country]?.currency)
    }
  })

  it('has dates in order, after the account and not in the future', () => {
    const opened = new Map(accounts.map(account => [account.email, account.createdAt]))
    for (const { seller, record } of posts) {
      const { createdAt, publishedAt, bumpedAt, expiresAt, soldAt, endedAt } = record
      const dates = [opened.get(seller), createdAt, publishedAt, bumpedAt, soldAt ?? endedAt].filter(
        date => date != null,
      )
      expect(dates.toSorted(), record.externalId).toEqual(dates)
      expect(dates.every(date => date <= now.toISOString())).toBe(true)
      expect(record.status === 'draft').toBe(expiresAt === null)
      expect(record.status === 'sold').toBe(soldAt !== null)
    }
  })

  it('has its own id, and a title no other of its seller has', () => {
    expect(new Set(posts.map(post => post.record.externalId)).size).toBe(posts.length)
    expect(new Set(posts.map(fullTitle)).size).toBe(posts.length)
  })

  it('speaks in two to six calm sentences with every gap filled', () => {
    for (const { record } of posts) {
      const text = `${record.title}\n${record.description}`
      expect(text, record.externalId).not.toMatch(/[!{}]|undefined|null|NaN/)
      const sentences = record.description.split(/(?<=[.?])\s+(?=\p{Lu}|\p{Ll}\p{Lu}|\d)/u)
      expect(sentences.length, record.description).toBeGreaterThanOrEqual(2)
      expect(sentences.length, record.description).toBeLessThanOrEqual(7)
    }
  })
})

describe('prices', () => {
  const amounts = (country: string, category: string, unit: string) =>
    posts.flatMap(({ record: { price, attributes, location, category: of } }) =>
      price && location.country === country && of === category ? [price.amount / Number(attributes[unit])] : [],
    )

  it('are round', () => {
    for (const { record } of posts) {
      if (!record.price) continue
      const figures = String(record.price.amount).replace(/0+$/, '')
      expect(figures.length, `${record.price.amount} ${record.price.currency}`).toBeLessThanOrEqual(3)
    }
  })

  it('of cars fall with age', () => {
    const cars = posts.filter(({ record }) => record.category === 'cars' && record.price?.currency === 'EUR')
    const byYear = cars.toSorted((a, b) => Number(a.record.attributes.year) - Number(b.record.attributes.year))
    expect(byYear.at(0)?.record.price?.amount).toBeLessThan(byYear.at(-1)?.record.price?.amount ?? 0)
  })

  it('of rents differ between cities', () => {
    expect(Math.max(...amounts('KE', 'apartments-for-rent', 'area')) / 129).toBeLessThan(
      Math.min(...amounts('ES', 'apartments-for-rent', 'area')) / 0.87,
    )
  })
})
