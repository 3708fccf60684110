import type { Notice, PostPage } from '../frontend/page-model.ts'
import type { OwnPost, Post } from '../shared/post.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { dropSession, findViewer } from './session.ts'

/** The post does not wait longer than this for what is said beside it, in milliseconds. */
const patience = 1_500

/**
 * A post with others like it and what such things cost; its seller sees their own view of it. All is asked at once: what does
 * not come in time is left out.
 */
export async function postPage(
  gateway: Gateway,
  exchange: Exchange,
  id: string,
  notice: Notice | null,
): Promise<PostPage> {
  const soon = hurried(exchange, gateway.now(), patience)
  const related = callApi(gateway, soon, 'relatedPosts', { id }).catch(() => ({ items: [] }))
  const asked = callApi(gateway, soon, 'usualPrice', { id }).catch(() => ({ price: null }))
  const post = await readPost(gateway, exchange, id)
  const own = isOwn(post) ? post : null
  const [{ items }, { price = null }] = await Promise.all([related, asked])
  const more = own ? [] : items
  const usual = post.status === 'sold' ? null : price
  return { name: 'post', post, own, more, usual, notice }
}

/** A session that was ended elsewhere must not hide a public post. */
async function readPost(gateway: Gateway, exchange: Exchange, id: string): Promise<Post | OwnPost> {
  const session = await findViewer(gateway, exchange)
  try {
    return await callApi(gateway, exchange, 'readPost', { id, session })
  } catch (error) {
    if (!session || knownError(error).status !== 401) throw error
    dropSession(exchange)
    return callApi(gateway, exchange, 'readPost', { id })
  }
}

function isOwn(post: Post | OwnPost): post is OwnPost {
  return 'ownStatus' in post
}
