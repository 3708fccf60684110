import type { VariantFormat, VariantStep } from './media.ts'
import type { Region } from './regions.ts'

/** Paths of the site's pages, so that no two places spell one differently. */
export const paths = {
  home: () => '/',
  category: (slug: string) => `/c/${slug}`,
  search: () => '/search',
  post: (id: string, title: string) => `/p/${id}/${slugOf(title)}`,
  sell: () => '/sell',
  edit: (id: string) => `/posts/${id}/edit`,
  /** Where a seller adds and orders a post's photos. */
  photos: (postId: string) => `/posts/${postId}/photos`,
  /** A draft as others will see it, before it is published. */
  preview: (postId: string) => `/posts/${postId}/preview`,
  /** Bytes of a photo; the ending alone decides the format. */
  media: (imageId: string, step: VariantStep, format: VariantFormat) => `/media/${imageId}/${step}.${format}`,
  postAction: (id: string, action: PostAction) => `/posts/${id}/${action}`,
  myPosts: () => '/me/posts',
  messages: () => '/messages',
  thread: (id: string) => `/messages/${id}`,
  threadAction: (id: string, action: ThreadAction) => `/messages/${id}/${action}`,
  writeTo: (postId: string) => `/posts/${postId}/messages`,
  report: (subject: 'post' | 'message' | 'account', id: string, next?: string) =>
    `/report/${subject}/${id}${next ? `?next=${encodeURIComponent(next)}` : ''}`,
  /** The reports of a region; one's own region's where none is named. */
  moderation: (region?: Region) => (region ? `/moderation?region=${region}` : '/moderation'),
  decision: (reportId: string) => `/moderation/${reportId}`,
  account: () => '/me',
  exportArchive: (id: string) => `/me/exports/${id}/archive`,
  mailSettings: () => '/me/mail',
  /** Where the links of mails lead: a page that says what its one button does. */
  mailLink: () => '/mail',
  /** Where mail programs unsubscribe by themselves (RFC 8058). */
  unsubscribe: () => '/mail/unsubscribe',
  register: () => '/register',
  signIn: (next?: string) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  signOut: () => '/sign-out',
  verify: () => '/verify',
  resend: () => '/verify/resend',
  forgot: () => '/forgot',
  reset: () => '/reset',
  standAt: () => '/from',
} as const

export const postActions = ['publish', 'withdraw', 'reserve', 'unreserve', 'sell', 'renew', 'delete'] as const
export type PostAction = (typeof postActions)[number]

export const threadActions = ['block', 'unblock'] as const
export type ThreadAction = (typeof threadActions)[number]

/**
 * Gives the readable part of a post's URL: letters and digits of any script, the rest as hyphens, at most 60 characters.
 */
export function slugOf(title: string): string {
  const words =
    title
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  let slug = ''
  for (const word of words) {
    if (slug.length + word.length > 60) break
    slug += (slug && '-') + word
  }
  return slug || 'post'
}
