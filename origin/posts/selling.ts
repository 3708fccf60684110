import type { OwnPost } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { changePost } from './changing.ts'
import { viewOwnPost } from './views.ts'

/** Marks a post sold: it leaves every list at once and keeps its own page for 30 days. */
export async function sellPost(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
): Promise<OwnPost> {
  const columns = (_: unknown, now: Date) => ({ sold_at: now, ended_at: now })
  const post = await changePost(ctx, actor, { id, verb: 'sell', by: 'seller' }, columns)
  return viewOwnPost(post, ctx.now())
}
