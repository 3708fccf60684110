import type { Hono } from 'hono'
import type { Notice } from '../frontend/page-model.ts'
import { paths, type ThreadAction, threadActions } from '../shared/paths.ts'
import { requireSession } from './actions.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, signInFirst, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { readSession } from './session.ts'
import { threadPage } from './thread-page.ts'
import { forgetUnread, readUnread } from './unread.ts'
import { writeInThread, writeToSeller } from './writing.ts'

/** Mounts the list of threads, a thread, and the forms that write, block and unblock. */
export function messageRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get(paths.messages(), c => showThreads(gateway, c.env.exchange))
  app.get(paths.thread(':id'), c => showThread(gateway, c.env.exchange, c.req.param('id') ?? ''))
  app.post(paths.thread(':id'), c => writeInThread(gateway, c.env.exchange, c.req.param('id') ?? ''))
  app.post(paths.writeTo(':id'), c => writeToSeller(gateway, c.env.exchange, c.req.param('id') ?? ''))
  for (const action of threadActions) {
    app.post(paths.threadAction(':id', action), c => block(gateway, c.env.exchange, c.req.param('id') ?? '', action))
  }
}

async function showThreads(gateway: Gateway, exchange: Exchange): Promise<Response> {
  const session = await readSession(gateway, exchange)
  if (!session) return signInFirst(exchange)
  const cursor = exchange.url.searchParams.get('cursor') ?? undefined
  try {
    const query = { cursor, limit: 24 }
    const { items, nextCursor, unread } = await callApi(gateway, exchange, 'listThreads', { session, query })
    exchange.unread = Promise.resolve(unread)
    return await respondWithPage(gateway, exchange, { name: 'messages', threads: items, nextCursor })
  } catch (error) {
    if (knownError(error).code === 'invalid_cursor') return redirect(paths.messages())
    throw error
  }
}

/** A thread as it stands. Whoever reads its newest messages has read them. */
async function showThread(gateway: Gateway, exchange: Exchange, id: string): Promise<Response> {
  const session = await readSession(gateway, exchange)
  if (!session) return signInFirst(exchange)
  const cursor = exchange.url.searchParams.get('cursor') ?? undefined
  // Counted before it is read: at home the count may follow a moment later.
  const counted = readUnread(gateway, exchange, session)
  const page = await threadPage(gateway, exchange, session, id, { cursor })
  await counted
  const last = page.messages.at(-1)
  if (exchange.request.method === 'GET' && page.newest && page.thread.unread > 0 && last) {
    const read = { id, session, body: { upTo: last.number } }
    await callApi(gateway, exchange, 'markThreadRead', read).catch(error =>
      gateway.log.warn('a thread stays unread', { requestId: exchange.requestId, error: String(error) }),
    )
    forgetUnread(exchange, page.thread.unread)
  }
  return respondWithPage(gateway, exchange, page)
}

async function block(gateway: Gateway, exchange: Exchange, id: string, action: ThreadAction): Promise<Response> {
  refuseCrossSite(exchange)
  const session = await requireSession(gateway, exchange)
  await callApi(gateway, exchange, action === 'block' ? 'blockOther' : 'unblockOther', { id, session })
  const done: Notice = action === 'block' ? 'blocked' : 'unblocked'
  return redirect(withNotice(paths.thread(id), done))
}
