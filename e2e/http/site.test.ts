import { beforeAll, describe, expect, inject, it } from 'vitest'
import { linkIn, waitForMail } from '../mail.ts'
import { createVisitor, hiddenField, type Visitor } from './browser-like.ts'

const { site, mail, logins } = inject('stack')
const password = 'correct horse battery staple'
let made = 0
const newAddress = (name: string) => `${name}-${process.pid}-${made++}-${Date.now()}@example.com`

/** Registers by the forms, follows the mail's link and presses its button. */
async function register(from: string, displayName: string): Promise<{ visitor: Visitor; email: string }> {
  const visitor = createVisitor(site)
  const email = newAddress('http')
  await visitor.get(`/?from=${from}`)
  const sent = await visitor.post('/register', { email, password, displayName, country: '' })
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/verify'])
  const { text } = await waitForMail(mail, email, /./)
  const link = new URL(linkIn(text, '/verify'))
  const page = await visitor.get(link.pathname + link.search)
  const verified = await visitor.post('/verify', { token: hiddenField(page, 'token') })
  expect([verified.status, verified.headers.get('location')]).toEqual([303, '/?done=verified'])
  return { visitor, email }
}

/** Fills the sell form in as a person without JavaScript does, and publishes. */
async function publish(visitor: Visitor, values: Record<string, string>): Promise<string> {
  const form = await visitor.get(`/sell?category=${values.category}`)
  const filled = { formKey: hiddenField(form, 'formKey'), priceKind: 'fixed', intent: 'publish', ...values }
  const reply = await visitor.post('/sell', filled)
  expect(reply.status, reply.text.replace(/<[^>]+>/g, ' ').slice(0, 500)).toBe(303)
  return reply.headers.get('location') ?? ''
}

describe('without JavaScript, from the form through the edge to Postgres and back', () => {
  const description = 'First line\nSecond: ünïcode, 日本語, עברית, 👩‍👩‍👧, <b>&amp;</b>'
  let seller: Visitor
  let path: string
  let id: string

  beforeAll(async () => {
    ;({ visitor: seller } = await register('DE', 'Zoë'))
    const bike = { category: 'bicycles', title: 'Gravel bike — 54 cm', description, condition: 'good' }
    path = await publish(seller, { ...bike, priceAmount: '1.250,50', currency: 'EUR', placeQuery: 'Leipzig' })
    id = path.split('/')[2] ?? ''
  })

  it('a post lives in the seller’s region and is read by everybody, code point for code point', async () => {
    expect(id).toMatch(/^eu_/)
    const reader = createVisitor(site)
    const page = await reader.get(path)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Gravel bike — 54 cm')
    const read = await reader.get(`/api/v1/posts/${id}`)
    expect(JSON.parse(read.text)).toMatchObject({ description, price: { amount: 125_050, currency: 'EUR' } })
    const list = await reader.get('/c/bicycles?from=DE&min=1250&max=1251&radius=25&place=Leipzig')
    expect(list.text).toContain(id)
  })

  it('is edited against its version, and a lost race keeps the text', async () => {
    const form = await seller.get(`/posts/${id}/edit`)
    const hidden = ['version', 'placeLabel', 'city', 'country', 'subdivision', 'lat', 'lon', 'formKey']
    const values: Record<string, string> = {
      ...Object.fromEntries(hidden.map(name => [name, hiddenField(form, name)])),
      category: 'bicycles',
      title: 'Gravel bike, now cheaper',
      description,
      priceKind: 'negotiable',
      priceAmount: '990',
      currency: 'EUR',
      intent: 'save',
    }
    values.placeQuery = values.placeLabel ?? ''
    const saved = await seller.post(`/posts/${id}/edit`, values)
    expect(saved.status).toBe(303)
    const stale = await seller.post(`/posts/${id}/edit`, { ...values, title: 'Written at the same time' })
    expect(stale.status).toBe(412)
    expect(stale.text).toContain('Written at the same time')
    expect(Number(hiddenField(stale, 'version'))).toBeGreaterThan(Number(values.version))
  })

  it('goes through its states by buttons, and is gone at once when deleted', async () => {
    for (const [action, notice] of [
      ['reserve', 'reserved'],
      ['unreserve', 'unreserved'],
      ['withdraw', 'withdrawn'],
      ['publish', 'published'],
      ['sell', 'sold'],
    ] as const) {
      const reply = await seller.post(`/posts/${id}/${action}`, { next: '/me/posts' })
      expect([action, reply.status, reply.headers.get('location')]).toEqual([action, 303, `/me/posts?done=${notice}`])
    }
    const refused = await seller.post(`/posts/${id}/publish`, { next: '/me/posts' })
    expect(refused.status).toBe(409)
    expect((await seller.post(`/posts/${id}/delete`, {})).status).toBe(303)
    expect((await createVisitor(site).get(path)).status).toBe(410)
  })

  it('another seller can neither see the edit form nor press the buttons', async () => {
    const { visitor: other } = await register('DE', 'Other')
    const mine = await publish(seller, {
      category: 'sofas',
      title: 'Sofa of the seller',
      priceAmount: '10',
      currency: 'EUR',
      placeQuery: 'Leipzig',
    })
    const sofa = mine.split('/')[2]
    expect((await other.get(`/posts/${sofa}/edit`)).status).toBe(403)
    for (const action of ['reserve', 'sell', 'withdraw', 'delete', 'renew']) {
      const reply = await other.post(`/posts/${sofa}/${action}`, { next: '/' })
      expect([action, reply.status]).toEqual([action, 403])
    }
    const session = other.jar.get('session')
    const other2 = await other.send(`/api/v1/posts/${sofa}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${session}` },
    })
    expect(other2.status).toBe(403)
  })

  it('signs out everywhere at once', async () => {
    const { visitor, email } = await register('JP', 'Kenji')
    const token = visitor.jar.get('session') ?? ''
    const second = createVisitor(site)
    await second.post('/sign-in', { email: email.toUpperCase(), password })
    expect((await second.get('/me')).status).toBe(200)
    await visitor.post('/me', { intent: 'end-sessions' })
    expect((await second.get('/me')).headers.get('location')).toBe('/sign-in?next=%2Fme')
    const api = await fetch(`${site}/api/v1/accounts/me`, { headers: { authorization: `Bearer ${token}` } })
    expect([api.status, ((await api.json()) as { code: string }).code]).toEqual([401, 'session_ended'])
  })
})

describe('an address', () => {
  const times = async (email: string, count: number, path: string, body: object = {}) => {
    const all: number[] = []
    for (let i = 0; i < count; i++) {
      const started = performance.now()
      await fetch(`${site}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: 'not the password', displayName: 'X', ...body }),
      }).then(reply => reply.text())
      all.push(performance.now() - started)
    }
    return all.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0
  }

  it('is not told by status, body or time: known, unknown and unverified sign in alike', async () => {
    const known = logins[0]?.email ?? (await register('FR', 'Known')).email
    const unverified = newAddress('unverified')
    const post = (path: string, body: object) =>
      fetch(`${site}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': 'the-same-for-both-1' },
        body: JSON.stringify(body),
      })
    const answers = async (email: string) => {
      const register = await post('/accounts', { email, password, displayName: 'Somebody' })
      const signIn = await post('/sessions', { email, password: 'not the password' })
      const reset = await post('/password-resets', { email })
      const resend = await post('/accounts/verification-mails', { email })
      return Promise.all([register, signIn, reset, resend].map(async reply => [reply.status, await reply.text()]))
    }
    const [first, second, third] = [
      await answers(known),
      await answers(newAddress('unknown')),
      await answers(unverified),
    ]
    expect(second).toEqual(first)
    expect(third).toEqual(first)
    const right = await post('/sessions', { email: unverified, password })
    expect(right.status).toBe(401)
    const [a, b] = await Promise.all([times(known, 7, '/sessions'), times(newAddress('nobody'), 7, '/sessions')])
    expect(Math.min(a, b)).toBeGreaterThanOrEqual(480)
    expect(Math.abs(a - b)).toBeLessThan(60)
  })
})

describe('the origins', () => {
  const { origins } = inject('stack')

  it('answer nobody but the edge', async () => {
    for (const [region, origin] of Object.entries(origins)) {
      for (const path of ['/api/v1/posts', '/api/v1/categories', '/']) {
        const reply = await fetch(origin + path, {
          headers: { 'edge-region': region, 'edge-signature': 'v1;t=1;d=-;s=00' },
        })
        expect([path, reply.status]).toEqual([path, path === '/' ? 404 : 401])
      }
    }
  })
})

describe('standing somewhere', () => {
  it('is remembered, changes region and money, and is undone', async () => {
    const visitor = createVisitor(site)
    const brazil = await visitor.get('/?from=BR:Sao%20Paulo')
    expect(brazil.text).toContain('São Paulo')
    expect((await visitor.get('/')).text).toContain('São Paulo')
    const switched = await visitor.get('/from?from=JP&next=/c/bikes')
    expect([switched.status, switched.headers.get('location')]).toEqual([303, '/c/bikes'])
    expect((await visitor.get('/')).text).toContain('Tokyo')
    await visitor.get('/?from=')
    expect(visitor.jar.has('from')).toBe(false)
  })
})
