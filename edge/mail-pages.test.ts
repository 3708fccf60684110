import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const token = 'eu_QUJDREVGR0hJSktMTU5PUHsiYWN0IjoicmVuZXcifQ'
const linkOf = (change: object) => ({
  action: 'unsubscribe',
  state: 'open',
  title: null,
  postId: null,
  topic: 'posts',
  exportId: null,
  until: null,
  ...change,
})

describe.each(runtimes)('mail in %s', runtime => {
  let edge: TestEdge
  let signedIn: { cookie: string }
  beforeAll(async () => {
    edge = await startEdge(runtime)
    signedIn = { cookie: `from=DE; session=${await edge.signers.eu.token()}` }
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const send = (path: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
    edge.ask(path, formOf(edge.site, values, headers))
  const answers = (routes: Record<string, unknown>) =>
    edge.origins.eu.on(({ method, path }) => {
      const answer = routes[`${method} ${path}`] as { status?: unknown } | undefined
      return typeof answer?.status === 'number' ? (answer as { status: number }) : answer && { body: answer }
    })
  const acted = () => edge.origins.eu.recorded.filter(({ path }) => path.endsWith('/use'))

  describe('a link of a mail', () => {
    it('asks the region that signed it, and does nothing before its button is pressed', async () => {
      answers({
        'POST /api/v1/mail-links/preview': linkOf({ action: 'renew', title: 'Bike <b>', postId: 'eu_1', topic: null }),
        'POST /api/v1/mail-links/use': linkOf({ state: 'done' }),
      })
      for (const method of ['GET', 'HEAD'])
        await edge.ask(`/mail?token=${token}`, { method, headers: { cookie: 'from=US' } })
      const page = await edge.ask(`/mail?token=${token}`, { headers: { cookie: 'from=US' } })
      expect(page.status).toBe(200)
      expect(page.text).toContain(`name="token" value="${token}"`)
      expect(page.text).toContain('“Bike &lt;b>” goes to the top')
      expect(acted()).toEqual([])
      const pressed = await send('/mail', { token })
      expect([pressed.status, pressed.headers.location]).toEqual([303, `/mail?token=${token}`])
      expect(acted()).toHaveLength(1)
    })

    it('says when it is no good, and shows no button', async () => {
      answers({ 'POST /api/v1/mail-links/preview': problem(422, 'invalid_or_used_token') })
      const page = await edge.ask(`/mail?token=${token}`)
      expect([page.status, page.text.includes('does not work any more'), page.text.includes('name="token"')]).toEqual([
        422,
        true,
        false,
      ])
    })

    it('is not pressed by another site', async () => {
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      expect((await send('/mail', { token }, foreign)).status).toBe(403)
      expect(edge.origins.eu.recorded).toEqual([])
    })
  })

  describe('a link to a copy of one’s data', () => {
    const until = '2027-01-09T09:00:00.000Z'
    const link = linkOf({ action: 'download', topic: null, exportId: 'eu_1', until })
    const copy = { id: 'eu_1', state: 'ready', requestedAt: until, expiresAt: until, bytes: 1 }
    const copies = (items: unknown[]) => ({
      'POST /api/v1/mail-links/preview': link,
      'GET /api/v1/accounts/me/exports': { items, nextFrom: null },
      'GET /api/v1/accounts/me/unread': { unread: 0 },
    })
    const open = (headers: Record<string, string> = {}) => edge.ask(`/mail?token=${token}`, { headers })
    const archive = '/me/exports/eu_1/archive'

    it('asks strangers to sign in and comes back to the link; nothing of the copy is asked for', async () => {
      answers(copies([copy]))
      const page = await open()
      expect(page.status).toBe(200)
      const next = encodeURIComponent(`/mail?token=${token}`)
      expect(page.text).toContain(`href="/sign-in?next=${next}"`)
      expect(page.text).not.toContain(archive)
      expect(edge.origins.eu.recorded.map(({ path }) => path)).toEqual(['/api/v1/mail-links/preview'])
      expect((await edge.ask(archive)).headers.location).toBe(`/sign-in?next=${encodeURIComponent(archive)}`)
    })

    it('is one button for its owner, which downloads', async () => {
      answers(copies([copy]))
      const page = await open(signedIn)
      expect(page.text).toContain(`href="${archive}"`)
      expect(page.text).not.toContain('href="/sign-in')
      expect(page.headers['cache-control']).toBe('private, no-cache')
      expect(acted()).toEqual([])
    })

    it('says to anybody else whose data it is not', async () => {
      answers(copies([]))
      const page = await open(signedIn)
      expect(page.text).toContain('the data of another account')
      expect(page.text).not.toContain(archive)
    })

    it('leads nowhere when its time is over, for its owner too', async () => {
      answers({
        ...copies([copy]),
        'POST /api/v1/mail-links/preview': { ...link, state: 'over', exportId: null, until: null },
      })
      for (const headers of [{}, signedIn]) {
        const page = await open(headers)
        expect(page.text).toContain('does not work any more')
        expect(page.text).not.toContain(archive)
      }
    })
  })

  describe('one-click unsubscribe (RFC 8058)', () => {
    const press = (body: string, type = 'application/x-www-form-urlencoded') =>
      edge.ask(`/mail/unsubscribe?token=${token}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' },
      })

    it('takes a POST from anywhere, in both encodings, without cookies, and leads nowhere', async () => {
      answers({
        'POST /api/v1/mail-links/preview': linkOf({}),
        'POST /api/v1/mail-links/use': linkOf({ state: 'done' }),
      })
      const part = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
      const replies = [await press('List-Unsubscribe=One-Click'), await press(part, 'multipart/form-data; boundary=x')]
      for (const reply of replies) {
        expect([reply.status, reply.headers.location, reply.cookies]).toEqual([200, undefined, []])
        expect(reply.headers['cache-control']).toBe('no-store')
      }
      expect(acted()).toHaveLength(2)
    })

    it('does nothing but unsubscribe, and nothing on GET', async () => {
      answers({ 'POST /api/v1/mail-links/preview': linkOf({ action: 'sell' }) })
      expect((await press('List-Unsubscribe=One-Click')).status).toBe(400)
      expect((await press('')).status).toBe(400)
      const look = await edge.ask(`/mail/unsubscribe?token=${token}`)
      expect([look.status, look.headers.location]).toEqual([303, `/mail?token=${token}`])
      expect(acted()).toEqual([])
    })
  })

  describe('address and mail', () => {
    const address = { email: 'maria@example.com', trouble: null, change: null }
    const wanted = { messages: true, posts: false, reports: true }
    const reads = {
      'GET /api/v1/accounts/me/email': address,
      'GET /api/v1/accounts/me/mail-preferences': wanted,
    }

    it('needs a session', async () => {
      expect((await edge.ask('/me/mail')).headers.location).toBe('/sign-in?next=%2Fme%2Fmail')
    })

    it('shows what is wanted, and stores what is ticked', async () => {
      answers({ ...reads, 'PATCH /api/v1/accounts/me/mail-preferences': wanted })
      const page = await edge.ask('/me/mail', { headers: signedIn })
      const ticked = [...page.text.matchAll(/<input type="checkbox" name="(\w+)"[^>]*checked/g)].map(([, name]) => name)
      expect(ticked).toEqual(['messages', 'reports'])
      const saved = await send('/me/mail', { intent: 'wanted', posts: 'yes' }, signedIn)
      expect(saved.headers.location).toBe('/me/mail?done=mail-saved')
      expect(JSON.parse(edge.origins.eu.last()?.body ?? '')).toEqual({ messages: false, posts: true, reports: false })
    })

    it('asks for another address, or shows the form again without the password', async () => {
      answers({ ...reads, 'PUT /api/v1/accounts/me/email': { status: 202, body: {} } })
      const form = { intent: 'address', email: 'new@example.com', password: 'correct horse' }
      expect((await send('/me/mail', form, signedIn)).headers.location).toBe('/me/mail?done=address-asked')
      const errors = [{ field: 'password', message: 'is not your password' }]
      answers({ 'PUT /api/v1/accounts/me/email': problem(422, 'invalid_input', { errors }) })
      const refused = await send('/me/mail', form, signedIn)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('Password is not your password.')
      expect(refused.text).toContain('value="new@example.com"')
      expect(refused.text).not.toContain('correct horse')
    })

    it('says that mail comes back', async () => {
      answers({ ...reads, 'GET /api/v1/accounts/me/email': { ...address, trouble: 'bounced' } })
      expect((await edge.ask('/me/mail', { headers: signedIn })).text).toContain('Mail to your address came back.')
    })
  })
})
