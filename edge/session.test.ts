import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import type { Region } from '../shared/regions.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'
import { claimsOf, createSigner, type Signer } from './testing/tokens.ts'

const account = { id: 'eu_1', displayName: 'Maria', locale: 'de-DE', currency: 'EUR', role: 'member', region: 'eu' }

/** Every way that we know of to make a token that must not pass; each is refused at the edge. */
const forgeries: Record<string, (signer: Signer, others: Record<Region, Signer>) => Promise<string> | string> = {
  'no token': () => '',
  'no signature at all': () => new UnsecuredJWT(claimsOf('eu')).encode(),
  'alg none with a signature': async s => withHeader(await s.token(), { alg: 'none', kid: s.kid, typ: 'at+jwt' }),
  'HS256 keyed by the public key': s => hmacToken(s, 'HS256', JSON.stringify(s.keySet.keys[0])),
  'HS512 keyed by the key id': s => hmacToken(s, 'HS512', s.kid),
  'alg named in lower case': async s => withHeader(await s.token(), { alg: 'es256', kid: s.kid, typ: 'at+jwt' }),
  'ES384 header': async s => withHeader(await s.token(), { alg: 'ES384', kid: s.kid, typ: 'at+jwt' }),
  'a key embedded in the header': async s => {
    const mine = await createSigner('eu', s.kid)
    return mine.token({}, { jwk: mine.keySet.keys[0] })
  },
  'a key address in the header': s => s.token({}, { jku: 'https://evil.example/jwks.json' }),
  'a certificate address in the header': s => s.token({}, { x5u: 'https://evil.example/cert.pem' }),
  'a critical extension': async s =>
    withHeader(await s.token(), { alg: 'ES256', kid: s.kid, typ: 'at+jwt', crit: ['x'], x: 1 }),
  'unencoded payload (b64 false)': async s =>
    withHeader(await s.token(), { alg: 'ES256', kid: s.kid, typ: 'at+jwt', b64: false, crit: ['b64'] }),
  'no key id': async s => withHeader(await s.token(), { alg: 'ES256', typ: 'at+jwt' }),
  'an unknown key id': s => s.token({}, { kid: 'eu-9' }),
  'a path as key id': s => s.token({}, { kid: '../../etc/passwd' }),
  'another key under our key id': async s => (await createSigner('eu', s.kid)).token(),
  'another region as issuer': s => s.token({ iss: 'na', sub: claimsOf('na').sub as string }),
  'signed by another region in our name': (_, { na }) => na.token({ iss: 'eu', sub: claimsOf('eu').sub as string }),
  'an issuer that is no region': s => s.token({ iss: 'us' }),
  'an issuer from the prototype': s => s.token({ iss: '__proto__' }),
  'a list of issuers': s => s.token({ iss: ['eu'] as unknown as string }),
  'a subject of another region': s => s.token({ sub: claimsOf('na').sub as string }),
  'another audience': s => s.token({ aud: 'other' }),
  'an audience among others': s => s.token({ aud: ['classifyhub', 'other'] }),
  'expired by one second': s => s.token({ exp: Math.floor(Date.now() / 1000) - 1 }),
  'no expiry': s => signed(s, ({ exp: _, ...claims }) => claims),
  'expiry as text': s => s.token({ exp: '9999999999' as unknown as number }),
  'issued in the future': s => s.token({ iat: Math.floor(Date.now() / 1000) + 60 }),
  'not valid yet': s => s.token({ nbf: Math.floor(Date.now() / 1000) + 60 }),
  'no session id': s => signed(s, ({ sid: _, ...claims }) => claims),
  'a role that is none': s => s.token({ role: 'root' }),
  'an id token': s => s.token({}, { typ: 'JWT' }),
  'no type': async s => withHeader(await s.token(), { alg: 'ES256', kid: s.kid }),
  'white space in the signature': async s => (await s.token()).replace(/\.([^.]+)$/, '. $1'),
  'a line break at the end': async s => `${await s.token()}%0A`,
  padding: async s => `${await s.token()}==`,
  'the alphabet of plain base64': async s => `${(await s.token()).slice(0, -3)}+/+`,
  'stray bits at the end': async s => strayBits(await s.token()),
  'a signature of zeros': async s => (await s.token()).replace(/[^.]+$/, 'A'.repeat(86)),
  'a signature in DER': async s => (await s.token()).replace(/[^.]+$/, 'MEUCIQ'.padEnd(96, 'A')),
  'an empty signature': async s => (await s.token()).replace(/[^.]+$/, ''),
  'a payload changed after signing': async s => withPayload(await s.token(), { ...claimsOf('eu'), role: 'operator' }),
  'two parts': async s => (await s.token()).split('.').slice(0, 2).join('.'),
  'five parts, as an encrypted one has': async s => `${await s.token()}.AAAA.AAAA`,
  'JSON instead of compact form': async s => JSON.stringify({ token: await s.token() }).replaceAll('"', ''),
  'ten kilobytes': s => s.token({ name: 'x'.repeat(10_000) }),
}

describe.each(runtimes)('sessions in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const cookie = (pairs: Record<string, string>) => ({
    cookie: Object.entries({ from: 'DE', ...pairs })
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
  })

  describe('Bearer', () => {
    it.each(Object.keys(forgeries))('refuses %s before any origin is asked', async name => {
      const token = await forgeries[name]?.(edge.signers.eu, edge.signers)
      const headers = { authorization: `Bearer ${token}` }
      const reply = await edge.ask('/api/v1/me/posts', { headers })
      expect(reply.status).toBe(401)
      expect(reply.json()).toMatchObject({ code: 'invalid_token' })
      expect(reply.headers['www-authenticate']).toMatch(/^Bearer/)
      expect(edge.origins.eu.recorded).toEqual([])
      expect(edge.origins.na.recorded).toEqual([])
    })

    it('takes a good token of each region and forwards exactly that', async () => {
      for (const region of ['na', 'eu', 'ap'] as const) {
        const token = await edge.signers[region].token()
        const reply = await edge.ask('/api/v1/accounts/me', { headers: { authorization: `bearer ${token}` } })
        expect(reply.status).toBe(200)
        expect(edge.origins[region].last()?.headers.authorization).toBe(`Bearer ${token}`)
      }
    })

    it('refuses other schemes, doubled headers, and none at all', async () => {
      const token = await edge.signers.eu.token()
      for (const authorization of ['Basic bWU6aXQ=', `Token ${token}`, token, `Bearer ${token}, Bearer ${token}`]) {
        expect((await edge.ask('/api/v1/me/posts', { headers: { authorization } })).status).toBe(401)
      }
      const none = await edge.ask('/api/v1/me/posts')
      expect([none.status, (none.json() as { code: string }).code]).toEqual([401, 'unauthenticated'])
    })

    it('refuses a bad token where one is optional, and forwards none where none is wanted', async () => {
      const id = claimsOf('eu').sub
      const bad = await edge.ask(`/api/v1/posts/${id}`, { headers: { authorization: 'Bearer bad' } })
      expect(bad.status).toBe(401)
      await edge.ask('/api/v1/categories', { headers: { authorization: `Bearer ${await edge.signers.eu.token()}` } })
      expect(edge.origins.na.last()?.headers.authorization).toBeUndefined()
    })
  })

  describe('cookies', () => {
    const grant = async (signer: Signer) => ({
      status: 200,
      body: {
        accessToken: await signer.token(),
        tokenType: 'Bearer',
        expiresIn: 600,
        refreshToken: 'eu_next',
        account,
      },
    })

    it('are set by signing in, for the host only, out of reach of scripts', async () => {
      const answer = await grant(edge.signers.eu)
      edge.origins.eu.on(({ path }) => (path === '/api/v1/sessions' ? { ...answer, status: 201 } : undefined))
      const reply = await edge.ask(
        '/sign-in?from=DE',
        formOf(edge.site, { email: 'a@example.com', password: 'x', next: '/me' }),
      )
      expect([reply.status, reply.headers.location]).toEqual([303, '/me'])
      const session = reply.cookies.find(text => text.startsWith('session='))
      expect(session).toMatch(/; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(reply.cookies.find(text => text.startsWith('refresh=eu_next'))).toMatch(
        /Max-Age=7776000; Path=\/; HttpOnly/,
      )
      expect(reply.cookies.find(text => text.startsWith('prefs='))).toContain('de-DE.EUR')
      expect(reply.cookies.join()).not.toContain('Domain')
    })

    it('sign in a page and an island of the same site', async () => {
      const session = await edge.signers.eu.token()
      const page = await edge.ask('/', { headers: cookie({ session }) })
      expect(page.text).toContain('Maria')
      await edge.ask('/api/v1/me/posts', { headers: cookie({ session }) })
      expect(edge.origins.eu.last()?.headers.authorization).toBe(`Bearer ${session}`)
    })

    it('are renewed quietly, once for a request, when the access token has expired', async () => {
      const expired = await edge.signers.eu.token({ exp: Math.floor(Date.now() / 1000) + 5 })
      const answer = await grant(edge.signers.eu)
      edge.origins.eu.on(({ path }) => (path === '/api/v1/sessions/refresh' ? answer : undefined))
      for (const session of [{ session: expired }, { session: 'garbage' }, {}] as Record<string, string>[]) {
        edge.origins.eu.recorded.length = 0
        const reply = await edge.ask('/me/posts', { headers: cookie({ ...session, refresh: 'eu_old' }) })
        expect(reply.status).toBe(200)
        const refreshes = edge.origins.eu.recorded.filter(({ path }) => path === '/api/v1/sessions/refresh')
        expect(refreshes.map(({ body }) => body)).toEqual(['{"refreshToken":"eu_old"}'])
        expect(reply.cookies.find(text => text.startsWith('refresh=eu_next'))).toBeDefined()
        expect(edge.origins.eu.last()?.headers.authorization).toBe(`Bearer ${answer.body.accessToken}`)
      }
    })

    it('are dropped when the refresh token is refused, and kept when the region does not answer', async () => {
      edge.origins.eu.on(() => problem(401, 'invalid_refresh_token'))
      const refused = await edge.ask('/me', { headers: cookie({ refresh: 'eu_old' }) })
      expect([refused.status, refused.headers.location]).toEqual([303, '/sign-in?next=%2Fme'])
      expect(refused.cookies.filter(text => /^(session|refresh)=; Max-Age=0/.test(text))).toHaveLength(2)
      edge.origins.eu.on(() => 'drop')
      const down = await edge.ask('/me', { headers: cookie({ refresh: 'eu_old' }) })
      expect([down.status, down.cookies]).toEqual([503, []])
      expect((await edge.ask('/register', { headers: cookie({ refresh: 'eu_old' }) })).status).toBe(200)
    })

    it('are dropped when the origin says that the session has ended', async () => {
      edge.origins.eu.on(() => problem(401, 'session_ended'))
      const reply = await edge.ask('/me/posts', { headers: cookie({ session: await edge.signers.eu.token() }) })
      expect([reply.status, reply.headers.location]).toEqual([303, '/sign-in?next=%2Fme%2Fposts'])
      expect(reply.cookies.filter(text => text.includes('Max-Age=0'))).toHaveLength(2)
    })

    it('are dropped by signing out, the region answering or not', async () => {
      edge.origins.eu.on(() => 'drop')
      const session = await edge.signers.eu.token()
      const reply = await edge.ask('/sign-out', formOf(edge.site, {}, cookie({ session })))
      expect([reply.status, reply.headers.location]).toEqual([303, '/?done=signed-out'])
      expect(reply.cookies.filter(text => text.includes('Max-Age=0'))).toHaveLength(2)
      expect(edge.origins.eu.last()).toMatchObject({ method: 'DELETE', path: '/api/v1/sessions/current' })
    })
  })

  describe('that were ended', () => {
    it('are refused at the edge within 5 s, Bearer or cookie, and no others', async () => {
      const [sid, other] = [createId('eu'), createId('eu')]
      const [ended, living] = [await edge.signers.eu.token({ sid }), await edge.signers.eu.token({ sid: other })]
      const ask = (token: string) => edge.ask('/api/v1/me/posts', { headers: { authorization: `Bearer ${token}` } })
      expect([(await ask(ended)).status, (await ask(living)).status]).toEqual([200, 200])
      await edge.redis.purge({ sessions: [sid] })
      await expect.poll(async () => (await ask(ended)).status, { timeout: 10_000, interval: 200 }).toBe(401)
      const refused = await ask(ended)
      expect(refused.json()).toMatchObject({ code: 'session_ended' })
      expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
      edge.reset()
      const page = await edge.ask('/me/posts', { headers: cookie({ session: ended }) })
      expect([page.status, page.headers.location]).toEqual([303, '/sign-in?next=%2Fme%2Fposts'])
      expect(page.cookies.filter(text => text.includes('Max-Age=0'))).toHaveLength(2)
      const island = await edge.ask('/api/v1/me/posts', { headers: cookie({ session: ended }) })
      expect(island.status).toBe(401)
      expect(edge.origins.eu.recorded).toEqual([])
      expect((await ask(living)).status).toBe(200)
      edge.redis.block(true)
      const unknown = await edge.signers.eu.token({ sid: createId('eu') })
      expect((await ask(unknown)).status).toBe(200)
      edge.redis.block(false)
    })

    it('ask to be renewed where the browser has what it takes, and end when that is refused', async () => {
      const sid = createId('eu')
      const session = await edge.signers.eu.token({ sid })
      await edge.redis.purge({ sessions: [sid] })
      edge.origins.eu.on(({ path }) =>
        path === '/api/v1/sessions/refresh' ? problem(401, 'invalid_refresh_token') : undefined,
      )
      const ask = () => edge.ask('/me/posts', { headers: cookie({ session, refresh: 'eu_old' }) })
      await expect.poll(async () => (await ask()).status, { timeout: 10_000, interval: 200 }).toBe(303)
      expect(edge.origins.eu.last()?.path).toBe('/api/v1/sessions/refresh')
    })
  })

  describe('requests of other sites', () => {
    const hostile = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ]
    const forms = [
      '/sign-in',
      '/register',
      '/sign-out',
      '/verify',
      '/verify/resend',
      '/forgot',
      '/reset',
      '/me',
      '/sell',
    ]
    const postForms = [
      'publish',
      'withdraw',
      'reserve',
      'unreserve',
      'sell',
      'renew',
      'delete',
      'remove',
      'restore',
      'edit',
      'photos',
    ]

    it.each(hostile)('cannot send any of our forms: %j', async headers => {
      const session = await edge.signers.eu.token()
      const id = claimsOf('eu').sub
      for (const path of [...forms, '/from', ...postForms.map(action => `/posts/${id}/${action}`)]) {
        const form = formOf(edge.site, { a: 'b' })
        const sent = { 'content-type': 'application/x-www-form-urlencoded', ...cookie({ session }), ...headers }
        const reply = await edge.ask(path, { ...form, headers: sent })
        expect([path, reply.status]).toEqual([path, 403])
        expect(reply.text).toContain('<html')
      }
      expect(edge.origins.eu.recorded).toEqual([])
    })

    it.each(hostile)('cannot use our cookies at the API: %j', async headers => {
      const session = await edge.signers.eu.token()
      const id = claimsOf('eu').sub
      const sent = { ...cookie({ session }), ...headers }
      const reply = await edge.ask(`/api/v1/posts/${id}/publication`, { method: 'PUT', headers: sent })
      expect([reply.status, (reply.json() as { code: string }).code]).toEqual([403, 'cross_site_request'])
      expect(edge.origins.eu.recorded).toEqual([])
      const authorization = `Bearer ${session}`
      const bearer = await edge.ask(`/api/v1/posts/${id}/publication`, {
        method: 'PUT',
        headers: { ...headers, authorization },
      })
      expect(bearer.status).toBe(200)
    })

    it('are no danger when no browser sends them', async () => {
      edge.origins.na.on(({ path }) => (path === '/api/v1/sessions' ? problem(401, 'invalid_credentials') : undefined))
      const { body } = formOf(edge.site, { email: 'a@example.com', password: 'x' })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await edge.ask('/sign-in', { method: 'POST', body: String(body), headers })).status).toBe(401)
    })
  })
})

describe.each(runtimes)('public keys in %s', runtime => {
  it('are fetched once for many, and nobody waits for a fetch that died with its request', async () => {
    const edge = await startEdge(runtime)
    try {
      const authorization = `Bearer ${await edge.signers.eu.token()}`
      const ask = () => edge.ask('/api/v1/me/posts', { headers: { authorization } })
      edge.origins.eu.holdKeys(true)
      const gone = new AbortController()
      const first = fetch(`${edge.site}/api/v1/me/posts`, { headers: { authorization }, signal: gone.signal })
      first.catch(() => {})
      await expect.poll(() => edge.origins.eu.keysAsked()).toBe(1)
      const waiting = [ask(), ask(), ask()]
      gone.abort()
      edge.origins.eu.holdKeys(false)
      const statuses = (await Promise.all(waiting)).map(({ status }) => status)
      // Those that waited for the lost fetch may be told to come back; whoever asks next is served.
      expect(statuses.every(status => status === 200 || status === 503)).toBe(true)
      expect((await ask()).status).toBe(200)
      const asked = edge.origins.eu.keysAsked()
      await Promise.all(Array.from({ length: 10 }, ask))
      expect(edge.origins.eu.keysAsked()).toBe(asked)
    } finally {
      await edge.stop()
    }
  })

  it('of a region that is down make 503, not 401, and good tokens go on while they are known', async () => {
    const edge = await startEdge(runtime, { ORIGIN_AP: 'http://127.0.0.1:9' })
    try {
      const headers = async (signer: Signer) => ({ authorization: `Bearer ${await signer.token()}` })
      const unknown = await edge.ask('/api/v1/me/posts', { headers: await headers(edge.signers.ap) })
      expect([unknown.status, (unknown.json() as { code: string }).code]).toEqual([503, 'region_unavailable'])
      expect((await edge.ask('/api/v1/me/posts', { headers: await headers(edge.signers.eu) })).status).toBe(200)
      edge.origins.eu.holdKeys(true)
      expect((await edge.ask('/api/v1/me/posts', { headers: await headers(edge.signers.eu) })).status).toBe(200)
    } finally {
      await edge.stop()
    }
  })
})

describe.each(runtimes)('a site in production, in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime, { SITE_URL: 'https://site.test', LOCAL_GEO: '' })
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())

  it('keeps its cookies under __Host- with Secure, and knows no others', async () => {
    const body = {
      accessToken: await edge.signers.na.token(),
      tokenType: 'Bearer',
      expiresIn: 600,
      refreshToken: 'na_n',
      account,
    }
    edge.origins.na.on(({ path }) => (path === '/api/v1/sessions' ? { status: 201, body } : undefined))
    const reply = await edge.ask('/sign-in', formOf('https://site.test', { email: 'a@example.com', password: 'x' }))
    const [session = '', refresh = ''] = reply.cookies
    expect(session).toMatch(/^__Host-session=.*; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(refresh).toMatch(/^__Host-refresh=na_n; .*HttpOnly; Secure; SameSite=Lax$/)
    const plain = await edge.ask('/me', { headers: { cookie: `session=${body.accessToken}` } })
    expect(plain.status).toBe(303)
  })

  it('lets nobody choose where they stand', async () => {
    await edge.ask('/api/v1/categories?from=JP', { headers: { cookie: 'from=JP' } })
    const [seen] = Object.values(edge.origins).flatMap(({ recorded }) => recorded)
    expect(seen?.visitor?.country).not.toBe('JP')
    const page = await edge.ask('/?from=JP')
    expect(page.cookies).toEqual([])
    expect((await edge.ask('/from', formOf('https://site.test', { from: 'JP' }))).status).toBe(404)
    expect((await edge.ask('/from?from=JP')).status).toBe(404)
  })

  it('sends other hosts to its own and takes no form for them', async () => {
    const moved = await edge.ask('/c/bikes?min=1', { headers: { host: 'evil.example' } })
    expect([moved.status, moved.headers.location]).toEqual([308, 'https://site.test/c/bikes?min=1'])
    const form = formOf('https://evil.example', { email: 'a@example.com' }, { host: 'evil.example' })
    expect((await edge.ask('/sign-in', form)).status).toBe(421)
    const api = await edge.ask('/api/v1/categories', { headers: { host: 'site.test.evil.example' } })
    expect(api.headers.location).toBe('https://site.test/api/v1/categories')
    expect(Object.values(edge.origins).flatMap(({ recorded }) => recorded)).toEqual([])
    expect((await edge.ask('/healthz', { headers: { host: '10.0.0.1' } })).status).toBe(200)
  })
})

function withHeader(token: string, header: Record<string, unknown>): string {
  return token.replace(/^[^.]+/, Buffer.from(JSON.stringify(header)).toString('base64url'))
}

function withPayload(token: string, claims: Record<string, unknown>): string {
  return token.replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`)
}

function signed(signer: Signer, change: (claims: Record<string, unknown>) => Record<string, unknown>): Promise<string> {
  return new SignJWT(change(claimsOf(signer.region)))
    .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: 'at+jwt' })
    .sign(signer.privateKey)
}

function hmacToken(signer: Signer, alg: string, secret: string): Promise<string> {
  const key = new TextEncoder().encode(secret.padEnd(64, '\0'))
  return new SignJWT(claimsOf(signer.region)).setProtectedHeader({ alg, kid: signer.kid, typ: 'at+jwt' }).sign(key)
}

/** The last character of a 64-byte signature carries four bits that mean nothing. */
function strayBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + alphabet[last ^ 1]
}
