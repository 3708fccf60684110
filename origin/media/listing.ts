import type { OwnImageList } from '../../shared/media.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { getPostToChange } from '../posts/changing.ts'
import { selectImages } from './images.ts'
import { viewOwnImages } from './views.ts'

/** Lists the photos of a post for its seller, in order and in every state. @throws post_not_found, post_gone, forbidden */
export async function listImages(
  { db, now }: Pick<Context, 'db' | 'now'>,
  actor: Actor,
  postId: string,
): Promise<OwnImageList> {
  await getPostToChange(db, actor, { id: postId, verb: 'edit', by: 'seller' }, now())
  return viewOwnImages(await selectImages(db, postId))
}
