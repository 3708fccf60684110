import { cacheTags, tagsOfListsWith } from '../../shared/cache-tags.ts'
import type { Region } from '../../shared/regions.ts'
import type { PostRow } from './rows.ts'

type Facts = Pick<PostRow, 'id' | 'status' | 'seller_hidden' | 'published_at' | 'country' | 'category' | 'top_category'>

/** Gives the tags of what the public may hold of a post: ask before a change and after it. Nobody holds anything of a draft. */
export function tagsOfPost(region: Region, post: Facts): string[] {
  return post.published_at ? [cacheTags.post(post.id), ...tagsOfLists(region, post)] : []
}

/** Gives the tags of the lists in which a post may stand: all that a new one makes stale. */
export function tagsOfLists(region: Region, post: Facts): string[] {
  const listed = (post.status === 'active' || post.status === 'reserved') && !post.seller_hidden
  if (!listed) return []
  return tagsOfListsWith(region, { country: post.country, category: post.category, topCategory: post.top_category })
}
