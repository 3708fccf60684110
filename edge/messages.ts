import type { Hono } from 'hono'
import { emptyForm, type Form, type Notice, type ThreadPage } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { paths, type ThreadAction, threadActions } from '../shared/paths.ts'
import { requireSession } from './actions.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, readForm } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { refused, writeToSeller } from './message-box.ts'
import { redirect, signInFirst, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { noticeOf } from './pages.ts'
import { readSession, type Session } from './session.ts'
import { forgetUnread } from './unread.ts'

/** Mounts the list of threads, a thread, and the forms that write, block and unblock. */
export function messageRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get(paths.messages(), c => showThreads(gateway, c.env.exchange))
  app.get(paths.thread(':id'), c => showThread(gateway, c.env.exchange, c.req.param('id') ?? ''))
  app.post(paths.thread(':id'), c => answer(gateway, c.env.exchange, c.req.param('id') ?? ''))
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
    const { items, nextCursor } = await callApi(gateway, exchange, 'listThreads', {
      session,
      query: { cursor, limit: 24 },
    })
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
  const page = await threadPage(gateway, exchange, session, id, { cursor })
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

async function threadPage(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
  { cursor, form = emptyForm, formKey }: { cursor?: string | undefined; form?: Form; formKey?: string } = {},
): Promise<ThreadPage> {
  if (!isId(id)) throw new AppError('thread_not_found')
  const [thread, { items, nextCursor }] = await Promise.all([
    callApi(gateway, exchange, 'readThread', { id, session }),
    callApi(gateway, exchange, 'listMessages', { id, session, query: { cursor, limit: 30 } }),
  ])
  return {
    name: 'thread',
    thread,
    messages: items.toReversed(),
    earlier: nextCursor,
    newest: cursor === undefined,
    form,
    formKey: formKey ?? crypto.randomUUID(),
    timeZone: exchange.visitor.timeZone ?? 'UTC',
    notice: noticeOf(exchange),
  }
}

/** The key in the form makes one message of a form that is sent twice. */
async function answer(gateway: Gateway, exchange: Exchange, id: string): Promise<Response> {
  refuseCrossSite(exchange)
  const values = await readForm(exchange)
  const idempotencyKey = /^[\w-]{16,64}$/.test(values.formKey ?? '') ? values.formKey : undefined
  const session = await readSession(gateway, exchange)
  if (!session) return redirect(paths.signIn(paths.thread(id)))
  try {
    const body = { text: values.text ?? '' }
    await callApi(gateway, exchange, 'sendMessage', {
      id,
      session,
      body,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
    return redirect(`${paths.thread(id)}#newest`)
  } catch (cause) {
    const error = knownError(cause)
    if (error.status === 404 || error.status === 401 || error.code === 'internal_error') throw error
    // One whose fate is unknown must be known again by its key.
    const formKey = error.status < 500 ? crypto.randomUUID() : (idempotencyKey ?? crypto.randomUUID())
    const page = await threadPage(gateway, exchange, session, id, { form: formOf(values, error), formKey })
    return refused(gateway, exchange, page, error)
  }
}

async function block(gateway: Gateway, exchange: Exchange, id: string, action: ThreadAction): Promise<Response> {
  refuseCrossSite(exchange)
  const session = await requireSession(gateway, exchange)
  await callApi(gateway, exchange, action === 'block' ? 'blockOther' : 'unblockOther', { id, session })
  const done: Notice = action === 'block' ? 'blocked' : 'unblocked'
  return redirect(withNotice(paths.thread(id), done))
}
