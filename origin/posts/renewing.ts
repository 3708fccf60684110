import { AppError } from '../../shared/errors.ts'
import type { OwnPost } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { changePost } from './changing.ts'
import { expiryOf, isBeyondRevival, renewableFrom } from './renewal.ts'
import { viewOwnPost } from './views.ts'

/**
 * Bumps a post and starts its time again, also for 90 days after it expired; not within 48 hours of the last bump,
 * which the first publication is too.
 * @throws renewed_recently with `Retry-After`, illegal_transition
 */
export async function renewPost(
  ctx: Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
): Promise<OwnPost> {
  const post = await changePost(ctx, actor, { id, verb: 'renew', by: 'seller' }, (post, now) => {
    if (isBeyondRevival(post, now)) {
      const detail = `Cannot renew post "${id}": it must have expired at most 90 days ago, expired on ${post.expires_at?.toISOString()}`
      throw new AppError('illegal_transition', { detail })
    }
    const from = renewableFrom(post, now)
    if (from) throw tooSoon(id, from, now)
    return { bumped_at: now, renewed_at: now, expires_at: expiryOf(post.category, now) }
  })
  return viewOwnPost(post, ctx.now())
}

function tooSoon(id: string, from: Date, now: Date): AppError {
  const seconds = Math.ceil((from.getTime() - now.getTime()) / 1000)
  const detail = `Cannot renew post "${id}": it may be renewed from ${from.toISOString()}`
  return new AppError('renewed_recently', { detail, headers: { 'retry-after': String(seconds) } })
}
