import type { Kysely } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { OwnPost, Post } from '../../shared/post.ts'
import { type Actor, canModerate } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { type PostRow, selectPosts } from './rows.ts'
import { viewOwnPost, viewPost } from './views.ts'
import { publicFace } from './visibility.ts'

type Stores = Pick<Context, 'db' | 'now'>

/**
 * Reads a post as this reader may see it: sellers all of their own, moderators all but drafts, others what is public.
 * @throws post_not_found, post_gone
 */
export async function readPost({ db, now }: Stores, actor: Actor | null, id: string): Promise<OwnPost | Post> {
  const at = now()
  const post = await getPost(db, actor, id, at)
  return actor?.id === post.account_id ? viewOwnPost(post, at) : viewPost(post)
}

/**
 * Fetches a post that this reader may see.
 * @throws post_not_found for drafts of others and ids that never were; post_gone for what once was public
 */
export async function getPost(db: Kysely<Database>, actor: Actor | null, id: string, now: Date): Promise<PostRow> {
  const post = isId(id) ? await selectPosts(db).where('posts.id', '=', id).executeTakeFirst() : undefined
  if (!post) throw new AppError(isId(id) && (await isDeleted(db, id)) ? 'post_gone' : 'post_not_found')
  if (actor?.id === post.account_id) return post
  const face = publicFace(post, now)
  if (face === 'unknown') throw new AppError('post_not_found')
  if (face === 'gone' && !(actor && canModerate(actor))) throw new AppError('post_gone')
  return post
}

async function isDeleted(db: Kysely<Database>, id: string): Promise<boolean> {
  return (await db.selectFrom('post_tombstones').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}
