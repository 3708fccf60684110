import { beforeAll, describe, expect, it } from 'vitest'
import { regionOfId } from '../../shared/ids.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { somePost } from '../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
})

describe('createPost', () => {
  it('makes a draft of version 1 with its address and its entity tag', async () => {
    const reply = await create(somePost())
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ ...somePost(), status: 'draft', ownStatus: 'draft', version: 1, visible: false })
    expect(reply.body).toMatchObject({ publishedAt: null, bumpedAt: null, expiresAt: null, canRenew: false })
    expect(reply.headers.get('location')).toBe(`/api/v1/posts/${reply.body.id}`)
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(regionOfId(reply.body.id)).toBe('na')
    expect(reply.body.seller).toMatchObject({ id: seller.id, displayName: seller.displayName })
  })

  it('takes the least that makes a post', async () => {
    const { title, category, location } = somePost()
    const reply = await create({ title, category, location, priceKind: 'on_request' })
    expect(reply.body).toMatchObject({ description: '', price: null, condition: null, attributes: {} })
  })

  it('shows a place of its own to the public, about a kilometre away', async () => {
    const { body } = await create(somePost())
    await origin.request('PUT', `/posts/${body.id}/publication`, { token: seller.token })
    const { location } = (await origin.request('GET', `/posts/${body.id}`)).body
    expect(location).toMatchObject({ country: 'US', subdivision: 'US-NY', city: 'New York' })
    const north = Math.abs(location.lat - body.location.lat) * 111.2
    const east = Math.abs(location.lon - body.location.lon) * 111.2 * Math.cos((location.lat * Math.PI) / 180)
    expect(Math.hypot(north, east)).toBeGreaterThan(0.6)
    expect(Math.hypot(north, east)).toBeLessThan(1.4)
  })

  it.each([
    [{ category: 'vehicles' }, 'category'],
    [{ category: 'nonsense' }, 'category'],
    [{ category: '__proto__' }, 'category'],
    [{ attributes: { gears: 'seven' } }, 'attributes.gears'],
    [{ attributes: { odometer: 3 } }, 'attributes.odometer'],
    [{ attributes: { gears: 7.5 } }, 'attributes.gears'],
    [{ price: null }, 'price'],
    [{ priceKind: 'free' }, 'price'],
    [{ price: { amount: 1.5, currency: 'USD' } }, 'price.amount'],
    [{ price: { amount: -1, currency: 'USD' } }, 'price.amount'],
    [{ price: { amount: 1, currency: 'XXX' } }, 'price.currency'],
    [{ condition: 'mint' }, 'condition'],
    [{ title: 'x' }, 'title'],
    [{ title: 'two\nlines' }, 'title'],
    [{ title: 'x'.repeat(121) }, 'title'],
    [{ description: 'x'.repeat(20_001) }, 'description'],
    [{ location: { ...somePost().location, subdivision: 'US-ZZ' } }, 'location.subdivision'],
    [{ location: { ...somePost().location, subdivision: 'CA-ON' } }, 'location.subdivision'],
    [{ location: { ...somePost().location, lat: 91 } }, 'location.lat'],
    [{ status: 'active' }, 'status'],
  ])('names the field of %j', async (change, field) => {
    const reply = await create({ ...somePost(), ...change })
    expect(reply.body).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(reply.body.errors.map((error: { field: string }) => error.field)).toEqual([field])
  })

  it('takes a place of a country whose subdivisions we do not know, with any code of the right form or none', async () => {
    const place = { country: 'AR', city: 'Córdoba', lat: -31.4, lon: -64.2 }
    for (const subdivision of ['AR-X', null]) {
      expect((await create({ ...somePost(), location: { ...place, subdivision } })).status).toBe(201)
    }
  })

  it('refuses a place of another region, naming the region', async () => {
    const reply = await create({ ...somePost(), location: somePost('eu').location })
    expect(reply.body).toMatchObject({ status: 422, code: 'place_outside_home_region' })
    expect(reply.body.detail).toContain('"eu"')
    expect(reply.body.detail).toContain('"na"')
  })
})

function create(body: object) {
  return origin.request('POST', '/posts', { token: seller.token, body })
}
