import type { Context, Hono } from 'hono'
import { browsePath, emptyForm, isNotice, type Notice } from '../frontend/page-model.ts'
import { findCategory } from '../shared/category.ts'
import type { AppError } from '../shared/errors.ts'
import { paths } from '../shared/paths.ts'
import { OwnStatus } from '../shared/post.ts'
import { accountPage } from './account-page.ts'
import { browse } from './browse.ts'
import { readCookie } from './cookies.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { homePage } from './home.ts'
import type { EdgeEnv } from './hono-env.ts'
import { moved, redirect, safeNext, signInFirst } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { postPage } from './post-page.ts'
import { searchPage } from './search-page.ts'
import { findViewer, readSession } from './session.ts'

export const mailedCookie = 'mailed'

/** Mounts the pages that are read; the forms on them are in actions.ts and sell.ts. */
export function pageRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  const page = (c: Context<EdgeEnv>, model: Parameters<typeof respondWithPage>[2]) =>
    respondWithPage(gateway, c.env.exchange, model)

  app.get(paths.home(), async c => page(c, await homePage(gateway, c.env.exchange, noticeOf(c.env.exchange))))
  app.get(browsePath, c => {
    const { category = '', ...filters } = c.req.query()
    if (findCategory(category)) return redirect(`${paths.category(category)}?${new URLSearchParams(filters)}`)
    return browse(gateway, c.env.exchange, null)
  })
  app.get(paths.search(), c => searchPage(gateway, c.env.exchange))
  app.get('/c/:slug', c => browse(gateway, c.env.exchange, c.req.param('slug')))
  app.get('/p/:id/:slug?', async c => {
    const model = await postPage(gateway, c.env.exchange, c.req.param('id'), noticeOf(c.env.exchange))
    const canonical = paths.post(model.post.id, model.post.title)
    return c.req.path === canonical ? page(c, model) : moved(canonical, c.env.exchange)
  })
  app.get(paths.myPosts(), c => myPosts(gateway, c.env.exchange))
  app.get(paths.account(), async c => {
    const session = await readSession(gateway, c.env.exchange)
    return session ? page(c, await accountPage(gateway, c.env.exchange, session)) : signInFirst(c.env.exchange)
  })
  app.get(paths.register(), c => page(c, { name: 'register', form: emptyForm }))
  app.get(paths.signIn(), async c => {
    const next = c.req.query('next')
    if (await findViewer(gateway, c.env.exchange)) return redirect(safeNext(next))
    return page(c, {
      name: 'signIn',
      form: emptyForm,
      next: next ? safeNext(next) : null,
      notice: noticeOf(c.env.exchange),
    })
  })
  app.get(paths.verify(), c => {
    const token = c.req.query('token')
    if (token) return page(c, { name: 'verify', state: 'button', token, form: emptyForm })
    return page(c, { name: 'verify', state: 'sent', email: readCookie(c.req.raw, mailedCookie) })
  })
  app.get(paths.resend(), c => page(c, { name: 'verify', state: 'resend', form: emptyForm }))
  app.get(paths.forgot(), c => page(c, { name: 'forgot', form: emptyForm, sent: c.req.query('sent') !== undefined }))
  app.get(paths.reset(), c => page(c, { name: 'reset', token: c.req.query('token') ?? '', form: emptyForm }))
}

/** What has just happened, when it is one of the things that happen. */
export function noticeOf({ url }: Exchange): Notice | null {
  const done = url.searchParams.get('done')
  return isNotice(done) ? done : null
}

/**
 * The seller's own posts, in every state.
 * @param trouble what went wrong with the action that led here
 */
export async function myPosts(gateway: Gateway, exchange: Exchange, trouble?: AppError): Promise<Response> {
  const session = await readSession(gateway, exchange)
  if (!session) return signInFirst(exchange)
  const status = OwnStatus.safeParse(exchange.url.searchParams.get('status')).data
  const cursor = exchange.url.searchParams.get('cursor') ?? undefined
  const { items, nextCursor } = await callApi(gateway, exchange, 'listOwnPosts', {
    session,
    query: { status, cursor, limit: 24 },
  })
  const model = {
    name: 'myPosts',
    status: status ?? null,
    posts: items,
    nextCursor,
    counts: null,
    notice: noticeOf(exchange),
    ...(trouble ? { problem: trouble.detail ?? trouble.message } : {}),
  } as const
  return respondWithPage(gateway, exchange, model, { status: trouble?.status ?? 200 })
}
