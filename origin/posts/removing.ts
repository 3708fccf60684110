import type { Post } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { changePost } from './changing.ts'
import { viewPost } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>

/** Removes a post by a moderator's hand; its seller reads the reason. */
export async function removePost(ctx: Stores, actor: Actor, id: string, reason: string): Promise<Post> {
  const change = { id, verb: 'remove', by: 'moderator', reason } as const
  return viewPost(await changePost(ctx, actor, change, post => ({ removed_from: post.status, removal_reason: reason })))
}

/** Puts a removed post back into the state it was in. */
export async function restorePost(ctx: Stores, actor: Actor, id: string): Promise<Post> {
  const change = { id, verb: 'restore', by: 'moderator' } as const
  return viewPost(await changePost(ctx, actor, change, () => ({ removed_from: null, removal_reason: null })))
}
