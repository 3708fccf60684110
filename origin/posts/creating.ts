import { createId } from '../../shared/ids.ts'
import type { OwnPost, PostInput } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { requireSound } from './checking.ts'
import { contentColumns } from './content.ts'
import { selectPosts } from './rows.ts'
import { viewOwnPost } from './views.ts'

/**
 * Makes a draft; nobody else sees it before it is published. Writes by `ctx.db`, which may be a transaction.
 * @throws invalid_input, place_outside_home_region
 */
export async function createPost(
  ctx: Pick<Context, 'db' | 'now' | 'keys' | 'region'>,
  actor: Actor,
  input: PostInput,
): Promise<OwnPost> {
  requireSound(input, ctx.region)
  const now = ctx.now()
  const id = createId(ctx.region, now.getTime())
  const row = {
    id,
    account_id: actor.id,
    ...contentColumns(ctx, actor.id, input),
    status: 'draft' as const,
    created_at: now,
    updated_at: now,
  }
  await ctx.db.insertInto('posts').values(row).execute()
  return viewOwnPost(await selectPosts(ctx.db).where('posts.id', '=', id).executeTakeFirstOrThrow(), now)
}
