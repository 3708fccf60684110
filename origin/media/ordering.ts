import { sql, type Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import type { OwnImageList } from '../../shared/media.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { tagsOfPost } from '../posts/stale.ts'
import { transactAndPurge } from '../purge-log.ts'
import { lockPostToEdit, selectImages } from './images.ts'
import { viewOwnImages } from './views.ts'

/**
 * Puts the photos of a post in another order; the first becomes its cover.
 * @param ids all of them, each once
 * @throws conflict when they are not what the post has now; post_not_found, post_gone, forbidden, illegal_transition
 */
export async function orderImages(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  postId: string,
  ids: readonly string[],
): Promise<OwnImageList> {
  const at = ctx.now()
  const rows = await transactAndPurge(ctx, async (trx, purge) => {
    const post = await lockPostToEdit(trx, actor, postId, at)
    const before = await selectImages(trx, postId)
    requireSame(
      ids,
      before.map(({ id }) => id),
    )
    if (before.every(({ id }, at) => id === ids[at])) return before
    await writeOrder(trx, ids)
    purge(post, { tags: tagsOfPost(ctx.region, post) })
    return selectImages(trx, postId)
  })
  return viewOwnImages(rows)
}

function requireSame(ids: readonly string[], present: readonly string[]): void {
  const same = ids.length === present.length && present.every(id => ids.includes(id))
  if (!same) throw new AppError('conflict', { detail: 'The post has other photos now than those that were ordered' })
}

async function writeOrder(trx: Transaction<Database>, ids: readonly string[]): Promise<void> {
  await sql`
    UPDATE images SET position = wanted.position - 1
    FROM unnest(${sql.val([...ids])}::text[]) WITH ORDINALITY AS wanted (id, position)
    WHERE images.id = wanted.id`.execute(trx)
}
