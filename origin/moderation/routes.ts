import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { decideReport } from './deciding.ts'
import { listReports } from './queue.ts'
import { reportAccount, reportMessage, reportPost } from './reporting.ts'

/** Mounts reports, and the queue of those who decide them. */
export function moderationRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.reportPost, async ({ actor, visitor, id, body }) => {
    await reportPost(ctx, { actor, visitor }, id, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.reportMessage, async ({ actor, visitor, id, body }) => {
    await reportMessage(ctx, { actor, visitor }, id, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.reportAccount, async ({ actor, visitor, id, body }) => {
    await reportAccount(ctx, { actor, visitor }, id, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.listReports, async ({ query }) => ({ body: await listReports(ctx, query) }))
  endpoint(app, ctx, api.decideReport, async ({ actor, id, body }) => {
    await decideReport(ctx, actor, id, body)
    return {}
  })
}
