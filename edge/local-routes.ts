import type { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { paths } from '../shared/paths.ts'
import { setCookie } from './cookies.ts'
import { refuseCrossSite } from './csrf.ts'
import type { Exchange } from './exchange.ts'
import { readForm } from './forms.ts'
import type { Gateway } from './gateway.ts'
import { standAt, standCookie } from './geo/stand.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, safeNext } from './navigation.ts'

const day = 24 * 3600

/** On a local stack, `?from=BR` on any page stays in a cookie; `?from=` forgets it. */
export const keepStanding = createMiddleware<EdgeEnv>(async (c, next) => {
  const asked = c.env.exchange.url.searchParams.get('from')
  if (asked !== null) keep(c.env.exchange, asked)
  await next()
})

/** The footer's switcher of a local stack, sent as a link or as a form. Production has no such path. */
export function localRoutes(app: Hono<EdgeEnv>, _gateway: Gateway): void {
  app.get(paths.standAt(), c => redirect(safeNext(c.req.query('next'))))
  app.post(paths.standAt(), async c => {
    refuseCrossSite(c.env.exchange)
    const { from = '', next } = await readForm(c.env.exchange)
    keep(c.env.exchange, from)
    return redirect(safeNext(next))
  })
}

function keep(exchange: Exchange, from: string): void {
  const known = standAt(from) !== undefined
  if (known || from === '') setCookie(exchange, standCookie, from, { maxAge: known ? 30 * day : 0 })
}
