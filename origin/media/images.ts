import type { Kysely, Selectable, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import { type Actor, canModerate } from '../actor.ts'
import type { Database, ImagesTable } from '../db/schema.ts'
import { getPostToChange, outcomeFor } from '../posts/changing.ts'
import type { PostRow } from '../posts/rows.ts'
import { publicFace } from '../posts/visibility.ts'

export type ImageRow = Selectable<ImagesTable>

/**
 * Fetches a photo for a change by its seller.
 * @throws image_not_found for what is not there or what this reader may not see; forbidden for another seller's
 */
export async function getOwnImage(db: Kysely<Database>, actor: Actor, id: string, now: Date): Promise<ImageRow> {
  const row = isId(id) ? await db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst() : undefined
  if (row?.account_id === actor.id) return row
  if (!row || !(await maySee(db, actor, row, now))) throw new AppError('image_not_found')
  throw new AppError('forbidden', { detail: 'The photo belongs to another seller' })
}

/**
 * Takes the turn of a post's photos until the transaction ends: whoever adds, orders, changes or deletes one locks the post, so
 * that they count and order what is there.
 * @throws post_not_found, post_gone, forbidden for another seller's post; illegal_transition where it may not be edited
 */
export async function lockPostToEdit(
  trx: Transaction<Database>,
  actor: Actor,
  postId: string,
  now: Date,
): Promise<PostRow> {
  const post = await lockOwnPost(trx, actor, postId, now)
  outcomeFor(post, { id: postId, verb: 'edit' }, now)
  return post
}

/** As above in whatever state the post is. */
export async function lockOwnPost(
  trx: Transaction<Database>,
  actor: Actor,
  postId: string,
  now: Date,
): Promise<PostRow> {
  // Nobody can hold up another seller's post by asking for it.
  const own = trx.selectFrom('posts').select('id').where('id', '=', postId).where('account_id', '=', actor.id)
  if (isId(postId)) await own.forUpdate().execute()
  return getPostToChange(trx, actor, { id: postId, verb: 'edit', by: 'seller' }, now)
}

/** A post's photos in order, in whatever state. */
export function selectImages(db: Kysely<Database>, postId: string): Promise<ImageRow[]> {
  const all = db.selectFrom('images').selectAll().where('post_id', '=', postId)
  return all.orderBy('position').orderBy('id').execute()
}

async function maySee(db: Kysely<Database>, actor: Actor, { post_id, state }: ImageRow, now: Date): Promise<boolean> {
  if (state !== 'ready') return false
  const facts = ['status', 'expires_at', 'sold_at', 'seller_hidden', 'published_at'] as const
  const post = await db.selectFrom('posts').select(facts).where('id', '=', post_id).executeTakeFirst()
  const face = post ? publicFace(post, now) : 'unknown'
  return face === 'shown' || (face === 'gone' && canModerate(actor))
}
