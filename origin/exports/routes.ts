import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { listExports, openExport, requestExport } from './exports.ts'

/** Mounts the copies of an account's data. */
export function exportRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.requestExport, async ({ actor }) => ({ body: await requestExport(ctx, actor) }))
  endpoint(app, ctx, api.listExports, async ({ actor }) => ({ body: await listExports(ctx, actor) }))
  endpoint(app, ctx, api.downloadExport, async ({ actor, id }) => {
    const { body, bytes, name } = await openExport(ctx, actor, id)
    const headers = { 'content-length': String(bytes), 'content-disposition': `attachment; filename="${name}"` }
    return { file: body, headers }
  })
}
