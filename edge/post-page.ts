import type { Notice, PostPage } from '../frontend/page-model.ts'
import type { OwnPost, Post } from '../shared/post.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { dropSession, findViewer } from './session.ts'

/** The post does not wait longer than this for others like it, in milliseconds. */
const patience = 1_500

/** A post with others like it; its seller sees their own view of it. */
export async function postPage(
  gateway: Gateway,
  exchange: Exchange,
  id: string,
  notice: Notice | null,
): Promise<PostPage> {
  const post = await readPost(gateway, exchange, id)
  const own = isOwn(post) ? post : null
  return { name: 'post', post, own, more: own ? [] : await similar(gateway, exchange, post), notice }
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

async function similar(gateway: Gateway, exchange: Exchange, post: Post): Promise<readonly Post[]> {
  const query = { category: post.category, country: post.location.country, limit: 5 }
  const soon = hurried(exchange, gateway.now(), patience)
  const { items } = await callApi(gateway, soon, 'listPosts', { query }).catch(() => ({ items: [] as Post[] }))
  return items.filter(({ id }) => id !== post.id).slice(0, 4)
}

function isOwn(post: Post | OwnPost): post is OwnPost {
  return 'ownStatus' in post
}
