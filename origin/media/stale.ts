import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { tagsOfPost } from '../posts/stale.ts'
import type { Purge } from '../purge-log.ts'

/** Purges what the public may hold of a photo's post, for whatever changes what is seen of its photos. */
export async function purgePostOf(
  trx: Transaction<Database>,
  { region }: Pick<Context, 'region'>,
  postId: string,
  purge: Purge,
): Promise<void> {
  const facts = [
    'id',
    'version',
    'status',
    'seller_hidden',
    'published_at',
    'country',
    'category',
    'top_category',
  ] as const
  const post = await trx.selectFrom('posts').select(facts).where('id', '=', postId).executeTakeFirst()
  if (post) purge(post, { tags: tagsOfPost(region, post) })
}
