import { describe, expect, it } from 'vitest'
import type { PostRecord } from '../../shared/post.ts'
import { parseLine } from './import-line.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ad = {
  id: '6120638830',
  category: 'car',
  title: '1996 GMC',
  description: 'Runs & drives',
  price: 3300,
  attributes: {
    odometer: '100000',
    cylinders: '6 cylinders',
    'title status': 'parts only',
    type: 'SUV',
    condition: 'fair',
    wings: '2',
  },
  photoCount: 1,
}
const record: PostRecord = {
  externalId: 'feed-1',
  title: 'A lamp',
  description: '',
  category: 'lamps',
  price: { amount: 1500, currency: 'USD' },
  priceKind: 'fixed',
  condition: 'good',
  attributes: {},
  location: { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7, lon: -74 },
  status: 'active',
  createdAt: '2026-11-01T00:00:00.000Z',
  publishedAt: '2026-11-01T00:00:00.000Z',
  bumpedAt: '2026-11-01T00:00:00.000Z',
  expiresAt: '2026-12-01T00:00:00.000Z',
  soldAt: null,
  endedAt: null,
}

describe('parseLine of a foreign ad', () => {
  it('maps its attributes to ours, miles to kilometres, dollars to cents, and counts what has no place', () => {
    const item = itemOf(ad)
    expect(item.post).toMatchObject({
      category: 'cars',
      price: { amount: 330_000, currency: 'USD' },
      priceKind: 'fixed',
      condition: 'worn',
      attributes: { odometer: 160_934, cylinders: 6, titleStatus: 'parts_only', bodyType: 'suv' },
      location: { country: 'US' },
    })
    expect(item).toMatchObject({ externalId: '6120638830', status: 'active', dropped: 1 })
  })

  it('gives the same ad the same place, within the seven days before the import', () => {
    expect(itemOf(ad)).toEqual(itemOf(ad))
    const shown = Number(itemOf(ad).dates.bumpedAt)
    expect(now.getTime() - shown).toBeLessThanOrEqual(7 * 86_400_000)
    expect(itemOf({ ...ad, id: 'another' }).post.location).not.toEqual(itemOf(ad).post.location)
  })

  it('cleans texts of what we refuse of people', () => {
    const { post } = itemOf({ ...ad, title: '\ttwo\nlines\u0000 ', description: 'a\u0007b\r\nc\ud800' })
    expect(post).toMatchObject({ title: 'two lines', description: 'ab\nc\ufffd' })
  })

  it.each([
    [{ category: 'boat' }, 'category'],
    [{ title: 'x' }, 'title'],
    [{ price: -1 }, 'price'],
    [{ id: undefined }, 'id'],
    [{ description: 'x'.repeat(20_001) }, 'description'],
  ])('names the field of %j', (change, field) => {
    expect(fieldsOf({ ...ad, ...change })).toEqual([field])
  })

  it('is refused outside the region of the United States', () => {
    const parsed = parseLine(JSON.stringify(ad), 'eu', now)
    expect(parsed).toEqual({ ok: false, errors: [{ field: 'location.country', message: expect.any(String) }] })
  })
})

describe('parseLine of our own export', () => {
  it('keeps state and times', () => {
    expect(itemOf(record)).toMatchObject({ externalId: 'feed-1', status: 'active', post: { title: 'A lamp' } })
  })

  it.each([
    [{ bumpedAt: null }, 'bumpedAt'],
    [{ expiresAt: null }, 'expiresAt'],
    [{ expiresAt: '2099-01-01T00:00:00Z' }, 'expiresAt'],
    [{ bumpedAt: '2026-11-21T00:00:00Z' }, 'bumpedAt'],
    [{ createdAt: '0001-01-01T00:00:00Z' }, 'createdAt'],
    [{ status: 'sold' as const }, 'soldAt'],
    [{ category: 'vehicles' }, 'category'],
    [{ attributes: { wings: 2 } }, 'attributes.wings'],
    [{ price: null }, 'price'],
    [{ externalId: 'a\u0000b' }, 'externalId'],
    [{ nonsense: 1 }, 'nonsense'],
  ])('names the field of %j', (change, field) => {
    expect(fieldsOf({ ...record, ...change })).toEqual([field])
  })
})

describe('parseLine', () => {
  it.each(['', 'null', '[]', '"text"', '{', '{"a":1'])('names %j as no JSON object', text => {
    expect(parseLine(text, 'na', now)).toEqual({ ok: false, errors: [{ field: '', message: 'is not a JSON object' }] })
  })
})

function itemOf(value: object) {
  const parsed = parseLine(JSON.stringify(value), 'na', now)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.item
}

function fieldsOf(value: object): string[] {
  const parsed = parseLine(JSON.stringify(value), 'na', now)
  return parsed.ok ? [] : parsed.errors.map(error => error.field)
}
