import type { Context, Hono } from 'hono'
import { moderationPath, type Notice, type Page } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { type PostAction, paths, postActions } from '../shared/paths.ts'
import { accountRoutes } from './account-actions.ts'
import { setCookie } from './cookies.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, readForm, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, safeNext, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { mailedCookie, myPosts } from './pages.ts'
import { dropSession, keepSession, readSession, type Session } from './session.ts'
import { pendingOf, sendPending } from './writing.ts'

/**
 * One form: what to do with its values, and the page to show again, with what was typed, when that is refused.
 * `submit` gives where to go next, or the whole answer.
 */
export type Action = {
  submit: (exchange: Exchange, values: Values) => Promise<string | Response>
  retry: (values: Values, error: AppError, exchange: Exchange) => Page | Promise<Page>
}

/** Answers a form: 303 when it worked, else the same page with status, text and errors. Other sites' forms are refused. */
export async function answerForm(gateway: Gateway, exchange: Exchange, action: Action): Promise<Response> {
  refuseCrossSite(exchange)
  return answerValues(gateway, exchange, await readForm(exchange), action)
}

/** The same for values that were read already, of a form that came from our own site. */
export async function answerValues(
  gateway: Gateway,
  exchange: Exchange,
  values: Values,
  { submit, retry }: Action,
): Promise<Response> {
  try {
    const next = await submit(exchange, values)
    return typeof next === 'string' ? redirect(next) : next
  } catch (cause) {
    const error = knownError(cause)
    if (error.code === 'internal_error') throw error
    const page = await retry(values, error, exchange)
    const response = await respondWithPage(gateway, exchange, page, { status: error.status })
    for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value)
    return response
  }
}

/** Gives the session that an action needs. Throws `unauthenticated`, which leads to signing in. */
export async function requireSession(gateway: Gateway, exchange: Exchange): Promise<Session> {
  const session = await readSession(gateway, exchange)
  if (!session) throw new AppError('unauthenticated')
  return session
}

/** Mounts the forms of accounts and the buttons of posts. */
export function actionRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  const form = (path: string, action: Action) => app.post(path, c => answerForm(gateway, c.env.exchange, action))

  form(paths.register(), {
    async submit(exchange, { email = '', password = '', displayName = '', country }) {
      const body = { email, password, displayName, ...(country ? { country } : {}) }
      await callApi(gateway, exchange, 'register', { body })
      setCookie(exchange, mailedCookie, email, { maxAge: 3600 })
      return paths.verify()
    },
    retry: (values, error) => ({ name: 'register', form: formOf(values, error) }),
  })
  form(paths.signIn(), {
    async submit(exchange, { email = '', password = '', next, ...rest }) {
      const grant = await callApi(gateway, exchange, 'signIn', { body: { email, password } })
      keepSession(exchange, grant)
      const pending = pendingOf(rest)
      if (pending) return sendPending(gateway, exchange, grant, pending)
      return grant.restored ? withNotice(paths.myPosts(), 'account-restored') : safeNext(next)
    },
    retry: (values, error) => {
      const next = values.next ? safeNext(values.next) : null
      const pending = pendingOf(values)
      return { name: 'signIn', form: formOf(values, error), next, notice: null, ...(pending ? { pending } : {}) }
    },
  })
  form(paths.verify(), {
    async submit(exchange, { token = '' }) {
      keepSession(exchange, await callApi(gateway, exchange, 'verifyAccount', { body: { token } }))
      return withNotice(paths.home(), 'verified')
    },
    retry: (values, error) => ({
      name: 'verify',
      state: 'button',
      token: values.token ?? '',
      form: { ...formOf({}, error), problem: wholeProblem(error) },
    }),
  })
  form(paths.resend(), {
    async submit(exchange, { email = '' }) {
      await callApi(gateway, exchange, 'resendVerification', { body: { email } })
      setCookie(exchange, mailedCookie, email, { maxAge: 3600 })
      return paths.verify()
    },
    retry: (values, error) => ({ name: 'verify', state: 'resend', form: formOf(values, error) }),
  })
  form(paths.forgot(), {
    async submit(exchange, { email = '' }) {
      await callApi(gateway, exchange, 'requestPasswordReset', { body: { email } })
      return `${paths.forgot()}?sent`
    },
    retry: (values, error) => ({ name: 'forgot', form: formOf(values, error), sent: false }),
  })
  form(paths.reset(), {
    async submit(exchange, { token = '', password = '' }) {
      await callApi(gateway, exchange, 'completePasswordReset', { body: { token, password } })
      dropSession(exchange)
      return withNotice(paths.signIn(), 'password-reset')
    },
    retry: ({ token = '', ...values }, error) => ({ name: 'reset', token, form: formOf(values, error) }),
  })
  app.post(paths.signOut(), c => signOut(gateway, c.env.exchange))
  accountRoutes(app, gateway)
  for (const action of postActions) {
    app.post(paths.postAction(':id', action), c => changePost(gateway, c, action))
  }
  for (const action of ['remove', 'restore'] as const) {
    app.post(moderationPath(':id', action), c => changePost(gateway, c, action))
  }
}

/** The browser forgets its tokens whatever happens; the session at the origin ends if it answers. */
async function signOut(gateway: Gateway, exchange: Exchange): Promise<Response> {
  refuseCrossSite(exchange)
  const session = await readSession(gateway, exchange).catch(() => null)
  if (session) {
    await callApi(gateway, exchange, 'endCurrentSession', { session }).catch(error =>
      gateway.log.warn('session outlives its cookies', { requestId: exchange.requestId, error: String(error) }),
    )
  }
  dropSession(exchange)
  return redirect(withNotice(paths.home(), 'signed-out'))
}

const changes = {
  publish: ['publishPost', 'published'],
  withdraw: ['withdrawPost', 'withdrawn'],
  reserve: ['reservePost', 'reserved'],
  unreserve: ['unreservePost', 'unreserved'],
  sell: ['sellPost', 'sold'],
  renew: ['renewPost', 'renewed'],
  delete: ['deletePost', 'deleted'],
  restore: ['restorePost', 'restored'],
} as const satisfies Record<PostAction | 'restore', readonly [string, Notice]>

/** A button of a post: does it and goes back to `next`; refused, it shows the seller's posts and says why. */
async function changePost(
  gateway: Gateway,
  c: Context<EdgeEnv>,
  action: PostAction | 'remove' | 'restore',
): Promise<Response> {
  const { exchange } = c.env
  refuseCrossSite(exchange)
  const { next, reason = '' } = await readForm(exchange)
  const id = c.req.param('id') ?? ''
  const back = safeNext(next, paths.myPosts())
  try {
    const session = await requireSession(gateway, exchange)
    if (action === 'remove') {
      await callApi(gateway, exchange, 'removePost', { id, session, body: { reason } })
      return redirect(withNotice(back, 'removed'))
    }
    const [name, done] = changes[action]
    await callApi(gateway, exchange, name, { id, session })
    return redirect(withNotice(back, done))
  } catch (cause) {
    const error = knownError(cause)
    if (error.status === 401) {
      dropSession(exchange)
      return redirect(paths.signIn(back))
    }
    if (error.status === 409 || error.status === 422) return myPosts(gateway, exchange, error)
    throw error
  }
}

function wholeProblem(error: AppError): string {
  return formOf({}, error).problem ?? new AppError('invalid_or_used_token').message
}
