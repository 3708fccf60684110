import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const id = createId('eu')
const instant = '2026-11-01T10:00:00.000Z'
const leipzig = { country: 'DE', subdivision: 'DE-SN', city: 'Leipzig', lat: 51.34, lon: 12.37 }
const post = {
  id,
  title: 'Grünes Rad – 54 cm',
  description: 'Zwei Zeilen\nText <b>',
  category: 'bicycles',
  price: { amount: 125_050, currency: 'EUR' },
  priceKind: 'fixed',
  condition: 'good',
  attributes: { gears: 22 },
  location: leipzig,
  status: 'active',
  version: 4,
  createdAt: instant,
  publishedAt: instant,
  bumpedAt: instant,
  expiresAt: '2026-12-01T10:00:00.000Z',
  soldAt: null,
  seller: { id: createId('eu'), displayName: 'Maria', memberSince: instant },
  images: [],
}
const own = {
  ...post,
  ownStatus: 'active',
  visible: true,
  removalReason: null,
  renewableFrom: null,
  canRenew: true,
  externalId: null,
}
const canonical = `/p/${id}/gr%C3%BCnes-rad-54-cm`
const formKey = 'form-key-of-the-page-0001'
const typed = {
  category: 'bicycles',
  formKey,
  title: 'Gravel bike 🚲',
  description: 'First line\r\nsecond <script>',
  priceKind: 'fixed',
  priceAmount: '1.250,50',
  currency: 'EUR',
  condition: 'good',
  'attr.gears': '22',
  'attr.type': '',
  placeQuery: 'Leipzig, Sachsen',
  placeLabel: 'Leipzig, Sachsen',
  ...Object.fromEntries(Object.entries(leipzig).map(([name, value]) => [name, String(value)])),
}

describe.each(runtimes)('pages in %s', runtime => {
  let edge: TestEdge
  let session: string
  beforeAll(async () => {
    edge = await startEdge(runtime)
    session = await edge.signers.eu.token()
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const signedIn = () => ({ cookie: `from=DE; session=${session}` })
  const signedOut = { cookie: 'from=DE' }
  const answers = (routes: Record<string, unknown>) =>
    edge.origins.eu.on(({ method, path }) => {
      const answer = routes[`${method} ${path}`] as { status?: unknown } | undefined
      return typeof answer?.status === 'number' ? (answer as { status: number }) : answer && { body: answer }
    })
  const done = (body: unknown, status = 200) => ({ status, body })

  describe('a post', () => {
    it('has one address; every other slug moves there for good', async () => {
      answers({ [`GET /api/v1/posts/${id}`]: post })
      for (const path of [
        `/p/${id}`,
        `/p/${id}/wrong`,
        `/p/${id}/gr%c3%bcnes-rad`,
        `/p/${id}/GRÜNES`.replace('Ü', '%C3%9C'),
      ]) {
        const reply = await edge.ask(`${path}?x=1`)
        expect([path, reply.status, reply.headers.location]).toEqual([path, 301, `${canonical}?x=1`])
      }
      const page = await edge.ask(canonical, { headers: signedOut })
      expect(page.status).toBe(200)
      expect(page.text).toContain('Text &lt;b')
    })

    it('is read with the token of its seller, and without one when that session has ended', async () => {
      answers({ [`GET /api/v1/posts/${id}`]: own })
      const mine = await edge.ask(canonical, { headers: signedIn() })
      expect(mine.text).toContain('This is yours')
      edge.origins.eu.on(({ headers }) => (headers.authorization ? problem(401, 'session_ended') : undefined))
      const after = await edge.ask(canonical, { headers: signedIn() })
      expect(after.status).toBe(200)
      expect(after.cookies.filter(text => text.includes('Max-Age=0'))).toHaveLength(2)
    })

    it('is 404, 410 or 503, each with a page', async () => {
      for (const [status, code] of [
        [404, 'post_not_found'],
        [410, 'post_gone'],
      ] as const) {
        answers({ [`GET /api/v1/posts/${id}`]: problem(status, code) })
        const reply = await edge.ask(canonical)
        expect([reply.status, reply.text.includes('<h1')]).toEqual([status, true])
      }
      edge.origins.eu.on(() => 'drop')
      const down = await edge.ask(canonical, { headers: { 'x-request-id': 'seen-on-the-page-1' } })
      expect([down.status, down.headers['retry-after']]).toEqual([503, '10'])
      expect(down.text).toContain('seen-on-the-page-1')
      expect((await edge.ask('/p/nonsense/x')).status).toBe(404)
    })
  })

  describe('lists', () => {
    it('turn amounts as typed, a city and a radius into a query', async () => {
      const query =
        'min=1.250,50&max=2000&currency=EUR&sort=price&radius=25&place=Leipzig&near=51.34,12.37&nearOf=Leipzig'
      expect((await edge.ask(`/c/bikes?${query}`, { headers: signedOut })).status).toBe(200)
      const asked = edge.origins.eu.recorded.find(({ path }) => path === '/api/v1/posts')
      expect(Object.fromEntries(asked?.query ?? [])).toEqual({
        category: 'bikes',
        minPrice: '125050',
        maxPrice: '200000',
        currency: 'EUR',
        sort: 'price',
        near: '51.34,12.37',
        radius: '25',
        region: 'eu',
        limit: '24',
      })
    })

    it('look a typed city up when the suggestion was for another one', async () => {
      answers({ 'GET /api/v1/places': { items: [leipzig] } })
      await edge.ask('/c?radius=25&place=Leipzig&near=1,1&nearOf=Berlin', { headers: signedOut })
      const asked = edge.origins.eu.recorded.find(({ path }) => path === '/api/v1/posts')
      expect(asked?.query.get('near')).toBe('51.34,12.37')
    })

    it('stand in the visitor’s country, or in the whole region', async () => {
      await edge.ask('/c', { headers: signedOut })
      expect(edge.origins.eu.recorded[0]?.query.get('country')).toBe('DE')
      edge.reset()
      await edge.ask('/c?radius=any', { headers: signedOut })
      const [asked] = edge.origins.eu.recorded
      expect([asked?.query.get('region'), asked?.query.get('country')]).toEqual(['eu', null])
    })

    it('compare prices in the currency of the listed place, whatever the reader’s own, and count what they list', async () => {
      const headers = { cookie: `${signedIn().cookie}; prefs=pt-BR.BRL` }
      for (const [query, currency] of [
        ['sort=price', 'EUR'],
        ['sort=-price&country=GB', 'GBP'],
        ['min=5&radius=25&place=Bern&near=46.95,7.45&nearOf=Bern', 'CHF'],
        ['max=5&currency=USD', 'USD'],
        ['', null],
      ]) {
        edge.reset()
        const reply = await edge.ask(`/c/vehicles?${query}`, { headers })
        expect(reply.status).toBe(200)
        const queryOf = (path: string) => {
          const asked = edge.origins.eu.recorded.find(each => each.path === path)
          const { limit: _, ...rest } = Object.fromEntries(asked?.query ?? [])
          return rest
        }
        expect(queryOf('/api/v1/posts').currency ?? null, query ?? '').toBe(currency)
        expect(queryOf('/api/v1/post-counts')).toEqual(queryOf('/api/v1/posts'))
      }
    })

    it('show the country’s newest where nothing is within the radius, and say so', async () => {
      edge.origins.eu.on(({ path, query }) => {
        return path === '/api/v1/posts' && query.has('country')
          ? { body: { items: [post], nextCursor: null } }
          : undefined
      })
      const reply = await edge.ask('/c/bikes?radius=50&max=2000', { headers: signedOut })
      expect(reply.text).toContain('Nothing within 50 km yet. Elsewhere in Germany:')
      expect(reply.text).toContain(post.title)
      const [, wider] = edge.origins.eu.recorded.filter(({ path }) => path === '/api/v1/posts')
      expect(Object.fromEntries(wider?.query ?? [])).toMatchObject({
        country: 'DE',
        category: 'bikes',
        maxPrice: '200000',
      })
      expect(wider?.query.has('near')).toBe(false)
    })

    it('state the amounts that apply in the reader’s way, and refuse what could be another', async () => {
      const chips = async (query: string, language: string) => {
        const reply = await edge.ask(`/c?${query}`, { headers: { ...signedOut, 'accept-language': language } })
        return [reply.status, /class="chip" href="[^"]*">([^<]*)/.exec(reply.text)?.[1]]
      }
      expect(await chips('min=1.234', 'de-DE')).toEqual([200, 'From 1.234\u00a0€'])
      expect(await chips('min=1.234,50', 'en-US')).toEqual([200, 'From €1,234.50'])
      expect(await chips('min=$5&currency=USD', 'en-US')).toEqual([200, 'From $5'])
      for (const unclear of ['min=1.234', 'min=1e3']) expect((await chips(unclear, 'en-US'))[0]).toBe(422)
    })

    it('say which filter they cannot read, and ask nobody', async () => {
      for (const [query, name] of [
        ['min=abc', 'min'],
        ['min=5&max=1', 'max'],
        ['radius=25&place=Nowhereville', 'place'],
      ]) {
        edge.reset()
        const reply = await edge.ask(`/c/bikes?${query}`, { headers: signedOut })
        expect([name, reply.status]).toEqual([name, 422])
        expect(edge.origins.eu.recorded.filter(({ path }) => path === '/api/v1/posts')).toEqual([])
      }
    })

    it('lead a dead cursor back to the list, a chosen category to its page, and an unknown one nowhere', async () => {
      answers({ 'GET /api/v1/posts': problem(400, 'invalid_cursor') })
      const dead = await edge.ask('/c/bikes?cursor=old&sort=oldest', { headers: signedOut })
      expect([dead.status, dead.headers.location]).toEqual([303, '/c/bikes?sort=oldest'])
      const chosen = await edge.ask('/c?category=bikes&radius=50')
      expect(chosen.headers.location).toBe('/c/bikes?radius=50')
      expect((await edge.ask('/c/nope')).status).toBe(404)
    })

    it('show the home page even when the region does not answer', async () => {
      edge.origins.eu.on(() => 'drop')
      const reply = await edge.ask('/', { headers: signedOut })
      expect(reply.status).toBe(200)
    })
  })

  describe('selling', () => {
    const send = (values: Record<string, string>, headers: Record<string, string> = signedIn()) =>
      edge.ask('/sell', formOf(edge.site, values, headers))

    it('creates under the key of the form, publishes, and shows the post', async () => {
      answers({
        'POST /api/v1/posts': done({ ...own, status: 'draft' }, 201),
        [`PUT /api/v1/posts/${id}/publication`]: own,
      })
      const reply = await send({ ...typed, intent: 'publish' })
      expect([reply.status, reply.headers.location]).toEqual([303, `${canonical}?done=published`])
      // A page that was answered without its region may still be asking for counts.
      const [created, published] = edge.origins.eu.recorded.filter(({ method }) => method !== 'GET')
      expect(created?.headers['idempotency-key']).toBe(formKey)
      expect(JSON.parse(created?.body ?? '')).toEqual({
        title: 'Gravel bike 🚲',
        description: 'First line\nsecond <script>',
        category: 'bicycles',
        price: { amount: 125_050, currency: 'EUR' },
        priceKind: 'fixed',
        condition: 'good',
        attributes: { gears: 22 },
        location: leipzig,
      })
      expect(published?.target).toBe(`/api/v1/posts/${id}/publication`)
    })

    it('keeps a draft, and goes on to its photos, with the form’s key', async () => {
      answers({ 'POST /api/v1/posts': done({ ...own, status: 'draft' }, 201) })
      expect((await send({ ...typed, intent: 'draft' })).headers.location).toBe('/me/posts?done=draft')
      const on = await send({ ...typed, intent: 'photos' })
      expect([on.status, on.headers.location]).toEqual([303, `/posts/${id}/photos?done=draft`])
      expect(edge.origins.eu.last()?.headers['idempotency-key']).toBe(formKey)
    })

    it.each(['publish', 'photos'])('loses nothing of what was typed, signed out: %s', async intent => {
      const reply = await send({ ...typed, intent }, signedOut)
      expect(reply.status).toBe(401)
      expectKept(reply.text)
      expect(reply.text).toMatch(/[Ss]ign in/)
    })

    it('names the fields that need another look, here and as the origin says', async () => {
      const here = await send({ ...typed, title: '', priceAmount: 'much', intent: 'publish' })
      expect(here.status).toBe(422)
      expect(here.text).toMatch(/href="#f-title"/)
      expect(here.text).toMatch(/href="#f-priceAmount"/)
      expect(edge.origins.eu.recorded.map(({ path }) => path)).toEqual(['/api/v1/me/unread'])
      const errors = [
        { field: 'location.city', message: 'lies elsewhere' },
        { field: 'attributes.gears', message: 'is odd' },
      ]
      answers({ 'POST /api/v1/posts': problem(422, 'invalid_input', { errors }) })
      const there = await send({ ...typed, intent: 'publish' })
      expect(there.text).toMatch(/href="#f-placeQuery"/)
      expect(there.text).toMatch(/href="#f-attr.gears"/)
      expectKept(there.text)
    })

    it('never publishes an amount that could be meant otherwise, and says what to write', async () => {
      const words = async (priceAmount: string, language: string) => {
        const reply = await send(
          { ...typed, priceAmount, intent: 'draft' },
          { ...signedIn(), 'accept-language': language },
        )
        return /id="h-priceAmount">([^<]*)/.exec(reply.text)?.[1]
      }
      expect(await words('1.234', 'en-US')).toBe('Amount is not clear: write 1234 or 1.23.')
      expect(await words('0.500', 'de-DE')).toBe('Amount must have at most 2 decimals.')
      expect(await words('much', 'en-US')).toBe('Amount must be an amount in EUR, such as 1250 or 12.50.')
      const gears = await send({ ...typed, 'attr.gears': 'many', intent: 'draft' })
      expect(gears.text).toContain('Gears must be a number.')
      expect(gears.text).not.toMatch(/expected|received/)
      answers({ 'POST /api/v1/posts': done({ ...own, status: 'draft' }, 201) })
      await send({ ...typed, priceAmount: '1.234', intent: 'draft' }, { ...signedIn(), 'accept-language': 'de-DE' })
      expect(JSON.parse(edge.origins.eu.last()?.body ?? '').price).toEqual({ amount: 123_400, currency: 'EUR' })
    })

    it('asks which city is meant, and settles one that is clear', async () => {
      const cities = [leipzig, { ...leipzig, country: 'US', subdivision: 'US-ND', lat: 46.5 }]
      answers({ 'GET /api/v1/places': { items: cities }, 'POST /api/v1/posts': done(own, 201) })
      const { city: _, country: __, subdivision: ___, lat: ____, lon: _____, ...rest } = typed as Record<string, string>
      const changed = { ...rest, placeQuery: 'Leipzig', intent: 'draft' }
      const which = await send(changed)
      expect(which.status).toBe(422)
      expect((await send({ ...changed, title: '', priceAmount: '1.234' })).text).toMatch(
        /#f-title.*#f-priceAmount.*#f-placeQuery/,
      )
      const choice = 'US|US-ND|Leipzig|46.5|12.37'
      expect(which.text).toContain(choice)
      await send({ ...changed, placeLabel: 'Leipzig', placeChoice: choice })
      expect(JSON.parse(edge.origins.eu.last()?.body ?? '').location).toMatchObject({ country: 'US', lat: 46.5 })
      await send({ ...changed, placeQuery: 'Leipzig, Germany' })
      expect(JSON.parse(edge.origins.eu.last()?.body ?? '').location).toEqual(leipzig)
    })

    it('keeps the key when nobody knows what became of the form, and takes a new one when it was refused', async () => {
      edge.origins.eu.on(() => 'drop')
      const lost = await send({ ...typed, intent: 'draft' })
      expect(lost.status).toBe(503)
      expectKept(lost.text)
      expect(lost.text).toContain(`value="${formKey}"`)
      edge.origins.eu.on(() => problem(422, 'idempotency_mismatch'))
      const refused = await send({ ...typed, intent: 'draft' })
      expect(refused.status).toBe(422)
      expect(refused.text).not.toContain(`value="${formKey}"`)
    })

    it('goes on as an edit of the draft when only publishing fails', async () => {
      answers({
        'POST /api/v1/posts': done({ ...own, ownStatus: 'draft', version: 1 }, 201),
        [`PUT /api/v1/posts/${id}/publication`]: problem(409, 'illegal_transition', { detail: 'Too many posts today' }),
      })
      const reply = await send({ ...typed, intent: 'publish' })
      expect(reply.status).toBe(409)
      expect(reply.text).toContain('Too many posts today')
      expect(reply.text).toContain(`action="/posts/${id}/edit"`)
      expectKept(reply.text)
    })

    function expectKept(html: string): void {
      for (const text of ['Gravel bike 🚲', 'second &lt;script>', '1.250,50', 'Leipzig, Sachsen'])
        expect(html).toContain(text)
    }
  })

  describe('editing', () => {
    const edited = { ...typed, version: '4', title: 'Cheaper now', intent: 'save' }
    const send = (values: Record<string, string>) =>
      edge.ask(`/posts/${id}/edit`, formOf(edge.site, values, signedIn()))

    it('sends the version that the form was made from', async () => {
      answers({ [`GET /api/v1/posts/${id}`]: own, [`PATCH /api/v1/posts/${id}`]: own })
      const form = await edge.ask(`/posts/${id}/edit`, { headers: signedIn() })
      expect(form.text).toMatch(/name="version" value="4"/)
      expect(form.text).toContain('1250.50')
      const reply = await send(edited)
      expect(reply.headers.location).toBe(`${canonical}?done=saved`)
      const patch = edge.origins.eu.recorded.find(({ method }) => method === 'PATCH')
      expect(patch?.headers['if-match']).toBe('"4"')
      expect(JSON.parse(patch?.body ?? '').title).toBe('Cheaper now')
    })

    it('goes on to the photos once the text is stored', async () => {
      answers({ [`GET /api/v1/posts/${id}`]: own, [`PATCH /api/v1/posts/${id}`]: own })
      const reply = await send({ ...edited, intent: 'photos' } as never)
      expect(reply.headers.location).toBe(`/posts/${id}/photos?done=saved`)
    })

    it('explains a lost race, keeps the text, and lets it be sent again', async () => {
      answers({
        [`GET /api/v1/posts/${id}`]: { ...own, version: 9 },
        [`PATCH /api/v1/posts/${id}`]: problem(412, 'precondition_failed'),
      })
      const reply = await send(edited)
      expect(reply.status).toBe(412)
      expect(reply.text).toContain('Cheaper now')
      expect(reply.text).toContain('changed somewhere else')
      expect(reply.text).toMatch(/name="version" value="9"/)
    })

    it('is for the seller: others are sent to sign in, refused, or find nothing', async () => {
      const out = await edge.ask(`/posts/${id}/edit`)
      expect(out.headers.location).toBe(`/sign-in?next=${encodeURIComponent(`/posts/${id}/edit`)}`)
      answers({ [`GET /api/v1/posts/${id}`]: post })
      expect((await edge.ask(`/posts/${id}/edit`, { headers: signedIn() })).status).toBe(403)
      expect((await edge.ask('/posts/nonsense/edit', { headers: signedIn() })).status).toBe(404)
    })
  })

  describe('buttons of a post', () => {
    const routes = {
      publish: ['PUT', 'publication', 'published'],
      withdraw: ['DELETE', 'publication', 'withdrawn'],
      reserve: ['PUT', 'reservation', 'reserved'],
      unreserve: ['DELETE', 'reservation', 'unreserved'],
      sell: ['PUT', 'sale', 'sold'],
      renew: ['POST', 'renewals', 'renewed'],
      restore: ['DELETE', 'removal', 'restored'],
      remove: ['PUT', 'removal', 'removed'],
    }
    it.each(Object.entries(routes))('%s', async (action, [method, resource, notice]) => {
      const form = formOf(edge.site, { next: '/me/posts?status=active', reason: 'Spam' }, signedIn())
      const reply = await edge.ask(`/posts/${id}/${action}`, form)
      expect([reply.status, reply.headers.location]).toEqual([303, `/me/posts?status=active&done=${notice}`])
      expect(edge.origins.eu.last()).toMatchObject({ method, path: `/api/v1/posts/${id}/${resource}`, verdict: 'ok' })
    })

    it('delete leads home, and never off the site', async () => {
      edge.origins.eu.on(({ method }) => (method === 'DELETE' ? { status: 204 } : undefined))
      const form = formOf(edge.site, { next: '//evil.example/' }, signedIn())
      expect((await edge.ask(`/posts/${id}/delete`, form)).headers.location).toBe('/me/posts?done=deleted')
    })

    it('refused moves show the seller’s posts and say why; signed out, one signs in first', async () => {
      edge.origins.eu.on(({ method }) =>
        method === 'PUT'
          ? problem(409, 'illegal_transition', { detail: 'status must be "draft", is "sold"' })
          : undefined,
      )
      const refused = await edge.ask(`/posts/${id}/publish`, formOf(edge.site, {}, signedIn()))
      expect(refused.status).toBe(409)
      expect(refused.text).toContain('must be &quot;draft&quot;')
      const out = await edge.ask(`/posts/${id}/publish`, formOf(edge.site, { next: '/me/posts' }))
      expect(out.headers.location).toBe('/sign-in?next=%2Fme%2Fposts')
    })
  })

  describe('accounts', () => {
    const send = (path: string, values: Record<string, string>, headers: Record<string, string> = signedOut) =>
      edge.ask(path, formOf(edge.site, values, headers))
    const account = {
      id: createId('eu'),
      email: 'maria@example.com',
      displayName: 'Maria',
      role: 'member',
      region: 'eu',
      country: 'DE',
      locale: 'de-DE',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      createdAt: instant,
      version: 1,
    }

    it('register leads to the mail, or back with what was typed but the password', async () => {
      const form = { email: 'new@example.com', password: 'correct horse battery', displayName: 'New', country: '' }
      edge.origins.eu.on(() => done({ next: 'verify' }, 202))
      const reply = await send('/register', form)
      expect([reply.status, reply.headers.location]).toEqual([303, '/verify'])
      expect(JSON.parse(edge.origins.eu.last()?.body ?? '')).not.toHaveProperty('country')
      const sent = await edge.ask('/verify', { headers: { cookie: reply.cookies[0]?.split(';')[0] ?? '' } })
      expect(sent.text).toContain('new@example.com')
      edge.origins.eu.on(() =>
        problem(422, 'invalid_input', { errors: [{ field: 'password', message: 'is a common one' }] }),
      )
      const refused = await send('/register', form)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('new@example.com')
      expect(refused.text).toContain('is a common one')
      expect(refused.text).not.toContain('correct horse battery')
    })

    it('verify acts on the button only, and says when a link is used up', async () => {
      const page = await edge.ask('/verify?token=eu_abc', { headers: signedOut })
      expect(page.text).toMatch(/name="token" value="eu_abc"/)
      expect(edge.origins.eu.recorded).toEqual([])
      edge.origins.eu.on(() => problem(422, 'invalid_or_used_token'))
      const used = await send('/verify', { token: 'eu_abc' })
      expect([used.status, used.text.includes('/verify/resend')]).toEqual([422, true])
      const grant = { accessToken: session, tokenType: 'Bearer', expiresIn: 600, refreshToken: 'eu_r', account }
      edge.origins.eu.on(() => done(grant, 201))
      const verified = await send('/verify', { token: 'eu_abc' })
      expect(verified.headers.location).toBe('/?done=verified')
      expect(verified.cookies.map(text => text.split('=')[0])).toEqual(['session', 'refresh', 'prefs'])
    })

    it.each([
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/me',
      '/.//evil.example',
      '/%0d%0aset-cookie:%20a=b',
    ])('sign-in never leads off the site: next=%s', async next => {
      const grant = { accessToken: session, tokenType: 'Bearer', expiresIn: 600, refreshToken: 'eu_r', account }
      edge.origins.eu.on(({ path }) => (path === '/api/v1/sessions' ? done(grant, 201) : undefined))
      const reply = await send('/sign-in', { email: 'maria@example.com', password: 'x', next })
      const to = new URL(reply.headers.location ?? '', edge.site)
      expect([reply.status, to.origin]).toEqual([303, edge.site])
      expect(reply.cookies.some(text => text.startsWith('a='))).toBe(false)
      const already = await edge.ask(`/sign-in?next=${encodeURIComponent(next)}`, { headers: signedIn() })
      expect(new URL(already.headers.location ?? '', edge.site).origin).toBe(edge.site)
    })

    it('forgot and reset', async () => {
      edge.origins.eu.on(({ path }) => (path.endsWith('completion') ? { status: 204 } : done({}, 202)))
      expect((await send('/forgot', { email: 'a@example.com' })).headers.location).toBe('/forgot?sent')
      const page = await edge.ask('/reset?token=eu_t')
      expect(page.text).toMatch(/name="token" value="eu_t"/)
      const reset = await send('/reset', { token: 'eu_t', password: 'another good password' })
      expect(reset.headers.location).toBe('/sign-in?done=password-reset')
    })

    it('the account page changes what its buttons say', async () => {
      answers({
        'GET /api/v1/accounts/me': account,
        'GET /api/v1/accounts/me/exports': { items: [], nextFrom: null },
        'GET /api/v1/sessions': { items: [] },
        'PATCH /api/v1/accounts/me': { ...account, locale: 'fr-FR' },
        'PUT /api/v1/accounts/me/password': problem(401, 'invalid_credentials'),
        'DELETE /api/v1/sessions': { status: 204 },
        'DELETE /api/v1/accounts/me': done({}, 202),
      })
      expect((await edge.ask('/me', { headers: signedIn() })).text).toContain('maria@example.com')
      const profile = {
        intent: 'profile',
        displayName: 'M',
        locale: 'fr-FR',
        timeZone: 'Europe/Paris',
        currency: 'EUR',
      }
      const saved = await send('/me', profile, signedIn())
      expect(saved.headers.location).toBe('/me?done=profile')
      expect(saved.cookies[0]).toContain('fr-FR.EUR')
      const wrong = await send('/me', { intent: 'password', currentPassword: 'a', password: 'b' }, signedIn())
      expect([wrong.status, wrong.cookies]).toEqual([401, []])
      const everywhere = await send('/me', { intent: 'end-sessions' }, signedIn())
      expect(everywhere.headers.location).toBe('/sign-in?done=sessions-ended')
      const deleted = await send('/me', { intent: 'delete', password: 'a' }, signedIn())
      expect(deleted.headers.location).toBe('/?done=account-deleted')
      expect((await send('/me', { intent: 'nonsense' }, signedIn())).status).toBe(400)
    })

    it('a deletion that a sign-in takes back is said, on the page with the posts', async () => {
      const tokens = { accessToken: session, tokenType: 'Bearer', expiresIn: 600, refreshToken: 'eu_r' }
      const grant = { ...tokens, account, restored: true }
      edge.origins.eu.on(({ path }) => (path === '/api/v1/sessions' ? done(grant, 201) : undefined))
      const reply = await send('/sign-in', { email: 'a@example.com', password: 'x', next: '/sell' })
      expect(reply.headers.location).toBe('/me/posts?done=account-restored')
    })

    it('the account page asks for a copy of one’s data and hands it out', async () => {
      const items = [{ id: 'eu_1', state: 'ready', requestedAt: instant, expiresAt: instant, bytes: 5 }]
      answers({
        'GET /api/v1/accounts/me': account,
        'GET /api/v1/accounts/me/exports': { items, nextFrom: instant },
        'GET /api/v1/sessions': { items: [] },
        'POST /api/v1/accounts/me/exports': problem(409, 'exported_recently', { detail: 'Ask again tomorrow' }),
        'GET /api/v1/accounts/me/exports/eu_1/archive': {
          status: 200,
          headers: { 'content-type': 'application/zip', 'content-disposition': 'attachment; filename="a.zip"' },
          body: 'PK...',
        },
        'GET /api/v1/accounts/me/exports/eu_2/archive': problem(404, 'export_not_found'),
      })
      expect((await edge.ask('/me', { headers: signedIn() })).text).toContain('href="/me/exports/eu_1/archive"')
      const again = await send('/me', { intent: 'export' }, signedIn())
      expect([again.status, again.text.includes('Ask again tomorrow')]).toEqual([409, true])
      for (const path of ['/me/exports/eu_1/archive', '/api/v1/accounts/me/exports/eu_1/archive']) {
        const file = await edge.ask(path, { headers: signedIn() })
        expect([file.status, file.text, file.headers['content-type']]).toEqual([200, 'PK...', 'application/zip'])
        expect(file.headers['content-disposition']).toBe('attachment; filename="a.zip"')
        expect(file.headers['cache-control']).toBe('private, no-store')
      }
      expect((await edge.ask('/me/exports/eu_2/archive', { headers: signedIn() })).status).toBe(404)
      const stranger = await edge.ask('/me/exports/eu_1/archive')
      expect(stranger.headers.location).toMatch(/^\/sign-in\?next=/)
    })
  })

  it('speak the reader’s language of numbers, from a closed list', async () => {
    answers({ [`GET /api/v1/posts/${id}`]: post })
    const german = await edge.ask(canonical, { headers: { ...signedOut, 'accept-language': 'de, en;q=0.5' } })
    expect(german.text).toContain('1.250,50')
    const british = await edge.ask(canonical, { headers: { ...signedOut, 'accept-language': 'en-GB' } })
    expect(british.text).toContain('1,250.50')
  })

  it('forms refuse what is no form, and keep what was typed when all else fails', async () => {
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect((await edge.ask('/sign-in', json)).status).toBe(415)
    const multipart = { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }
    expect((await edge.ask('/register', multipart)).status).toBe(415)
    const huge = formOf(edge.site, { description: 'x'.repeat(1_100_000) }, signedIn())
    expect((await edge.ask('/sell', huge)).status).toBe(413)
  })
})
