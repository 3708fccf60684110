import { sql, type Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { maxImagesPerPost, maxUploadsPerDay } from '../../shared/media.ts'
import type { Database } from '../db/schema.ts'

const day = 86_400_000

/** To be called under the post's lock. @returns the position of the next photo @throws too_many_images */
export async function requireRoomInPost(trx: Transaction<Database>, postId: string): Promise<number> {
  const { count, next } = await trx
    .selectFrom('images')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .select(sql<number>`coalesce(max(position) + 1, 0)`.as('next'))
    .where('post_id', '=', postId)
    .executeTakeFirstOrThrow()
  if (Number(count) < maxImagesPerPost) return next
  throw new AppError('too_many_images', {
    detail: `A post holds ${maxImagesPerPost} photos. Delete one to add another.`,
  })
}

/**
 * Takes its turn with the account's other uploads until the transaction ends, and refuses when 24 hours are full; photos that
 * were deleted count.
 * @throws rate_limited with the seconds until one more fits
 */
export async function requireRoomForUpload(trx: Transaction<Database>, accountId: string, now: Date): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`uploads of ${accountId}`}, 0))`.execute(trx)
  const first = await trx
    .selectFrom('image_uploads')
    .select('created_at')
    .where('account_id', '=', accountId)
    .where('created_at', '>', new Date(now.getTime() - day))
    .orderBy('created_at', 'desc')
    .offset(maxUploadsPerDay - 1)
    .limit(1)
    .executeTakeFirst()
  if (!first) return
  const seconds = Math.max(1, Math.ceil((first.created_at.getTime() + day - now.getTime()) / 1000))
  const wait = seconds > 5_400 ? `${Math.ceil(seconds / 3_600)} hours` : `${Math.ceil(seconds / 60)} minutes`
  throw new AppError('rate_limited', {
    detail: `You have sent ${maxUploadsPerDay} photos within a day: try again in ${wait}`,
    headers: { 'retry-after': String(seconds) },
  })
}
