import type { OwnPost } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { requestMail } from '../mail/requesting.ts'
import { type Consequence, changePost } from './changing.ts'
import { expiryOf } from './renewal.ts'
import type { PostRow } from './rows.ts'
import { viewOwnPost } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>

/**
 * Puts a draft before the public, or a withdrawn post back: the latter keeps its place and its end, so that withdrawing
 * is no way to bump. Its seller gets a mail the first time.
 */
export async function publishPost(ctx: Stores, actor: Actor, id: string): Promise<OwnPost> {
  const columns = (post: PostRow, now: Date) => ({
    published_at: post.published_at ?? now,
    bumped_at: post.bumped_at ?? now,
    expires_at: post.expires_at ?? expiryOf(post.category, now),
    ended_at: null,
  })
  const tellSeller: Consequence = async (trx, post, before) => {
    if (before.published_at) return
    await requestMail(trx, {
      mail: 'post-published',
      accountId: post.account_id,
      key: `post-published ${id}`,
      about: post,
      data: { postId: id },
    })
  }
  const post = await changePost(ctx, actor, { id, verb: 'publish', by: 'seller' }, columns, tellSeller)
  return viewOwnPost(post, ctx.now())
}

/** Takes a post from the public; its seller may publish it again. */
export async function withdrawPost(ctx: Stores, actor: Actor, id: string): Promise<OwnPost> {
  const post = await changePost(ctx, actor, { id, verb: 'withdraw', by: 'seller' }, (_, now) => ({ ended_at: now }))
  return viewOwnPost(post, ctx.now())
}
