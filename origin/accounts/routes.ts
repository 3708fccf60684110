import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { changePassword, deleteAccount, editAccount, getAccount } from './accounts.ts'
import { readAddress, requestAddressChange } from './address-changes.ts'
import { completePasswordReset, requestPasswordReset } from './password-resets.ts'
import { refreshSession } from './refresh.ts'
import { register } from './registration.ts'
import { endAllSessions, endCurrentSession, endSession, listSessions } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { reinstateAccount, suspendAccount } from './suspensions.ts'
import { resendVerification, verifyAccount } from './verification.ts'

/** Mounts accounts, sessions and suspensions. */
export function accountRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.register, async ({ body, visitor }) => {
    await register(ctx, body, visitor)
    return { body: { next: 'verify' } }
  })
  endpoint(app, ctx, api.verifyAccount, async ({ body, visitor }) => ({
    body: await verifyAccount(ctx, body, visitor),
  }))
  endpoint(app, ctx, api.resendVerification, async ({ body }) => {
    await resendVerification(ctx, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.requestPasswordReset, async ({ body }) => {
    await requestPasswordReset(ctx, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.completePasswordReset, async ({ body }) => {
    await completePasswordReset(ctx, body)
    return {}
  })

  endpoint(app, ctx, api.signIn, async ({ body, visitor }) => ({
    body: await signIn(ctx, body, visitor),
  }))
  endpoint(app, ctx, api.refreshSession, async ({ body }) => ({ body: await refreshSession(ctx, body) }))
  endpoint(app, ctx, api.listSessions, async ({ actor }) => ({ body: { items: await listSessions(ctx, actor) } }))
  endpoint(app, ctx, api.endCurrentSession, async ({ actor }) => {
    await endCurrentSession(ctx, actor)
    return {}
  })
  endpoint(app, ctx, api.endSession, async ({ actor, id }) => {
    await endSession(ctx, actor, id)
    return {}
  })
  endpoint(app, ctx, api.endAllSessions, async ({ actor }) => {
    await endAllSessions(ctx, actor)
    return {}
  })

  endpoint(app, ctx, api.readMe, async ({ actor }) => ({ body: await getAccount(ctx, actor) }))
  endpoint(app, ctx, api.editMe, async ({ actor, body }) => ({ body: await editAccount(ctx, actor, body) }))
  endpoint(app, ctx, api.changePassword, async ({ actor, body }) => {
    await changePassword(ctx, actor, body)
    return {}
  })
  endpoint(app, ctx, api.readAddress, async ({ actor }) => ({ body: await readAddress(ctx, actor) }))
  endpoint(app, ctx, api.changeAddress, async ({ actor, body }) => {
    await requestAddressChange(ctx, actor, body)
    return { body: {} }
  })
  endpoint(app, ctx, api.deleteMe, async ({ actor, body }) => {
    await deleteAccount(ctx, actor, body)
    return { body: {} }
  })

  endpoint(app, ctx, api.suspendAccount, async ({ actor, id, body }) => {
    await suspendAccount(ctx, actor, { id, reason: body.reason })
    return {}
  })
  endpoint(app, ctx, api.reinstateAccount, async ({ actor, id }) => {
    await reinstateAccount(ctx, actor, id)
    return {}
  })
}
