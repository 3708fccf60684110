import type { Hono } from 'hono'
import { emptyForm, type Form, isNotice, type MailLinkPage, type MailSettingsPage } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { type MailLink, mailTopics } from '../shared/mail.ts'
import { paths } from '../shared/paths.ts'
import { answerForm, requireSession } from './actions.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, signInFirst, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { readBody } from './request-body.ts'
import { readSession, type Session } from './session.ts'

/** Mounts one's address and mail, the page that links of mails lead to, and the door for mail programs. */
export function mailRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get(paths.mailSettings(), async c => {
    const { exchange } = c.env
    const session = await readSession(gateway, exchange)
    if (!session) return signInFirst(exchange)
    return respondWithPage(gateway, exchange, await settingsPage(gateway, exchange, session))
  })
  app.post(paths.mailSettings(), c =>
    answerForm(gateway, c.env.exchange, {
      submit: (exchange, values) => changeSettings(gateway, exchange, values),
      async retry(values, error, exchange) {
        if (error.status === 401) throw error
        return settingsPage(gateway, exchange, await requireSession(gateway, exchange), formOf(values, error))
      },
    }),
  )
  app.get(paths.mailLink(), async c => {
    const { exchange } = c.env
    const { page, status } = await linkPage(gateway, exchange, c.req.query('token') ?? '')
    return respondWithPage(gateway, exchange, page, { status })
  })
  app.post(paths.mailLink(), c =>
    answerForm(gateway, c.env.exchange, {
      async submit(exchange, { token = '' }) {
        await callApi(gateway, exchange, 'useMailLink', { body: { token } })
        return withToken(token)
      },
      async retry({ token = '' }, error, exchange) {
        const { page } = await linkPage(gateway, exchange, token)
        return { ...page, form: formOf({}, error) }
      },
    }),
  )
  app.get(paths.unsubscribe(), c => redirect(withToken(c.req.query('token') ?? '')))
  app.post(paths.unsubscribe(), c => unsubscribeAtOnce(gateway, c.env.exchange))
}

async function changeSettings(gateway: Gateway, exchange: Exchange, values: Values): Promise<string> {
  const session = await requireSession(gateway, exchange)
  const { intent, email = '', password = '' } = values
  if (intent === 'address') {
    await callApi(gateway, exchange, 'changeAddress', { session, body: { email, password } })
    return withNotice(paths.mailSettings(), 'address-asked')
  }
  if (intent !== 'wanted') throw new AppError('bad_request')
  const body = Object.fromEntries(mailTopics.map(topic => [topic, values[topic] === 'yes']))
  await callApi(gateway, exchange, 'editMailPreferences', { session, body })
  return withNotice(paths.mailSettings(), 'mail-saved')
}

async function settingsPage(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  change: Form = emptyForm,
): Promise<MailSettingsPage> {
  const [address, wanted] = await Promise.all([
    callApi(gateway, exchange, 'readAddress', { session }),
    callApi(gateway, exchange, 'readMailPreferences', { session }),
  ])
  const done = exchange.url.searchParams.get('done')
  return { name: 'mailSettings', address, wanted, change, notice: isNotice(done) ? done : null }
}

/** Looking at a link never acts: programs open the links of mails before people do. */
async function linkPage(
  gateway: Gateway,
  exchange: Exchange,
  token: string,
): Promise<{ page: MailLinkPage; status: number }> {
  const page = { name: 'mailLink', token, mine: null, form: emptyForm } as const
  try {
    const link = await callApi(gateway, exchange, 'previewMailLink', { body: { token } })
    return { page: { ...page, link, mine: await isMine(gateway, exchange, link) }, status: 200 }
  } catch (cause) {
    const error = knownError(cause)
    if (error.status !== 422) throw error
    return { page: { ...page, link: null }, status: 422 }
  }
}

/** Whether a copy of somebody's data is the visitor's; null for whoever is not signed in, and for links to anything else. */
async function isMine(gateway: Gateway, exchange: Exchange, { exportId }: MailLink): Promise<boolean | null> {
  if (exportId === null) return null
  const session = await readSession(gateway, exchange)
  if (!session) return null
  const { items } = await callApi(gateway, exchange, 'listExports', { session })
  return items.some(({ id }) => id === exportId)
}

/**
 * What a mail program sends when its reader presses "unsubscribe" (RFC 8058 §3.2): a POST from wherever it runs, without
 * cookies, as a form of either encoding. The token alone is the permission, and only to unsubscribe; so this one path
 * asks not where the request came from. It answers by itself and never leads elsewhere.
 */
async function unsubscribeAtOnce(gateway: Gateway, exchange: Exchange): Promise<Response> {
  const token = exchange.url.searchParams.get('token') ?? ''
  const said = new TextDecoder().decode((await readBody(exchange.request)) ?? new ArrayBuffer(0))
  if (!/List-Unsubscribe[\s\S]*One-Click/.test(said)) throw new AppError('bad_request')
  const link = await callApi(gateway, exchange, 'previewMailLink', { body: { token } })
  if (link.action !== 'unsubscribe') throw new AppError('bad_request')
  if (link.state === 'open') await callApi(gateway, exchange, 'useMailLink', { body: { token } })
  return new Response('You get no more of these.\n', {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

function withToken(token: string): string {
  return `${paths.mailLink()}?${new URLSearchParams({ token })}`
}
