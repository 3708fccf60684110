import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { previewMailLink, useMailLink } from './acting.ts'
import { editMailPreferences, readMailPreferences } from './preferences.ts'

/** Mounts what an account wants to be told, and the links of mails. */
export function mailRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.readMailPreferences, async ({ actor }) => ({ body: await readMailPreferences(ctx, actor) }))
  endpoint(app, ctx, api.editMailPreferences, async ({ actor, body }) => ({
    body: await editMailPreferences(ctx, actor, body),
  }))
  endpoint(app, ctx, api.previewMailLink, async ({ body }) => ({ body: await previewMailLink(ctx, body.token) }))
  endpoint(app, ctx, api.useMailLink, async ({ body }) => ({ body: await useMailLink(ctx, body.token) }))
}
