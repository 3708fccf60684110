import { beforeAll, describe, expect, it } from 'vitest'
import type { OwnStatus } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { deletePost } from './deleting.ts'
import { editPost } from './editing.ts'
import { publishPost, withdrawPost } from './publishing.ts'
import { removePost, restorePost } from './removing.ts'
import { renewPost } from './renewing.ts'
import { reservePost, unreservePost } from './reserving.ts'
import { sellPost } from './selling.ts'

type Act = (ctx: Context, actor: Actor, id: string) => Promise<unknown>

const asSeller: [string, OwnStatus, Act][] = [
  ['publishPost', 'draft', publishPost],
  ['withdrawPost', 'active', withdrawPost],
  ['reservePost', 'active', reservePost],
  ['unreservePost', 'reserved', unreservePost],
  ['sellPost', 'active', sellPost],
  ['renewPost', 'active', renewPost],
  ['deletePost', 'active', deletePost],
]
const asModerator: [string, OwnStatus, Act][] = [
  ['removePost', 'active', (ctx, actor, id) => removePost(ctx, actor, id, 'Not allowed here')],
  ['restorePost', 'removed', restorePost],
]

const day = 86_400_000

let origin: TestOrigin
let seller: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
})

describe('a change that loses the race', () => {
  it.each(asSeller)('%s of a post that is %s is a conflict and changes nothing', async (_, status, act) => {
    await expect(raced(status, id => act(origin.ctx, seller.actor, id))).resolves.toBe('conflict')
  })

  it.each(asModerator)('%s of a post that is %s is a conflict and leaves no audit row', async (_, status, act) => {
    await expect(raced(status, id => act(origin.ctx, moderator.actor, id))).resolves.toBe('conflict')
    const rows = await origin.ctx.db.selectFrom('audit').select('id').where('actor_id', '=', moderator.id).execute()
    expect(rows).toEqual([])
  })

  it('editPost finds its precondition failed', async () => {
    const edit: Act = (ctx, actor, id) => editPost(ctx, actor, id, () => true, { title: 'Another title' })
    await expect(raced('active', id => edit(origin.ctx, seller.actor, id))).resolves.toBe('precondition_failed')
  })
})

/**
 * Lets another writer change the post while the act waits.
 * @returns the code of the error that the act ends in
 */
async function raced(status: OwnStatus, act: (id: string) => Promise<unknown>): Promise<string> {
  const { db } = origin.ctx
  const post = await createTestPost(origin, seller, status)
  await turnBack(origin, post.id, 3 * day) // so that it may be renewed
  const title = 'Written by the winner'
  const outcome = await loseRace(
    origin.ctx,
    () => act(post.id),
    trx =>
      trx
        .updateTable('posts')
        .set(eb => ({ title, version: eb('version', '+', 1) }))
        .where('id', '=', post.id)
        .execute(),
  )
  const left = ['title', 'status', 'version'] as const
  const row = await db.selectFrom('posts').select(left).where('id', '=', post.id).executeTakeFirst()
  expect(row).toEqual({ title, status: post.status, version: post.version + 1 })
  return outcome.status === 'rejected' ? outcome.reason.code : 'done'
}
