import { beforeAll, describe, expect, it } from 'vitest'
import { type ApiName, type ApiRoute, api, apiPrefix } from '../shared/api.ts'
import { requestExport } from './exports/exports.ts'
import { makeExport } from './exports/making.ts'
import type { Job } from './job.ts'
import { type TestAccount, uniqueEmail } from './testing/factories.ts'
import { createTestWorld, type TestOrigin } from './testing/harness.ts'
import { createTestImage, someForm } from './testing/images.ts'
import { createTestReport, createTestThread } from './testing/messages.ts'
import { createTestPost, somePost, turnBack } from './testing/posts.ts'

const callers = ['anonymous', 'owner', 'other', 'other region’s', 'moderator', 'suspended'] as const
type Caller = (typeof callers)[number]

const newPassword = 'a new and long enough one 4'
const token = 'na_0123456789abcdef0123456789abcdef0123456789a'
const reason = { reason: 'Not allowed here' }
const message = { text: 'Is it still available?' }
const report = { reason: 'spam', text: 'Seen five times' }
/** What nobody can do about a thing of their own. */
const notToOneself: readonly ApiName[] = ['openThread', 'reportPost', 'reportAccount']

/** A body or a query that is in order, for each route that takes one. */
const samples: Partial<Record<ApiName, (owner: TestAccount) => object>> = {
  createPost: () => somePost('na'),
  editPost: () => ({ title: 'Another title' }),
  removePost: () => reason,
  createImage: () => ({ fileName: 'bike.jpg', contentType: 'image/jpeg', bytes: 1_000 }),
  orderImages: () => ({ ids: [] }),
  editImage: () => ({ alt: 'A bike' }),
  suspendAccount: () => reason,
  openThread: () => message,
  sendMessage: () => message,
  markThreadRead: () => ({ upTo: 1 }),
  reportPost: () => report,
  reportMessage: () => report,
  reportAccount: () => report,
  decideReport: () => ({ outcome: 'dismiss', ...reason }),
  register: () => ({ email: uniqueEmail(), password: newPassword, displayName: 'New' }),
  verifyAccount: () => ({ token }),
  resendVerification: () => ({ email: uniqueEmail() }),
  requestPasswordReset: () => ({ email: uniqueEmail() }),
  completePasswordReset: () => ({ token, password: newPassword }),
  signIn: ({ email }) => ({ email, password: 'not the right one 1' }),
  refreshSession: () => ({ refreshToken: token }),
  editMe: () => ({ displayName: 'Another' }),
  changePassword: ({ password }) => ({ currentPassword: password, password: newPassword }),
  deleteMe: ({ password }) => ({ password }),
  changeAddress: ({ password }) => ({ email: uniqueEmail(), password }),
  editMailPreferences: () => ({ posts: false }),
  previewMailLink: () => ({ token }),
  useMailLink: () => ({ token }),
  suggestPlaces: () => ({ q: 'Lon' }),
  nearestPlace: () => ({ lat: '1', lon: '1' }),
}

let na: TestOrigin
let eu: TestOrigin

beforeAll(async () => {
  const world = await createTestWorld(['na', 'eu'])
  na = world.na
  eu = world.eu
})

describe.each(Object.entries(api) as [ApiName, ApiRoute][])('%s', (name, route) => {
  it.for(callers)('called by %s', async (caller, { skip }) => {
    if (!isMounted(route)) skip('the origin does not serve it yet')
    const owner = await na.createAccount()
    const target = await targetOf(name, route, owner)
    const access = await tokenOf(caller, owner)
    const reply = await call(name, route, owner, target, access)
    expect(reply.status, reply.text).toBeLessThan(500)
    expect(expectedOf(name, route, caller), `${reply.status} ${reply.text}`).toContain(
      Math.floor(reply.status / 100) === 2 ? 'success' : reply.status,
    )
  })
})

function isMounted({ method, path }: ApiRoute): boolean {
  return na.app.routes.some(route => route.method === method && route.path === apiPrefix + path)
}

/** What a caller may be answered, from the table alone: `success`, or the statuses of refusal. */
function expectedOf(name: ApiName, route: ApiRoute, caller: Caller): ('success' | number)[] {
  if (route.auth === 'none') return ['success', 401, 422, 429]
  if (caller === 'suspended') return [401]
  if (notToOneself.includes(name) && caller === 'owner') return [403]
  if (route.auth === 'optional') return ['success']
  if (caller === 'anonymous') return [401]
  // Who is no side of a thread does not even learn that it is there.
  if (/^\/(threads|messages)\/:id/.test(route.path)) return [caller === 'owner' ? 'success' : 404]
  if (caller === 'other region’s') return route.crossRegion ? ['success'] : [403]
  if (route.auth === 'moderator') return [caller === 'moderator' ? 'success' : 403]
  if (!route.path.includes(':id') || caller === 'owner' || notToOneself.includes(name)) return ['success']
  return name === 'endSession' || name === 'downloadExport' ? [404] : [403]
}

async function targetOf(name: ApiName, { path }: ApiRoute, owner: TestAccount): Promise<string> {
  if (name === 'endSession') return owner.sessionId
  if (name === 'downloadExport') return createReadyExport(owner)
  if (path.startsWith('/accounts/:id')) return owner.id
  if (!path.includes(':id')) return ''
  const { id } = await createTestPost(na, owner)
  if (name === 'renewPost') await turnBack(na, id, 3 * 86_400_000) // no bump soon after another
  if (path.startsWith('/reports/:id')) return createTestReport(na, `/posts/${id}`)
  if (path.startsWith('/threads/:id')) return (await createTestThread(na, await na.createAccount(), id)).id
  if (path.startsWith('/images/:id')) return createTestImage(na, owner, id)
  if (path.startsWith('/messages/:id')) return firstMessage(await createTestThread(na, await na.createAccount(), id))
  return id
}

async function firstMessage({ id }: { id: string }): Promise<string> {
  const row = na.ctx.db.selectFrom('messages').select('id').where('thread_id', '=', id)
  return (await row.executeTakeFirstOrThrow()).id
}

async function createReadyExport({ actor }: TestAccount): Promise<string> {
  const { id } = await requestExport(na.ctx, actor)
  await makeExport(na.ctx, { payload: { exportId: id } } as Job<'export.requested'>)
  return id
}

async function tokenOf(caller: Caller, owner: TestAccount): Promise<string | undefined> {
  if (caller === 'anonymous') return undefined
  if (caller === 'owner') return owner.token
  if (caller === 'other region’s') return (await eu.createAccount({ role: 'moderator' })).token
  const account = await na.createAccount({ role: caller === 'moderator' ? 'moderator' : 'member' })
  if (caller === 'suspended') await suspend(account)
  return account.token
}

async function suspend({ id }: TestAccount): Promise<void> {
  const moderator = await na.createAccount({ role: 'moderator' })
  const reply = await na.request('PUT', `/accounts/${id}/suspension`, { token: moderator.token, body: reason })
  expect(reply.status).toBe(204)
}

function call(name: ApiName, route: ApiRoute, owner: TestAccount, target: string, access: string | undefined) {
  const sample = samples[name]?.(owner)
  if (route.body && !sample) throw new Error(`Cannot call ${name}: the gate has no sample of its body`)
  const query = route.query && sample ? `?${new URLSearchParams(sample as Record<string, string>)}` : ''
  const headers: Record<string, string> = route.conditional ? { 'if-match': '*' } : {}
  return na.request(route.method, route.path.replace(':id', target) + query, {
    token: access,
    headers,
    ...(route.body && { body: sample }),
    ...(route.form && { form: someForm() }),
  })
}
