import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { deleteImagesOfPosts } from '../media/removing.ts'
import { deleteForgottenThreads, deleteSilentThreadsOf } from '../messages/deleting.ts'
import { deleteMootReports, deleteOpenReportsOf } from '../moderation/forgetting.ts'

/**
 * How long a post stays after its end, however it ended: it can be revived, appealed against, or looked up until then. What
 * hangs on it has as long from its own last change.
 */
const keptAfterEnd = 90 * 86_400_000

/**
 * Deletes posts that ended 90 days ago: expired ones by `expires_at`, withdrawn and sold ones
 * by the day they were, removed ones by their removal. What hangs on them goes too: photos, open reports, and conversations
 * but for those in which somebody has written since (decision 060). They leave no tombstone, so their addresses answer 404 from now on.
 * Drafts have no end. The expression is that of the index `posts_end` (migration 005).
 * @returns how many it was
 */
export async function clearEndedPosts({ db, ...ctx }: Context, batch: number): Promise<number> {
  const at = ctx.now()
  const before = new Date(at.getTime() - keptAfterEnd)
  return db.transaction().execute(async trx => {
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM posts
      WHERE CASE
        WHEN status IN ('active', 'reserved') THEN expires_at
        WHEN status IN ('withdrawn', 'sold') THEN coalesce(ended_at, updated_at)
        WHEN status = 'removed' THEN updated_at
      END < ${before}
      LIMIT ${batch}
      FOR UPDATE SKIP LOCKED`.execute(trx)
    if (rows.length === 0) return 0
    const ids = rows.map(row => row.id)
    await deleteImagesOfPosts(trx, ids, at)
    await deleteSilentThreadsOf(ctx, trx, ids, before)
    await deleteOpenReportsOf(trx, ids)
    await trx.deleteFrom('posts').where('id', 'in', ids).execute()
    return ids.length
  })
}

/** Deletes threads of posts that are gone once nobody has written in them for 90 days. @returns how many it was */
export function clearForgottenThreads(ctx: Context, batch: number): Promise<number> {
  return deleteForgottenThreads(ctx, new Date(ctx.now().getTime() - keptAfterEnd), batch)
}

/** Deletes open reports of 90 days ago about what is not there any more: nobody can judge it. @returns how many it was */
export function clearMootReports({ db, now }: Context, batch: number): Promise<number> {
  return deleteMootReports(db, new Date(now().getTime() - keptAfterEnd), batch)
}
