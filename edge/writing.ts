import { emptyForm, type Form, type PendingMessage, type PostPage, type ThreadPage } from '../frontend/page-model.ts'
import type { SessionGrant } from '../shared/account.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, readForm, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import { redirect } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { postPage } from './post-page.ts'
import { dropSession, readSession, type Session } from './session.ts'
import { threadPage } from './thread-page.ts'

/** The message box of a post: sends, begins with a chip's line, or leads through signing in with the text kept. */
export async function writeToSeller(gateway: Gateway, exchange: Exchange, id: string): Promise<Response> {
  refuseCrossSite(exchange)
  const values = await readForm(exchange)
  if (values.chip) return again(gateway, exchange, id, { values: { text: values.chip }, errors: {} })
  const text = values.text ?? ''
  const session = await readSession(gateway, exchange)
  if (!session) return signInToSend(gateway, exchange, { to: 'post', id, text })
  return sendFirst(gateway, exchange, session, { id, text })
}

/** The reply box of a thread. The key in the form makes one message of a form that is sent twice. */
export async function writeInThread(gateway: Gateway, exchange: Exchange, id: string): Promise<Response> {
  refuseCrossSite(exchange)
  const { text = '', formKey = '' } = await readForm(exchange)
  const session = await readSession(gateway, exchange)
  if (!session) return signInToSend(gateway, exchange, { to: 'thread', id, text })
  return sendReply(gateway, exchange, session, { id, text, formKey })
}

/** The message that came along through signing in, if one did. */
export function pendingOf({ pendingTo, pendingId = '', pendingText = '' }: Values): PendingMessage | undefined {
  if (!isId(pendingId) || (pendingTo !== 'post' && pendingTo !== 'thread')) return undefined
  return { to: pendingTo, id: pendingId, text: pendingText }
}

/** Asks who writes, and keeps what was written until that is known. */
async function signInToSend(
  gateway: Gateway,
  exchange: Exchange,
  pending: PendingMessage,
  error?: AppError,
): Promise<Response> {
  const next = pending.to === 'post' ? await pathOfPost(gateway, exchange, pending.id) : paths.thread(pending.id)
  const form = error ? formOf({}, error) : emptyForm
  const page = { name: 'signIn', form, next, notice: null, pending } as const
  return respondWithPage(gateway, exchange, page, { status: error?.status ?? 200 })
}

/** Sends what was written before signing in, with the session that has just begun. */
export async function sendPending(
  gateway: Gateway,
  exchange: Exchange,
  { accessToken }: SessionGrant,
  pending: PendingMessage,
): Promise<Response> {
  const claims = await gateway.verifyToken(accessToken)
  if (!claims) throw new AppError('bad_gateway')
  const session = { token: accessToken, claims }
  exchange.session = Promise.resolve(session)
  if (pending.to === 'post') return sendFirst(gateway, exchange, session, pending)
  return sendReply(gateway, exchange, session, { ...pending, formKey: '' })
}

/** Sends the first message about a post and goes to its thread; refused, the post comes back with the text in its box. */
async function sendFirst(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  { id, text }: Pick<PendingMessage, 'id' | 'text'>,
): Promise<Response> {
  try {
    const idempotencyKey = await keyOf(gateway, id, text)
    const thread = await callApi(gateway, exchange, 'openThread', { id, session, body: { text }, idempotencyKey })
    return redirect(`${paths.thread(thread.id)}#newest`)
  } catch (cause) {
    const error = knownError(cause)
    if (error.status === 401) {
      dropSession(exchange)
      return signInToSend(gateway, exchange, { to: 'post', id, text }, error)
    }
    if (error.code === 'internal_error' || error.status === 404 || error.status === 410) throw error
    return again(gateway, exchange, id, formOf({ text }, error), error)
  }
}

/** Sends a reply; refused, the thread comes back with the text in its box. */
async function sendReply(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  { id, text, formKey }: { id: string; text: string; formKey: string },
): Promise<Response> {
  const idempotencyKey = /^[\w-]{16,64}$/.test(formKey) ? formKey : await keyOf(gateway, id, text)
  try {
    await callApi(gateway, exchange, 'sendMessage', { id, session, body: { text }, idempotencyKey })
    return redirect(`${paths.thread(id)}#newest`)
  } catch (cause) {
    const error = knownError(cause)
    if (error.status === 401) {
      dropSession(exchange)
      return signInToSend(gateway, exchange, { to: 'thread', id, text }, error)
    }
    if (error.code === 'internal_error' || error.status === 404) throw error
    // One whose fate is unknown must be known again by its key.
    const key = error.status < 500 ? crypto.randomUUID() : idempotencyKey
    const page = await threadPage(gateway, exchange, session, id, { form: formOf({ text }, error), formKey: key })
    return refused(gateway, exchange, page, error)
  }
}

/** The page of a post is everybody's, so its form has no key: the same text to the same seller within minutes is one message. */
async function keyOf({ now }: Gateway, id: string, text: string): Promise<string> {
  const minutes = Math.floor(now() / 600_000)
  const bytes = new TextEncoder().encode(`${minutes} ${id} ${text}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `box-${Array.from(digest.slice(0, 16), byte => byte.toString(16).padStart(2, '0')).join('')}`
}

async function again(
  gateway: Gateway,
  exchange: Exchange,
  postId: string,
  message: Form,
  error?: AppError,
): Promise<Response> {
  const page: PostPage = { ...(await postPage(gateway, exchange, postId, null)), message }
  return error ? refused(gateway, exchange, page, error) : respondWithPage(gateway, exchange, page)
}

async function pathOfPost(gateway: Gateway, exchange: Exchange, id: string): Promise<string> {
  const post = await callApi(gateway, exchange, 'readPost', { id })
  return paths.post(post.id, post.title)
}

/** Shows a page again with what was refused on it. */
async function refused(
  gateway: Gateway,
  exchange: Exchange,
  page: PostPage | ThreadPage,
  error: AppError,
): Promise<Response> {
  const response = await respondWithPage(gateway, exchange, page, { status: error.status })
  for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value)
  return response
}
