import { beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import { type OwnPost, type OwnStatus, ownStatuses } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'

const day = 86_400_000
const publicStatus: Readonly<Record<OwnStatus, number>> = {
  draft: 404,
  active: 200,
  reserved: 200,
  sold: 200,
  withdrawn: 410,
  removed: 410,
  expired: 410,
}

let origin: TestOrigin
let seller: TestAccount
let other: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  ;[seller, other, moderator] = await Promise.all([
    origin.createAccount(),
    origin.createAccount(),
    origin.createAccount({ role: 'moderator' }),
  ])
})

describe.each(ownStatuses)('a post that is %s', status => {
  let post: OwnPost
  beforeAll(async () => {
    post = await createTestPost(origin, seller, status)
  })

  it('is to the public what the rules say', async () => {
    const codes: Record<number, string> = { 404: 'post_not_found', 410: 'post_gone' }
    for (const token of [undefined, other.token]) {
      const reply = await read(post.id, token)
      expect(reply.status).toBe(publicStatus[status])
      expect(reply.body.code).toBe(codes[reply.status])
    }
  })

  it('is to its seller all it is', async () => {
    const reply = await read(post.id, seller.token)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ ownStatus: status, visible: publicStatus[status] === 200 })
    expect(reply.body.location).toEqual(post.location)
    expect(reply.body.removalReason).toBe(status === 'removed' ? 'Not allowed here' : null)
  })

  it('is seen by a moderator unless it is a draft, with the blurred place', async () => {
    const reply = await read(post.id, moderator.token)
    expect(reply.status).toBe(status === 'draft' ? 404 : 200)
    if (reply.status === 200) expect(reply.body.location.lat).not.toBe(post.location.lat)
    expect(reply.body).not.toHaveProperty('removalReason')
  })

  it('is in public lists only when active or reserved', async () => {
    const listed = await origin.request('GET', '/posts?category=bicycles&limit=100')
    const ids = listed.body.items.map((item: OwnPost) => item.id)
    expect(ids.includes(post.id)).toBe(status === 'active' || status === 'reserved')
  })

  it('is not for another seller to change', async () => {
    const expected = publicStatus[status] === 200 ? 403 : publicStatus[status]
    for (const [method, resource] of [
      ['PUT', '/publication'],
      ['DELETE', '/publication'],
      ['PUT', '/reservation'],
      ['DELETE', '/reservation'],
      ['PUT', '/sale'],
      ['POST', '/renewals'],
      ['DELETE', ''],
    ] as const) {
      expect((await origin.request(method, `/posts/${post.id}${resource}`, { token: other.token })).status).toBe(
        expected,
      )
    }
    const edit = { token: other.token, headers: { 'if-match': '*' }, body: { title: 'Mine now' } }
    expect((await origin.request('PATCH', `/posts/${post.id}`, edit)).status).toBe(expected)
    expect((await read(post.id, seller.token)).body).toEqual(post)
  })
})

describe('a post', () => {
  it('is gone 30 days after its sale', async () => {
    const { id } = await createTestPost(origin, seller, 'sold')
    await turnBack(origin, id, 30 * day - 60_000)
    expect((await read(id)).status).toBe(200)
    await turnBack(origin, id, 120_000)
    expect((await read(id)).status).toBe(410)
    expect((await read(id, seller.token)).body).toMatchObject({ ownStatus: 'sold', visible: false })
  })

  it('is gone from the very instant that it expires, with nothing running', async () => {
    const { id, expiresAt } = await createTestPost(origin, seller)
    await turnBack(origin, id, Date.parse(expiresAt ?? '') - Date.now())
    expect((await read(id)).status).toBe(410)
  })

  it('is gone after it was deleted; a draft was never there', async () => {
    const shown = await createTestPost(origin, seller)
    const draft = await createTestPost(origin, seller, 'draft')
    for (const { id } of [shown, draft]) {
      expect((await origin.request('DELETE', `/posts/${id}`, { token: seller.token })).status).toBe(204)
    }
    expect((await read(shown.id)).body.code).toBe('post_gone')
    expect((await read(draft.id)).body.code).toBe('post_not_found')
  })

  it('is gone while its seller is suspended, and back afterwards', async () => {
    const suspect = await origin.createAccount()
    const { id } = await createTestPost(origin, suspect)
    const path = `/accounts/${suspect.id}/suspension`
    const suspended = await origin.request('PUT', path, { token: moderator.token, body: { reason: 'Fraud' } })
    expect(suspended.status).toBe(204)
    expect((await read(id)).status).toBe(410)
    expect((await read(id, moderator.token)).status).toBe(200)
    await origin.request('DELETE', path, { token: moderator.token })
    expect((await read(id)).status).toBe(200)
  })

  it.each([createId('na'), createId('eu'), 'na_', 'x', '%00', `na_${'z'.repeat(26)}`, '..%2f..%2fetc'])(
    'with the unknown id %s is not found',
    async id => {
      expect((await read(id)).body).toMatchObject({ status: 404 })
    },
  )
})

function read(id: string, token?: string) {
  return origin.request('GET', `/posts/${id}`, { token })
}
