import type { Hono } from 'hono'
import { emptyForm, type Form, type ModerationPage } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { isId, regionOfId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import { isRegion, type Region, regions } from '../shared/regions.ts'
import { DecisionOutcome, ReportReason, ReportSubject } from '../shared/report.ts'
import { answerForm, requireSession } from './actions.ts'
import { callApi } from './dispatch.ts'
import { type Exchange, hurried } from './exchange.ts'
import { formOf } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { safeNext, signInFirst, withNotice } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { noticeOf } from './pages.ts'
import { findViewer, readSession, type Session } from './session.ts'

/** How long the page waits for what other regions count, in milliseconds. */
const patience = 1_500

const calls = { post: 'reportPost', message: 'reportMessage', account: 'reportAccount' } as const

/** Mounts the form that reports something, and the page of those who decide. */
export function moderationRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get('/report/:subject/:id', async c => {
    const { exchange } = c.env
    const { subject, id } = target(c.req.param())
    if (subject === 'message' && !(await readSession(gateway, exchange))) return signInFirst(exchange)
    const next = safeNext(c.req.query('next'))
    return respondWithPage(gateway, exchange, { name: 'report', subject, id, next, form: emptyForm })
  })
  app.post('/report/:subject/:id', c => {
    const { subject, id } = target(c.req.param())
    return answerForm(gateway, c.env.exchange, {
      async submit(exchange, { reason, text = '', next }) {
        const session = await findViewer(gateway, exchange)
        const body = { reason: requireReason(reason), text }
        await callApi(gateway, exchange, calls[subject], { id, session, body })
        return withNotice(safeNext(next), 'reported')
      },
      retry: (values, error) => ({
        name: 'report',
        subject,
        id,
        next: safeNext(values.next),
        form: formOf(values, error),
      }),
    })
  })
  app.get(paths.moderation(), async c => {
    const { exchange } = c.env
    if (!(await readSession(gateway, exchange))) return signInFirst(exchange)
    const named = c.req.query('region')
    const region = isRegion(named) ? named : undefined
    return respondWithPage(gateway, exchange, await queuePage(gateway, exchange, region))
  })
  app.post(paths.decision(':id'), c => {
    const id = c.req.param('id') ?? ''
    return answerForm(gateway, c.env.exchange, {
      async submit(exchange, { outcome, reason = '' }) {
        const session = await requireSession(gateway, exchange)
        const chosen = DecisionOutcome.safeParse(outcome).data
        if (!chosen) throw new AppError('bad_request')
        await callApi(gateway, exchange, 'decideReport', { id, session, body: { outcome: chosen, reason } })
        return withNotice(paths.moderation(regionOfId(id)), 'decided')
      },
      retry: async (values, error, exchange) => {
        if (error.status === 401 || error.code === 'forbidden') throw error
        return queuePage(gateway, exchange, regionOfId(id), { id, form: formOf(values, error) })
      },
    })
  })
}

/** The reports of one region, by default of the moderator's own, and how many wait in each. */
async function queuePage(
  gateway: Gateway,
  exchange: Exchange,
  named: Region | undefined,
  refused: { id: string; form: Form } | null = null,
): Promise<ModerationPage> {
  const session = await requireSession(gateway, exchange)
  const region = named ?? session.claims.iss
  const cursor = exchange.url.searchParams.get('cursor') ?? undefined
  const running = regions.filter(each => gateway.settings.origins[each])
  const [{ items, nextCursor, waiting }, ...others] = await Promise.all([
    callApi(gateway, exchange, 'listReports', { session, query: { region, cursor, limit: 20 } }),
    ...running.filter(each => each !== region).map(each => countWaiting(gateway, exchange, session, each)),
  ])
  const queues = [{ region, waiting }, ...others].sort((a, b) => regions.indexOf(a.region) - regions.indexOf(b.region))
  return { name: 'moderation', region, queues, reports: items, nextCursor, notice: noticeOf(exchange), refused }
}

/** Null when the region does not say so in time. */
async function countWaiting(gateway: Gateway, exchange: Exchange, session: Session, region: Region) {
  const soon = hurried(exchange, gateway.now(), patience)
  const { waiting } = await callApi(gateway, soon, 'listReports', { session, query: { region, limit: 1 } }).catch(
    () => ({
      waiting: null,
    }),
  )
  return { region, waiting }
}

function target({ subject, id = '' }: { subject?: string; id?: string }) {
  const known = ReportSubject.safeParse(subject).data
  if (!known || !isId(id)) throw new AppError('not_found')
  return { subject: known, id }
}

function requireReason(reason: string | undefined): ReportReason {
  const known = ReportReason.safeParse(reason).data
  if (known) return known
  throw new AppError('invalid_input', { errors: [{ field: 'reason', message: 'must be chosen' }] })
}
