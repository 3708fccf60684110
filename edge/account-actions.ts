import type { Hono } from 'hono'
import type { Form, Notice } from '../frontend/page-model.ts'
import type { Locale } from '../shared/account.ts'
import { AppError } from '../shared/errors.ts'
import { paths } from '../shared/paths.ts'
import { accountPage } from './account-page.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { downloadExport } from './download.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, readForm, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, signInFirst, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { writePreferences } from './preferences.ts'
import { dropSession, readSession, type Session } from './session.ts'

type Call = { gateway: Gateway; exchange: Exchange; session: Session; values: Values }
type Intent = { act: (call: Call) => Promise<string>; form?: 'profile' | 'password' | 'deletion' | 'copies' }

const here = (notice: Notice) => withNotice(paths.account(), notice)

/** The forms of the account page, by the button that ended them. */
const intents: Readonly<Record<string, Intent>> = {
  profile: {
    form: 'profile',
    async act({ gateway, exchange, session, values: { displayName = '', locale = '', timeZone = '', currency = '' } }) {
      const body = { displayName, locale: locale as Locale, timeZone, currency }
      writePreferences(exchange, await callApi(gateway, exchange, 'editMe', { session, body }))
      return here('profile')
    },
  },
  password: {
    form: 'password',
    async act({ gateway, exchange, session, values: { currentPassword = '', password = '' } }) {
      await callApi(gateway, exchange, 'changePassword', { session, body: { currentPassword, password } })
      return here('password')
    },
  },
  'end-session': {
    async act({ gateway, exchange, session, values: { session: id = '' } }) {
      await callApi(gateway, exchange, 'endSession', { session, id })
      if (id !== session.claims.sid) return here('session-ended')
      dropSession(exchange)
      return withNotice(paths.home(), 'signed-out')
    },
  },
  'end-sessions': {
    async act({ gateway, exchange, session }) {
      await callApi(gateway, exchange, 'endAllSessions', { session })
      dropSession(exchange)
      return withNotice(paths.signIn(), 'sessions-ended')
    },
  },
  export: {
    form: 'copies',
    async act({ gateway, exchange, session }) {
      await callApi(gateway, exchange, 'requestExport', { session })
      return here('export-asked')
    },
  },
  delete: {
    form: 'deletion',
    async act({ gateway, exchange, session, values: { password = '' } }) {
      await callApi(gateway, exchange, 'deleteMe', { session, body: { password } })
      dropSession(exchange)
      return withNotice(paths.home(), 'account-deleted')
    },
  },
}

/** Mounts the account page's forms and the download of one's data. */
export function accountRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get(paths.exportArchive(':id'), async c => {
    const { exchange } = c.env
    const session = await readSession(gateway, exchange)
    return session ? downloadExport(gateway, exchange, session, c.req.param('id') ?? '') : signInFirst(exchange)
  })
  app.post(paths.account(), async c => {
    const { exchange } = c.env
    refuseCrossSite(exchange)
    const values = await readForm(exchange)
    const session = await readSession(gateway, exchange)
    if (!session) return redirect(paths.signIn(paths.account()))
    const intent = intents[values.intent ?? '']
    if (!intent) throw new AppError('bad_request')
    try {
      return redirect(await intent.act({ gateway, exchange, session, values }))
    } catch (cause) {
      return refuse(gateway, exchange, session, intent, values, knownError(cause))
    }
  })
}

async function refuse(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  { form }: Intent,
  values: Values,
  error: AppError,
): Promise<Response> {
  const ended = error.status === 401 && error.code !== 'invalid_credentials'
  if (ended) {
    dropSession(exchange)
    return redirect(paths.signIn(paths.account()))
  }
  if (!form || error.status >= 500) throw error
  const refused: Form = formOf(values, error)
  const page = await accountPage(gateway, exchange, session, { [form]: refused })
  return respondWithPage(gateway, exchange, page, { status: error.status })
}
