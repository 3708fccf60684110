import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
})

describe.each(['active', 'reserved', 'sold', 'withdrawn', 'expired'] as const)('a post that is %s', status => {
  it('comes back from a removal as it was', async () => {
    const post = await createTestPost(origin, seller, status)
    expect((await remove(post.id)).body).toMatchObject({ status: 'removed' })
    const hidden = await origin.request('GET', `/posts/${post.id}`, { token: seller.token })
    expect(hidden.body).toMatchObject({ ownStatus: 'removed', visible: false, removalReason: 'Not allowed here' })
    expect((await restore(post.id)).status).toBe(200)
    const back = await origin.request('GET', `/posts/${post.id}`, { token: seller.token })
    expect(back.body).toEqual({ ...post, version: post.version + 2 })
  })
})

describe('removePost and restorePost', () => {
  it('leave one row each in the audit table, and none when nothing changes', async () => {
    const { id } = await createTestPost(origin, seller)
    await remove(id)
    await remove(id)
    await restore(id)
    await restore(id)
    const rows = await origin.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
    expect(rows).toMatchObject([
      { action: 'post.remove', actor_id: moderator.id, reason: 'Not allowed here' },
      { action: 'post.restore', actor_id: moderator.id, reason: null },
    ])
  })

  it('are not for members, not even for their own post', async () => {
    const { id } = await createTestPost(origin, seller)
    const body = { reason: 'Mine' }
    expect((await origin.request('PUT', `/posts/${id}/removal`, { token: seller.token, body })).status).toBe(403)
    expect((await origin.request('DELETE', `/posts/${id}/removal`, { token: seller.token })).status).toBe(403)
  })

  it('need a reason in words', async () => {
    const { id } = await createTestPost(origin, seller)
    const reply = await origin.request('PUT', `/posts/${id}/removal`, { token: moderator.token, body: { reason: ' ' } })
    expect(reply.body.errors).toEqual([{ field: 'reason', message: expect.any(String) }])
  })
})

describe('the audit table', () => {
  const entry = { actor_id: 'na_a', action: 'note', subject_id: 'na_b', reason: 'Because' }

  it.each([
    'DELETE FROM audit',
    'TRUNCATE audit',
    "UPDATE audit SET reason = 'other'",
    "UPDATE audit SET actor_id = 'x', reason = NULL",
    "UPDATE audit SET subject_id = 'x', reason = NULL",
    "UPDATE audit SET action = 'x', reason = NULL",
    'UPDATE audit SET at = now(), reason = NULL',
  ])('refuses %s', async statement => {
    await origin.ctx.db.insertInto('audit').values(entry).execute()
    await expect(sql.raw(statement).execute(origin.ctx.db)).rejects.toThrow('append-only')
  })

  it('lets an erasure take the words of a reason, and nothing else', async () => {
    const { db } = origin.ctx
    const { id } = await db.insertInto('audit').values(entry).returning('id').executeTakeFirstOrThrow()
    await db.updateTable('audit').set({ reason: null }).where('id', '=', id).execute()
    const rows = await db.selectFrom('audit').selectAll().where('id', '=', id).execute()
    expect(rows).toMatchObject([{ ...entry, reason: null }])
  })
})

function remove(id: string) {
  return origin.request('PUT', `/posts/${id}/removal`, { token: moderator.token, body: { reason: 'Not allowed here' } })
}

function restore(id: string) {
  return origin.request('DELETE', `/posts/${id}/removal`, { token: moderator.token })
}
