import { sql, type Transaction } from 'kysely'
import { cacheTags } from '../../shared/cache-tags.ts'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { renewExports } from '../exports/renewing.ts'
import { type Bytes, deleteImagesOfPosts, removeBytes } from '../media/removing.ts'
import { deleteThreadsOf, eraseFromMessages } from '../messages/deleting.ts'
import { eraseFromReports, forgetReasons } from '../moderation/forgetting.ts'

type Stores = Pick<Context, 'db' | 'region' | 'now'>

/** Threads, or posts, that are deleted in one transaction. */
const few = 50

/**
 * Erases what there is much of: conversations, in which others have a part, and posts. A few at a time, so that no lock is
 * held for long; whatever a crash leaves is found by the next try.
 * @returns the bytes of photos that were removed
 */
export async function eraseInParts(ctx: Stores & Pick<Context, 'objects'>, accountId: string): Promise<Bytes> {
  await ctx.db.transaction().execute(trx => forgetReasons(trx, accountId))
  while ((await eraseThreads(ctx, accountId)) === few);
  const photos: Bytes = { folders: [], keys: [] }
  for (let posts = few; posts === few; ) {
    const erased = await erasePosts(ctx, accountId)
    // Jobs will do the same; but an account is erased when its photos are gone, not when that is asked for.
    await removeBytes(ctx, erased.bytes)
    photos.folders.push(...erased.bytes.folders)
    photos.keys.push(...erased.bytes.keys)
    posts = erased.posts
  }
  return photos
}

/** Erases everything else that names an account of whatever region and does not go with its row. */
export async function eraseRest(ctx: Stores, trx: Transaction<Database>, accountId: string): Promise<void> {
  await eraseFromMessages(ctx, trx, accountId)
  await renewExports(ctx, trx, await eraseFromReports(trx, accountId))
  await trx.deleteFrom('idempotency_keys').where('account_id', '=', accountId).execute()
  await eraseJobs(trx, accountId)
}

/** SQL that tells whether a row of the outbox names an account: ids are unique in any text, so any payload is a text. */
export function mentions(accountId: ReturnType<typeof sql.ref> | ReturnType<typeof sql.lit>) {
  return sql<boolean>`(outbox.aggregate_id = ${accountId} OR strpos(outbox.payload::text, ${accountId}) > 0)`
}

/** The copies of the other sides' data that hold a conversation are made anew without it. */
function eraseThreads({ db, ...ctx }: Stores, accountId: string): Promise<number> {
  return db.transaction().execute(async trx => {
    const threads = await deleteThreadsOf(ctx, trx, accountId, few)
    await eraseJobsAbout(
      trx,
      threads.map(({ id }) => id),
    )
    const sides = new Set(threads.flatMap(({ seller_id, buyer_id }) => [seller_id, buyer_id]))
    await renewExports(
      ctx,
      trx,
      [...sides].filter(id => id !== accountId),
    )
    return threads.length
  })
}

/** No tombstones: nobody saw these posts for 14 days, and nothing of theirs may stay. */
function erasePosts({ db, now }: Stores, accountId: string): Promise<{ posts: number; bytes: Bytes }> {
  return db.transaction().execute(async trx => {
    const posts = await trx.selectFrom('posts').select('id').where('account_id', '=', accountId).limit(few).execute()
    const ids = posts.map(({ id }) => id)
    const bytes = await deleteImagesOfPosts(trx, ids, now())
    if (ids.length === 0) return { posts: 0, bytes }
    await trx.deleteFrom('posts').where('id', 'in', ids).execute()
    await trx.deleteFrom('search_tombstones').where('post_id', 'in', ids).execute()
    await trx
      .deleteFrom('outbox')
      .where('kind', '=', 'purge')
      .where('done_at', 'is not', null)
      .where(sql<boolean>`payload->'tags' ?| ${ids.map(cacheTags.post)}::text[]`)
      .execute()
    return { posts: ids.length, bytes }
  })
}

/**
 * Deletes what the outbox says about deleted threads, title and all: mails about them have nothing to say any more, and
 * what it told before does not matter now that it tells of the deletion.
 */
async function eraseJobsAbout(trx: Transaction<Database>, threadIds: readonly string[]): Promise<void> {
  if (threadIds.length === 0) return
  await trx
    .deleteFrom('outbox')
    .where(job =>
      job.or([
        job.and([
          job('kind', '=', 'thread.changed'),
          job('aggregate_id', 'in', threadIds),
          sql<boolean>`payload->>'deleted' = 'false'`,
        ]),
        job.and([job('kind', '=', 'mail.requested'), job(sql<string>`payload->'data'->>'threadId'`, 'in', threadIds)]),
      ]),
    )
    .execute()
}

/** Jobs that are published, and those whose only purpose was the account itself. */
async function eraseJobs(trx: Transaction<Database>, accountId: string): Promise<void> {
  await trx
    .deleteFrom('outbox')
    .where(mentions(sql.lit(accountId)))
    .where(job =>
      job.or([
        job('done_at', 'is not', null),
        job('kind', 'in', ['mail.requested', 'thread.changed', 'export.requested']),
      ]),
    )
    .execute()
}
