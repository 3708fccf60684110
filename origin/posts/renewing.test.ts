import { beforeAll, describe, expect, it } from 'vitest'
import type { OwnPost } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'

const hour = 3_600_000
const day = 24 * hour

let origin: TestOrigin
let seller: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
})

describe('renewPost', () => {
  it('bumps a post to the top and starts its time again, under the same id', async () => {
    const post = await createTestPost(origin, seller)
    await turnBack(origin, post.id, 10 * day)
    const renewed = (await renew(post)).body
    expect(renewed).toMatchObject({ id: post.id, status: 'active' })
    expect(Date.parse(renewed.publishedAt)).toBeLessThan(Date.parse(renewed.bumpedAt))
    expect(Date.parse(renewed.expiresAt) - Date.parse(renewed.bumpedAt)).toBe(30 * day)
    const [first] = (await origin.request('GET', '/posts?category=bicycles&limit=1')).body.items
    expect(first.id).toBe(post.id)
  })

  it('works once in 48 hours, and says from when it works again', async () => {
    const post = await createTestPost(origin, seller)
    await turnBack(origin, post.id, 48 * hour)
    const renewed = (await renew(post)).body
    expect(renewed.canRenew).toBe(false)
    expect(Date.parse(renewed.renewableFrom) - Date.parse(renewed.bumpedAt)).toBe(48 * hour)
    const refused = await renew(post)
    expect(refused.body).toMatchObject({ status: 409, code: 'renewed_recently' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(47 * 3600)
    await turnBack(origin, post.id, 48 * hour)
    expect((await renew(post)).status).toBe(200)
  })

  it('does not bump a post that was first published less than 48 hours ago', async () => {
    const post = await createTestPost(origin, seller)
    expect(post.canRenew).toBe(false)
    expect(Date.parse(post.renewableFrom ?? '') - Date.parse(post.publishedAt ?? '')).toBe(48 * hour)
    const refused = await renew(post)
    expect(refused.body).toMatchObject({ status: 409, code: 'renewed_recently' })
    await turnBack(origin, post.id, 48 * hour)
    expect((await renew(post)).status).toBe(200)
  })

  it('revives a post that expired up to 90 days ago, in the state it had', async () => {
    const post = await createTestPost(origin, seller, 'reserved')
    await turnBack(origin, post.id, 120 * day - hour)
    expect((await read(post)).body).toMatchObject({ ownStatus: 'expired', canRenew: true })
    expect((await renew(post)).body).toMatchObject({ id: post.id, ownStatus: 'reserved', visible: true })
  })

  it('does not revive it later', async () => {
    const post = await createTestPost(origin, seller)
    await turnBack(origin, post.id, 120 * day + hour)
    expect((await read(post)).body).toMatchObject({ ownStatus: 'expired', canRenew: false, renewableFrom: null })
    const refused = await renew(post)
    expect(refused.body).toMatchObject({ status: 409, code: 'illegal_transition' })
    expect(refused.body.detail).toContain('90 days')
  })

  it('is not to be had by withdrawing and publishing again', async () => {
    const post = await createTestPost(origin, seller)
    await turnBack(origin, post.id, 5 * day)
    const before = (await read(post)).body
    const path = `/posts/${post.id}/publication`
    await origin.request('DELETE', path, { token: seller.token })
    const { body } = await origin.request('PUT', path, { token: seller.token })
    expect(body).toMatchObject({ status: 'active', bumpedAt: before.bumpedAt, expiresAt: before.expiresAt })
  })
})

function renew({ id }: OwnPost) {
  return origin.request('POST', `/posts/${id}/renewals`, { token: seller.token })
}

function read({ id }: OwnPost) {
  return origin.request('GET', `/posts/${id}`, { token: seller.token })
}
