import type { OwnPost } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { changePost } from './changing.ts'
import { viewOwnPost } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>

/** Marks a post as promised to somebody; it stays in every list. */
export async function reservePost(ctx: Stores, actor: Actor, id: string): Promise<OwnPost> {
  const post = await changePost(ctx, actor, { id, verb: 'reserve', by: 'seller' }, () => ({}))
  return viewOwnPost(post, ctx.now())
}

/** Makes a reserved post available again. */
export async function unreservePost(ctx: Stores, actor: Actor, id: string): Promise<OwnPost> {
  const post = await changePost(ctx, actor, { id, verb: 'unreserve', by: 'seller' }, () => ({}))
  return viewOwnPost(post, ctx.now())
}
