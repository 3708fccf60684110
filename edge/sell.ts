import type { Hono } from 'hono'
import { placeText } from '../frontend/format.ts'
import { emptyForm, type Form, type SellPage } from '../frontend/page-model.ts'
import { postFormValues } from '../frontend/post-form.ts'
import { isLeafCategory } from '../shared/category.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import type { OwnPost } from '../shared/post.ts'
import { requireSession } from './actions.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, readForm, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { redirect, signInFirst, withNotice } from './navigation.ts'
import { readOwnPost } from './own-post.ts'
import { respondWithPage } from './page-response.ts'
import { readPreferences } from './preferences.ts'
import { checkDraft, faultsOf, settlePlace } from './sell-form.ts'
import { dropSession, findViewer, readSession, type Session } from './session.ts'

type Edited = NonNullable<SellPage['edit']>

/**
 * Mounts the two forms that write posts, sell and edit. Signed out one may choose a category and write; to go on to
 * photos the draft is stored, and that needs an account.
 */
export function sellRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get(paths.sell(), c => {
    const category = c.req.query('category') ?? ''
    const known = isLeafCategory(category) ? category : null
    return show(gateway, c.env.exchange, { step: known ? 'form' : 'category', category: known, form: emptyForm })
  })
  app.post(paths.sell(), async c => {
    refuseCrossSite(c.env.exchange)
    return sell(gateway, c.env.exchange, await readForm(c.env.exchange))
  })
  app.get('/posts/:id/edit', c => edit(gateway, c.env.exchange, c.req.param('id')))
  app.post('/posts/:id/edit', async c => {
    refuseCrossSite(c.env.exchange)
    return save(gateway, c.env.exchange, c.req.param('id'), await readForm(c.env.exchange))
  })
}

async function sell(gateway: Gateway, exchange: Exchange, values: Values): Promise<Response> {
  const step = await walk(gateway, exchange, values, null)
  if (step) return step
  const settled = await settlePlace(gateway, exchange, values)
  if ('errors' in settled) return refused(gateway, exchange, values, settled, null)
  let draft: OwnPost
  try {
    const session = await requireSession(gateway, exchange)
    const idempotencyKey = formKeyOf(values)
    draft = await callApi(gateway, exchange, 'createPost', {
      session,
      body: checkDraft(settled.values, localeOf(exchange, session)),
      idempotencyKey,
    })
    if (values.intent === 'draft') return redirect(withNotice(paths.myPosts(), 'draft'))
    if (values.intent !== 'publish') return redirect(withNotice(paths.photos(draft.id), 'draft'))
  } catch (error) {
    return failed(gateway, exchange, settled.values, error, null)
  }
  return publish(gateway, exchange, draft, settled.values)
}

async function edit(gateway: Gateway, exchange: Exchange, id: string): Promise<Response> {
  if (!isId(id)) throw new AppError('post_not_found')
  const session = await readSession(gateway, exchange)
  if (!session) return signInFirst(exchange)
  const post = await readOwnPost(gateway, exchange, session, id)
  const locale = localeOf(exchange, session)
  const form = { values: postFormValues(post, placeText(post.location), locale), errors: {} }
  return show(gateway, exchange, { step: 'form', category: post.category, form, edit: editedOf(post) })
}

/** Saves what was typed against the version that the form was made from; publishes too when that was asked. */
async function save(gateway: Gateway, exchange: Exchange, id: string, values: Values): Promise<Response> {
  if (!isId(id)) throw new AppError('post_not_found')
  let edited: Edited = { id, version: Number(values.version) || 0, status: 'draft', title: values.title ?? '' }
  try {
    const session = await requireSession(gateway, exchange)
    const current = await readOwnPost(gateway, exchange, session, id)
    edited = { ...editedOf(current), version: edited.version }
    const step = await walk(gateway, exchange, values, edited)
    if (step) return step
    const settled = await settlePlace(gateway, exchange, values)
    if ('errors' in settled) return refused(gateway, exchange, values, settled, edited)
    const ifMatch = `"${edited.version}"`
    const body = checkDraft(settled.values, localeOf(exchange, session))
    const saved = await callApi(gateway, exchange, 'editPost', { id, session, ifMatch, body }).catch(error => {
      edited = { ...edited, version: current.version }
      throw error
    })
    if (values.intent === 'publish') return await publish(gateway, exchange, saved, settled.values)
    if (values.intent === 'photos') return redirect(withNotice(paths.photos(saved.id), 'saved'))
    return redirect(withNotice(saved.visible ? paths.post(saved.id, saved.title) : paths.myPosts(), 'saved'))
  } catch (error) {
    return failed(gateway, exchange, values, error, edited)
  }
}

/** What is stored stays stored: when only publishing fails, the form goes on as an edit of the draft. */
async function publish(gateway: Gateway, exchange: Exchange, draft: OwnPost, values: Values): Promise<Response> {
  try {
    const session = await requireSession(gateway, exchange)
    const { id, title } = await callApi(gateway, exchange, 'publishPost', { id: draft.id, session })
    return redirect(withNotice(paths.post(id, title), 'published'))
  } catch (error) {
    return failed(gateway, exchange, values, error, editedOf(draft))
  }
}

/** The buttons that only lead from one step to another. Null when the form is to be judged. */
async function walk(
  gateway: Gateway,
  exchange: Exchange,
  values: Values,
  edited: Edited | null,
): Promise<Response | null> {
  const form = { values, errors: {} }
  const category = isLeafCategory(values.category ?? '') ? (values.category ?? null) : null
  if (values.intent === 'category' || !category) {
    return show(gateway, exchange, { step: 'category', category: null, form, edit: edited })
  }
  if (values.intent !== 'pick' && values.intent !== 'form') return null
  return show(gateway, exchange, { step: 'form', category, form, edit: edited })
}

/** The city is not clear: says so, and what else is wrong, so that one look is enough. */
async function refused(
  gateway: Gateway,
  exchange: Exchange,
  values: Values,
  { errors, options }: { errors: Record<string, string>; options: SellPage['placeOptions'] },
  edited: Edited | null,
): Promise<Response> {
  const locale = localeOf(exchange, await findViewer(gateway, exchange))
  const form = { values, errors: { ...faultsOf(values, locale), ...errors } }
  const page = { step: 'form', category: values.category ?? null, form, edit: edited } as const
  return show(gateway, exchange, { ...page, placeOptions: options }, 422)
}

async function failed(
  gateway: Gateway,
  exchange: Exchange,
  values: Values,
  cause: unknown,
  edited: Edited | null,
): Promise<Response> {
  const error = knownError(cause)
  if (error.code === 'internal_error' || error.status === 404 || error.status === 410) throw error
  if (error.status === 401) dropSession(exchange)
  // A refused form may be sent again with other text; one whose fate is unknown must be known again by its key.
  const formKey = error.status < 500 ? crypto.randomUUID() : formKeyOf(values)
  const form: Form = formOf(values, error)
  const page = { step: 'form', category: values.category ?? null, form, edit: edited, formKey } as const
  return show(gateway, exchange, page, error.status)
}

type Shown = Pick<SellPage, 'step' | 'category' | 'form'> & Partial<SellPage>

function show(gateway: Gateway, exchange: Exchange, page: Shown, status = 200): Promise<Response> {
  const formKey = page.form.values.formKey ? formKeyOf(page.form.values) : crypto.randomUUID()
  return respondWithPage(
    gateway,
    exchange,
    { name: 'sell', formKey, placeOptions: [], edit: null, ...page },
    { status },
  )
}

function editedOf({ id, version, ownStatus, title }: OwnPost): Edited {
  return { id, version, status: ownStatus, title }
}

/** Whose way of writing numbers the form was filled in with. */
function localeOf(exchange: Exchange, session: Session | null): string {
  return readPreferences(exchange, session !== null).locale
}

/** The key that was put into the form, when it is one; it makes a form sent twice one post. */
function formKeyOf({ formKey = '' }: Readonly<Record<string, string>>): string {
  return /^[\w-]{16,64}$/.test(formKey) ? formKey : crypto.randomUUID()
}
