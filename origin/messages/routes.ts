import type { Hono } from 'hono'
import { api, apiPrefix } from '../../shared/api.ts'
import type { Message, Thread } from '../../shared/message.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint, type Reply } from '../endpoint.ts'
import { fingerprintOf, onceFor, readIdempotencyKey } from '../idempotency.ts'
import { blockOther, unblockOther } from './blocking.ts'
import { listMessages, listThreads } from './listing.ts'
import { countUnread, markThreadRead } from './reading.ts'
import { openThread, sendMessage } from './sending.ts'
import { readThread } from './threads.ts'

/** Mounts threads and their messages. */
export function messageRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.openThread, ({ actor, id, body, c }) => {
    const send = async (db: Context['db']) => openedReply(await openThread({ ...ctx, db }, actor, id, body.text))
    const key = readIdempotencyKey(c.req.header('idempotency-key'))
    const fingerprint = fingerprintOf(c.req.method, c.req.path, c.get('body'))
    return key === undefined ? send(ctx.db) : onceFor(ctx, actor, key, fingerprint, send)
  })
  endpoint(app, ctx, api.sendMessage, ({ actor, id, body, c }) => {
    const send = async (db: Context['db']) => sentReply(await sendMessage({ ...ctx, db }, actor, id, body.text))
    const key = readIdempotencyKey(c.req.header('idempotency-key'))
    const fingerprint = fingerprintOf(c.req.method, c.req.path, c.get('body'))
    return key === undefined ? send(ctx.db) : onceFor(ctx, actor, key, fingerprint, send)
  })
  endpoint(app, ctx, api.listThreads, async ({ actor, query }) => ({ body: await listThreads(ctx, actor, query) }))
  endpoint(app, ctx, api.readThread, async ({ actor, id }) => ({ body: await readThread(ctx, actor, id) }))
  endpoint(app, ctx, api.listMessages, async ({ actor, id, query }) => ({
    body: await listMessages(ctx, actor, id, query),
  }))
  endpoint(app, ctx, api.markThreadRead, async ({ actor, id, body }) => {
    await markThreadRead(ctx, actor, id, body.upTo)
    return {}
  })
  endpoint(app, ctx, api.blockOther, async ({ actor, id }) => {
    await blockOther(ctx, actor, id)
    return {}
  })
  endpoint(app, ctx, api.unblockOther, async ({ actor, id }) => {
    await unblockOther(ctx, actor, id)
    return {}
  })
  endpoint(app, ctx, api.countUnread, async ({ actor }) => ({ body: { unread: await countUnread(ctx, actor) } }))
}

function openedReply(thread: Thread): Reply {
  return { body: thread, status: 201, headers: { location: `${apiPrefix}/threads/${thread.id}` } }
}

function sentReply(message: Message): Reply {
  return { body: message, status: 201 }
}
