import type { Post } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { requestMail } from '../mail/requesting.ts'
import { type Consequence, changePost } from './changing.ts'
import type { PostRow } from './rows.ts'
import { viewPost } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>

/** Removes a post by a moderator's hand; its seller reads the reason, on the site and in a mail. */
export async function removePost(ctx: Stores, actor: Actor, id: string, reason: string): Promise<Post> {
  const change = { id, verb: 'remove', by: 'moderator', reason } as const
  const columns = (post: PostRow) => ({ removed_from: post.status, removal_reason: reason })
  const tellSeller: Consequence = (trx, post) =>
    requestMail(trx, {
      mail: 'post-removed',
      accountId: post.account_id,
      key: `post-removed ${id} ${post.version}`,
      about: post,
      data: { postId: id },
    })
  return viewPost(await changePost(ctx, actor, change, columns, tellSeller))
}

/** Puts a removed post back into the state it was in. */
export async function restorePost(ctx: Stores, actor: Actor, id: string): Promise<Post> {
  const change = { id, verb: 'restore', by: 'moderator' } as const
  return viewPost(await changePost(ctx, actor, change, () => ({ removed_from: null, removal_reason: null })))
}
