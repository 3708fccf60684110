import type { Hono } from 'hono'
import { AppError } from '../shared/errors.ts'
import type { EdgeEnv } from './hono-env.ts'

/** Answers known paths by methods that they do not have: 405 with `Allow`, and OPTIONS by 204 (RFC 9110 §15.5.6, §9.3.7). */
export function refuseOtherMethods(app: Hono<EdgeEnv>): void {
  const byPath = new Map<string, Set<string>>()
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue
    const methods = byPath.get(path) ?? new Set(['OPTIONS'])
    byPath.set(path, methods.add(method))
    if (method === 'GET') methods.add('HEAD')
  }
  for (const [path, methods] of byPath) {
    const allow = [...methods].sort().join(', ')
    app.all(path, c => {
      if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
      throw new AppError('method_not_allowed', { detail: `Allowed here: ${allow}`, headers: { allow } })
    })
  }
}
