import { cacheTags, tagsOfListsWith } from '../../shared/cache-tags.ts'
import type { Region } from '../../shared/regions.ts'
import type { PostRow } from './rows.ts'

type Facts = Pick<PostRow, 'id' | 'status' | 'seller_hidden' | 'published_at' | 'country' | 'category' | 'top_category'>

/** Gives the tags of what the public may hold of a post: ask before a change and after it. Nobody holds anything of a draft. */
export function tagsOfPost(region: Region, post: Facts): string[] {
  if (!post.published_at) return []
  const { country, category, top_category: topCategory } = post
  const listed = (post.status === 'active' || post.status === 'reserved') && !post.seller_hidden
  return [cacheTags.post(post.id), ...(listed ? tagsOfListsWith(region, { country, category, topCategory }) : [])]
}
