import type { OwnPost } from '../shared/post.ts'
import { dayText } from './format.ts'

/** Tells a seller who sees a post now, and why, in one or two short sentences. */
export function whyText(post: OwnPost, locale: string): string {
  const until = post.expiresAt ? ` until ${dayText(post.expiresAt, locale)}` : ''
  const renewable = post.renewableFrom ? ` You can renew it from ${dayText(post.renewableFrom, locale)}.` : ''
  switch (post.ownStatus) {
    case 'draft':
      return 'A draft: only you see it.'
    case 'withdrawn':
      return 'Taken down: only you see it.'
    case 'removed':
      return `Removed by a moderator${post.removalReason ? `: “${post.removalReason}”` : '.'}`
    case 'expired':
      return `Hidden since it ran out${post.expiresAt ? ` on ${dayText(post.expiresAt, locale)}` : ''}.${post.canRenew ? ' Renew it to show it again.' : ''}`
    case 'sold':
      return post.visible ? 'Sold. Its page stays for 30 days; it is in no list.' : 'Sold. Only you see it now.'
    default:
      if (!post.visible) return 'Hidden for now: your account is suspended.'
      return `Everybody sees it${until}${post.ownStatus === 'reserved' ? ', marked as reserved' : ''}.${renewable}`
  }
}
