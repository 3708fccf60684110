import type { Hono } from 'hono'
import { api, apiPrefix } from '../../shared/api.ts'
import type { OwnPost, Post } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint, type Reply } from '../endpoint.ts'
import { fingerprintOf, onceFor, readIdempotencyKey } from '../idempotency.ts'
import { countPosts } from './counting.ts'
import { createPost } from './creating.ts'
import { deletePost } from './deleting.ts'
import { editPost } from './editing.ts'
import { etagOf, readIfMatch } from './if-match.ts'
import { listPosts } from './listing.ts'
import { listOwnPosts } from './own-posts.ts'
import { readPost } from './posts.ts'
import { publishPost, withdrawPost } from './publishing.ts'
import { removePost, restorePost } from './removing.ts'
import { renewPost } from './renewing.ts'
import { reservePost, unreservePost } from './reserving.ts'
import { sellPost } from './selling.ts'

/** Mounts posts, their states as resources, and the lists. */
export function postRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.createPost, ({ actor, body, c }) => {
    const create = async (db: Context['db']) => created(await createPost({ ...ctx, db }, actor, body))
    const key = readIdempotencyKey(c.req.header('idempotency-key'))
    const fingerprint = fingerprintOf(c.req.method, c.req.path, c.get('body'))
    return key === undefined ? create(ctx.db) : onceFor(ctx, actor, key, fingerprint, create)
  })
  endpoint(app, ctx, api.readPost, async ({ actor, id }) => tagged(await readPost(ctx, actor, id)))
  endpoint(app, ctx, api.editPost, async ({ actor, id, body, c }) =>
    tagged(await editPost(ctx, actor, id, readIfMatch(c.req.header('if-match')), body)),
  )
  endpoint(app, ctx, api.deletePost, async ({ actor, id }) => {
    await deletePost(ctx, actor, id)
    return {}
  })
  stateRoutes(app, ctx)
  endpoint(app, ctx, api.listPosts, async ({ query, visitor }) => ({ body: await listPosts(ctx, query, visitor) }))
  endpoint(app, ctx, api.countPosts, async ({ query, visitor }) => ({ body: await countPosts(ctx, query, visitor) }))
  endpoint(app, ctx, api.listOwnPosts, async ({ actor, query }) => ({ body: await listOwnPosts(ctx, actor, query) }))
}

/** A change of state is a resource that is put or deleted. */
function stateRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.publishPost, async ({ actor, id }) => tagged(await publishPost(ctx, actor, id)))
  endpoint(app, ctx, api.withdrawPost, async ({ actor, id }) => tagged(await withdrawPost(ctx, actor, id)))
  endpoint(app, ctx, api.reservePost, async ({ actor, id }) => tagged(await reservePost(ctx, actor, id)))
  endpoint(app, ctx, api.unreservePost, async ({ actor, id }) => tagged(await unreservePost(ctx, actor, id)))
  endpoint(app, ctx, api.sellPost, async ({ actor, id }) => tagged(await sellPost(ctx, actor, id)))
  endpoint(app, ctx, api.renewPost, async ({ actor, id }) => tagged(await renewPost(ctx, actor, id)))
  endpoint(app, ctx, api.removePost, async ({ actor, id, body }) =>
    tagged(await removePost(ctx, actor, id, body.reason)),
  )
  endpoint(app, ctx, api.restorePost, async ({ actor, id }) => tagged(await restorePost(ctx, actor, id)))
}

function created(post: OwnPost): Reply {
  return {
    ...tagged(post),
    status: 201,
    headers: { ...tagged(post).headers, location: `${apiPrefix}/posts/${post.id}` },
  }
}

function tagged(post: Post | OwnPost): Reply {
  return { body: post, headers: { etag: etagOf(post.version) } }
}
