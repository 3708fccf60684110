import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const postId = createId('na')
const threadId = createId('na')
const instant = '2026-11-01T10:00:00.000Z'
const post = {
  id: postId,
  title: 'Oak table',
  description: '',
  category: 'tables',
  price: { amount: 9_000, currency: 'USD' },
  priceKind: 'fixed',
  condition: 'good',
  attributes: {},
  location: { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7, lon: -74 },
  status: 'active',
  version: 1,
  createdAt: instant,
  publishedAt: instant,
  bumpedAt: instant,
  expiresAt: '2027-12-01T10:00:00.000Z',
  soldAt: null,
  seller: { id: createId('na'), displayName: 'Sam', memberSince: instant },
  images: [],
}
const thread = {
  id: threadId,
  role: 'buyer',
  post: {
    id: postId,
    title: post.title,
    category: post.category,
    price: post.price,
    priceKind: 'fixed',
    state: 'active',
  },
  other: { id: post.seller.id, name: 'Sam' },
  lastActivityAt: instant,
  unread: 1,
  last: { text: 'Yes', mine: false },
  open: true,
  blocked: null,
}
const said = (number: number, mine: boolean, text: string) => ({
  id: createId('na'),
  number,
  mine,
  text,
  removed: false,
  removalReason: null,
  createdAt: instant,
})
const conversation = { items: [said(2, false, 'Yes'), said(1, true, 'Is it <b>there</b>?')], nextCursor: null }

describe.each(runtimes)('messages in %s', runtime => {
  let edge: TestEdge
  let cookie: string
  beforeAll(async () => {
    edge = await startEdge(runtime)
    cookie = `from=DE; session=${await edge.signers.eu.token({ name: 'Bea' })}`
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    edge.origins.na.on(({ method, path }) => answers[`${method} ${path}`])
    edge.origins.eu.on(({ path }) => (path === '/api/v1/me/unread' ? { body: { unread: 3 } } : undefined))
  })
  const answers: Record<string, { status?: number; body?: unknown }> = {
    [`GET /api/v1/posts/${postId}`]: { body: post },
    [`POST /api/v1/posts/${postId}/messages`]: { status: 201, body: thread },
    [`GET /api/v1/threads/${threadId}`]: { body: thread },
    [`GET /api/v1/threads/${threadId}/messages`]: { body: conversation },
    [`PUT /api/v1/threads/${threadId}/read`]: { status: 204 },
    [`PUT /api/v1/threads/${threadId}/block`]: { status: 204 },
    [`POST /api/v1/threads/${threadId}/messages`]: { status: 201, body: said(3, true, 'Fine') },
    [`POST /api/v1/posts/${postId}/reports`]: { status: 202, body: {} },
  }
  const send = (path: string, values: Record<string, string>, headers: Record<string, string> = { cookie }) =>
    edge.ask(path, formOf(edge.site, values, headers))
  const asked = (method: string, path: string) =>
    edge.origins.na.recorded.filter(request => request.method === method && request.path === `/api/v1${path}`)

  it('are written from the post, in its region, by whoever is signed in elsewhere', async () => {
    const reply = await send(`/posts/${postId}/messages`, { text: 'Is it there?\r\nReally' })
    expect([reply.status, reply.headers.location]).toEqual([303, `/messages/${threadId}#newest`])
    const [request] = asked('POST', `/posts/${postId}/messages`)
    expect(JSON.parse(request?.body ?? '')).toEqual({ text: 'Is it there?\nReally' })
    expect(request?.headers['idempotency-key']).toMatch(/^box-[0-9a-f]{32}$/)
    await send(`/posts/${postId}/messages`, { text: 'Is it there?\r\nReally' })
    const keys = asked('POST', `/posts/${postId}/messages`).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(1)
  })

  it('begin with the line of a chip, sending nothing', async () => {
    const reply = await send(`/posts/${postId}/messages`, { chip: 'Can I collect today?', text: '' })
    expect([reply.status, reply.text.includes('\nCan I collect today?</textarea>')]).toEqual([200, true])
    expect(asked('POST', `/posts/${postId}/messages`)).toEqual([])
  })

  it('come back with their text when they are refused', async () => {
    edge.origins.na.on(({ method }) =>
      method === 'POST' ? problem(403, 'messages_blocked', { detail: 'This person takes no messages' }) : undefined,
    )
    const reply = await send(`/posts/${postId}/messages`, { text: ' Hello <i>' })
    expect(reply.status).toBe(403)
    expect(reply.text).toContain('\n Hello &lt;i></textarea>')
    expect(reply.text).toContain('This person takes no messages.')
  })

  it('are kept through signing in, and go out then', async () => {
    const first = await send(`/posts/${postId}/messages`, { text: 'Kept\n"words"' }, {})
    expect(first.status).toBe(200)
    expect(first.text).toContain('name="pendingText" value="Kept\n&quot;words&quot;"')
    expect(asked('POST', `/posts/${postId}/messages`)).toEqual([])
    const accessToken = await edge.signers.eu.token()
    const grant = {
      accessToken,
      tokenType: 'Bearer',
      expiresIn: 600,
      refreshToken: 'eu_x',
      account: { locale: 'de-DE', currency: 'EUR' },
    }
    const pending = { pendingTo: 'post', pendingId: postId, pendingText: 'Kept\n"words"', next: '/' }
    for (const origin of Object.values(edge.origins))
      origin.on(({ path }) => (path === '/api/v1/sessions' ? problem(401, 'invalid_credentials') : undefined))
    const wrong = await send('/sign-in', { email: 'a@b.example', password: 'x', ...pending }, {})
    expect([wrong.status, wrong.text.includes('name="pendingText"')]).toEqual([401, true])
    for (const origin of Object.values(edge.origins))
      origin.on(({ path }) => (path === '/api/v1/sessions' ? { status: 201, body: grant } : undefined))
    const reply = await send('/sign-in', { email: 'a@b.example', password: 'x', ...pending }, {})
    expect([reply.status, reply.headers.location]).toEqual([303, `/messages/${threadId}#newest`])
    expect(reply.cookies.some(text => text.startsWith('session='))).toBe(true)
    const [request] = asked('POST', `/posts/${postId}/messages`)
    expect(JSON.parse(request?.body ?? '')).toEqual({ text: 'Kept\n"words"' })
    expect(request?.headers.authorization).toBe(`Bearer ${accessToken}`)
  })

  it('are kept in a thread too, when the session has ended meanwhile', async () => {
    edge.origins.na.on(({ method }) => (method === 'POST' ? problem(401, 'session_ended') : undefined))
    for (const headers of [{ cookie }, {}] as Record<string, string>[]) {
      const reply = await send(`/messages/${threadId}`, { text: 'Kept too' }, headers)
      expect(reply.text).toContain('name="pendingText" value="Kept too"')
    }
    edge.reset()
    edge.origins.na.on(({ method, path }) => answers[`${method} ${path}`])
    const grant = { accessToken: await edge.signers.eu.token(), expiresIn: 600, refreshToken: 'eu_x', account: {} }
    for (const origin of Object.values(edge.origins))
      origin.on(({ path }) => (path === '/api/v1/sessions' ? { status: 201, body: grant } : undefined))
    const pending = { pendingTo: 'thread', pendingId: threadId, pendingText: 'Kept too' }
    const reply = await send('/sign-in', { email: 'a@b.example', password: 'x', ...pending }, {})
    expect([reply.status, reply.headers.location]).toEqual([303, `/messages/${threadId}#newest`])
    expect(JSON.parse(asked('POST', `/threads/${threadId}/messages`)[0]?.body ?? '')).toEqual({ text: 'Kept too' })
  })

  it('are read in order, and count as read up to what was shown', async () => {
    const reply = await edge.ask(`/messages/${threadId}`, { headers: { cookie } })
    expect(reply.status).toBe(200)
    expect(reply.text.indexOf('Is it &lt;b>there')).toBeLessThan(reply.text.indexOf('>Yes<'))
    const [request] = asked('PUT', `/threads/${threadId}/read`)
    expect(JSON.parse(request?.body ?? '')).toEqual({ upTo: 2 })
    edge.origins.na.recorded.length = 0
    await edge.ask(`/messages/${threadId}?cursor=x`, { headers: { cookie } })
    await edge.ask(`/messages/${threadId}`, { method: 'HEAD', headers: { cookie } })
    expect(asked('PUT', `/threads/${threadId}/read`)).toEqual([])
  })

  it('answer once for a form sent twice, and say so on the thread when refused', async () => {
    const formKey = 'form-key-of-the-page-0001'
    expect((await send(`/messages/${threadId}`, { text: 'Fine', formKey })).status).toBe(303)
    expect(asked('POST', `/threads/${threadId}/messages`)[0]?.headers['idempotency-key']).toBe(formKey)
    edge.origins.na.on(({ method }) =>
      method === 'POST' ? { ...problem(429, 'rate_limited'), headers: limitHeaders } : undefined,
    )
    const reply = await send(`/messages/${threadId}`, { text: 'Again', formKey })
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, '60'])
    expect(reply.text).toContain('\nAgain</textarea>')
    expect(reply.text).not.toContain(formKey)
  })
  const limitHeaders = { 'content-type': 'application/problem+json', 'retry-after': '60' }

  it('lead strangers to sign in, and to nothing where nothing is', async () => {
    for (const path of ['/messages', `/messages/${threadId}`, '/moderation']) {
      const reply = await edge.ask(path, { headers: { cookie: 'from=DE' } })
      expect([reply.status, reply.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`])
    }
    expect((await edge.ask('/messages/nonsense', { headers: { cookie } })).status).toBe(404)
    expect((await edge.ask(`/report/cat/${postId}`)).status).toBe(404)
  })

  it('are counted in the header of every page, at home, and a slow home does not hold the page', async () => {
    const page = await edge.ask('/forgot', { headers: { cookie } })
    expect(page.text).toMatch(/class="act unread"[\s\S]{0,200}3<span class="sr"> unread/)
    expect(page.text).toContain('<!--unread-->3<span class="sr"> unread</span><!--/unread-->')
    edge.origins.eu.on(({ path }) => (path === '/api/v1/me/unread' ? 'hang' : undefined))
    const slow = await edge.ask('/forgot', { headers: { cookie } })
    expect([slow.status, /> unread</.test(slow.text)]).toEqual([200, false])
    edge.origins.eu.recorded.length = 0
    await edge.ask('/forgot')
    expect(edge.origins.eu.recorded).toEqual([])
  })

  it('can be blocked, and other sites cannot do any of it', async () => {
    const reply = await send(`/messages/${threadId}/block`, {})
    expect([reply.status, reply.headers.location]).toEqual([303, `/messages/${threadId}?done=blocked`])
    edge.origins.na.recorded.length = 0
    for (const path of [
      `/messages/${threadId}/block`,
      `/messages/${threadId}`,
      `/posts/${postId}/messages`,
      `/report/post/${postId}`,
      `/moderation/${createId('na')}`,
    ]) {
      const foreign = await send(path, { text: 'x' }, { cookie, 'sec-fetch-site': 'cross-site' })
      expect([path, foreign.status]).toEqual([path, 403])
    }
    expect(edge.origins.na.recorded.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('polled by an island answer 304 while nothing is new', async () => {
    const path = `/api/v1/threads/${threadId}/messages?limit=30`
    const first = await edge.ask(path, { headers: { cookie } })
    const etag = first.headers.etag ?? ''
    const second = await edge.ask(path, { headers: { cookie, 'if-none-match': etag } })
    expect([first.status, second.status, second.text]).toEqual([200, 304, ''])
  })

  it('and posts are reported, also by strangers, who are told what is missing', async () => {
    const next = `/p/${postId}/oak-table`
    const missing = await send(`/report/post/${postId}`, { text: 'Odd', next }, {})
    expect([missing.status, missing.text.includes('Choose what is wrong.')]).toEqual([422, true])
    const reply = await send(`/report/post/${postId}`, { reason: 'spam', text: 'Odd', next }, {})
    expect([reply.status, reply.headers.location]).toEqual([303, `${next}?done=reported`])
    expect(asked('POST', `/posts/${postId}/reports`)[0]?.headers.authorization).toBeUndefined()
    await send(`/report/post/${postId}`, { reason: 'spam', next: '//evil.example' })
    expect(asked('POST', `/posts/${postId}/reports`)[1]?.headers.authorization).toMatch(/^Bearer /)
  })
})

describe('reports of strangers', () => {
  it('are limited by their network; members by their account', async () => {
    const edge = await startEdge('workerd', { LIMIT_SCALE: '0.05' })
    try {
      edge.origins.na.on(({ method }) => (method === 'POST' ? { status: 202, body: {} } : undefined))
      const report = (headers: Record<string, string> = {}) =>
        edge.ask(`/api/v1/posts/${postId}/reports`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ reason: 'spam' }),
        })
      expect((await report()).status).toBe(202)
      const refused = await report()
      expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true])
      const authorization = `Bearer ${await edge.signers.eu.token()}`
      for (let n = 0; n < 3; n++) expect((await report({ authorization })).status).toBe(202)
    } finally {
      await edge.stop()
    }
  })
})
