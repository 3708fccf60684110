import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, somePost } from '../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
})

describe('editPost', () => {
  it('changes what is named, leaves the rest, and counts the version up', async () => {
    const post = await createTestPost(origin, seller)
    const reply = await edit(post.id, `"${post.version}"`, { title: 'Another title' })
    expect(reply.body).toEqual({ ...post, title: 'Another title', version: post.version + 1 })
    expect(reply.headers.get('etag')).toBe(`"${post.version + 1}"`)
  })

  it('needs If-Match', async () => {
    const post = await createTestPost(origin, seller, 'draft')
    const reply = await edit(post.id, undefined, { title: 'Another title' })
    expect(reply.body).toMatchObject({ status: 428, code: 'precondition_required' })
  })

  it('refuses a version that is not the latest, and takes it weak or strong when it is', async () => {
    const post = await createTestPost(origin, seller, 'draft')
    expect((await edit(post.id, '"1"', { title: 'Second' })).status).toBe(200)
    expect((await edit(post.id, '"1"', { title: 'Third' })).body).toMatchObject({
      status: 412,
      code: 'precondition_failed',
    })
    expect((await edit(post.id, 'W/"2"', { title: 'Third' })).body).toMatchObject({ title: 'Third', version: 3 })
  })

  it('lets one of two edits through that come at the same time', async () => {
    const post = await createTestPost(origin, seller)
    const replies = await Promise.all(
      ['One', 'Two'].map(title => edit(post.id, `"${post.version}"`, { title: `${title} bike` })),
    )
    expect(replies.map(reply => reply.status).sort()).toEqual([200, 412])
  })

  it('moves the public place with the exact one', async () => {
    const post = await createTestPost(origin, seller)
    const before = (await origin.request('GET', `/posts/${post.id}`)).body.location
    const location = { ...somePost().location, subdivision: 'US-CA', city: 'Los Angeles', lat: 34.05, lon: -118.24 }
    const reply = await edit(post.id, '*', { location })
    expect(reply.body.location).toEqual(location)
    const after = (await origin.request('GET', `/posts/${post.id}`)).body.location
    expect(after.city).toBe('Los Angeles')
    expect(Math.abs(after.lon - before.lon)).toBeGreaterThan(40)
  })

  it('keeps what fits of the attributes in another category', async () => {
    const post = await createTestPost(origin, seller)
    const reply = await edit(post.id, '*', { category: 'bike-parts' })
    expect(reply.body).toMatchObject({ category: 'bike-parts', attributes: { brand: 'Gazelle' } })
    expect(reply.body.attributes).not.toHaveProperty('gears')
    const listed = await origin.request('GET', '/posts?category=bikes&limit=100')
    expect(listed.body.items.map((item: { id: string }) => item.id)).toContain(post.id)
  })

  it.each([
    [{ category: 'bikes' }, 'category'],
    [{ attributes: { wings: 2 } }, 'attributes.wings'],
    [{ priceKind: 'free' }, 'price'],
    [{ price: null }, 'price'],
    [{ title: '' }, 'title'],
    [{ version: 7 }, 'version'],
  ])('names the field of %j', async (patch, field) => {
    const post = await createTestPost(origin, seller, 'draft')
    const reply = await edit(post.id, '*', patch)
    expect(reply.body).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(reply.body.errors.map((error: { field: string }) => error.field)).toEqual([field])
  })

  it('makes a priced post free by price and kind together', async () => {
    const post = await createTestPost(origin, seller, 'draft')
    expect((await edit(post.id, '*', { price: null, priceKind: 'free' })).body).toMatchObject({
      price: null,
      priceKind: 'free',
    })
  })

  it('refuses a place of another region', async () => {
    const post = await createTestPost(origin, seller, 'draft')
    const reply = await edit(post.id, '*', { location: somePost('ap').location })
    expect(reply.body).toMatchObject({ status: 422, code: 'place_outside_home_region' })
  })
})

function edit(id: string, ifMatch: string | undefined, body: object) {
  const headers: Record<string, string> = ifMatch === undefined ? {} : { 'if-match': ifMatch }
  return origin.request('PATCH', `/posts/${id}`, { token: seller.token, body, headers })
}
