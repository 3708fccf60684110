import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { problem } from './testing/stub-origin.ts'

const json = { 'content-type': 'application/json' }

describe.each(runtimes)('the API in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const calls = () => Object.values(edge.origins).flatMap(({ recorded }) => recorded)

  describe('a body of 2 MB that nobody wants', () => {
    const body = 'x'.repeat(2_000_000)
    it.each([
      ['anonymous', 401, async () => ({})],
      ['signed in', 413, async () => ({ authorization: `Bearer ${await edge.signers.eu.token()}` })],
    ] as const)('%s: the client reads the answer each time', async (_, status, credentials) => {
      for (let time = 0; time < 10; time++) {
        const headers = { ...json, ...(await credentials()) }
        const whole = await edge.ask('/api/v1/posts', { method: 'POST', headers, body })
        expect(whole.status).toBe(status)
        const chunked = { ...headers, 'transfer-encoding': 'chunked' }
        expect((await edge.ask('/api/v1/posts', { method: 'POST', headers: chunked, body })).status).toBe(status)
      }
      expect(calls()).toEqual([])
    })
  })

  describe('routing', () => {
    it('sends an id to the region that it names, whoever asks from wherever', async () => {
      for (const region of ['na', 'eu', 'ap'] as const) {
        const id = createId(region)
        await edge.ask(`/api/v1/posts/${id}`, { headers: { cookie: 'from=JP' } })
        expect(edge.origins[region].last()).toMatchObject({
          method: 'GET',
          target: `/api/v1/posts/${id}`,
          verdict: 'ok',
        })
      }
      expect(calls()).toHaveLength(3)
    })

    it('answers what is no id without asking anybody', async () => {
      for (const id of ['na_short', 'xx_01k0000000000000000000000a', '1', '%2e%2e%2f', 'na_01K']) {
        const reply = await edge.ask(`/api/v1/posts/${id}`)
        expect([id, reply.status]).toEqual([id, 404])
      }
      expect(calls()).toEqual([])
    })

    it('sends what is yours to the home region of your token', async () => {
      const authorization = `Bearer ${await edge.signers.ap.token()}`
      await edge.ask('/api/v1/me/posts', { headers: { authorization, cookie: 'from=BR' } })
      await edge.ask('/api/v1/posts', { method: 'POST', headers: { authorization, ...json }, body: '{"title":"A"}' })
      expect(edge.origins.ap.recorded.map(({ method, verdict }) => [method, verdict])).toEqual([
        ['GET', 'ok'],
        ['POST', 'ok'],
      ])
      expect(calls()).toHaveLength(2)
    })

    it.each([
      ['?country=JP', 'DE', 'ap'],
      ['?region=na&country=JP', 'DE', 'na'],
      ['?country=ZZ', 'DE', 'eu'],
      ['', 'DE', 'eu'],
      ['', 'BR', 'na'],
      ['', 'IN', 'ap'],
      ['?near=35.7,139.7&radius=50', 'US', 'na'],
    ])('sends the list %s asked from %s to %s', async (query, from, region) => {
      await edge.ask(`/api/v1/posts${query}`, { headers: { cookie: `from=${from}` } })
      expect(calls()).toHaveLength(1)
      expect(edge.origins[region as 'na'].last()?.target).toBe(`/api/v1/posts${query}`)
    })

    it('sends a token of a mail to the region that made it', async () => {
      const body = JSON.stringify({ token: 'ap_abcdef' })
      await edge.ask('/api/v1/accounts/verification', { method: 'POST', headers: { ...json, cookie: 'from=DE' }, body })
      expect(edge.origins.ap.last()).toMatchObject({ body, verdict: 'ok' })
    })

    it('asks again where a region says that another should be asked, once', async () => {
      const id = createId('na')
      edge.origins.na.on(() => ({ ...problem(421, 'misdirected_request'), headers: { 'edge-retry-region': 'eu' } }))
      edge.origins.eu.on(() => ({ body: { here: true } }))
      expect((await edge.ask(`/api/v1/posts/${id}`)).json()).toEqual({ here: true })
      expect(edge.origins.eu.last()?.verdict).toBe('ok')
      edge.origins.eu.on(() => ({ ...problem(421, 'misdirected_request'), headers: { 'edge-retry-region': 'ap' } }))
      const reply = await edge.ask(`/api/v1/posts/${id}`)
      expect([reply.status, reply.headers['edge-retry-region']]).toEqual([502, undefined])
      expect(edge.origins.ap.recorded).toEqual([])
    })
  })

  describe('what goes through', () => {
    it('signs method, target, headers and body so that the origin accepts them', async () => {
      const authorization = `Bearer ${await edge.signers.eu.token()}`
      const headers = { ...json, authorization, 'if-match': '"3"' }
      const id = createId('eu')
      const body = '{"title":"Ä 🚲 \\u0000"}'
      await edge.ask(`/api/v1/posts/${id}?x=%20a+b`, { method: 'PATCH', headers, body })
      const seen = edge.origins.eu.last()
      expect(seen).toMatchObject({ verdict: 'ok', body, target: `/api/v1/posts/${id}?x=%20a+b` })
      expect(seen?.headers).toMatchObject(headers)
      expect(Number(seen?.headers['edge-timeout'])).toBeGreaterThan(7_000)
      expect(Number(seen?.headers['edge-timeout'])).toBeLessThanOrEqual(8_000)
    })

    it('lets none of a client’s internal, forwarding, geo or cookie headers through', async () => {
      const forged = {
        'edge-signature': 'v1;t=1;d=-;s=00',
        'edge-region': 'ap',
        'edge-visitor': encodeURIComponent(JSON.stringify({ ip: '6.6.6.6', country: 'XX' })),
        'edge-timeout': '1',
        'edge-retry-region': 'ap',
        forwarded: 'for=6.6.6.6;host=evil.example',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
        'x-forwarded-port': '1',
        'x-real-ip': '6.6.6.6',
        'true-client-ip': '6.6.6.6',
        'x-client-ip': '6.6.6.6',
        'x-cluster-client-ip': '6.6.6.6',
        'fastly-client-ip': '6.6.6.6',
        'cf-ipcountry': 'XX',
        'cf-ray': 'forged',
        'cf-visitor': '{"scheme":"gopher"}',
        'cf-worker': 'evil.example',
        'x-vercel-ip-country': 'XX',
        'x-original-url': '/admin',
        'x-rewrite-url': '/admin',
        'x-http-method-override': 'DELETE',
        'x-amzn-trace-id': 'Root=forged',
        'cache-tag': 'forged',
        via: '1.1 evil',
        cookie: 'from=DE; session=stolen',
        'proxy-authorization': 'Basic forged',
        te: 'trailers',
      }
      await edge.ask('/api/v1/categories', { headers: forged })
      const seen = edge.origins.eu.last()
      expect(seen?.verdict).toBe('ok')
      const text = JSON.stringify({ ...seen?.headers, 'edge-visitor': '' })
      expect(text).not.toMatch(/6\.6\.6\.6|forged|evil|gopher|\/admin|stolen/)
      const ours = ['edge-signature', 'edge-region', 'edge-visitor', 'edge-timeout']
      for (const name of Object.keys(forged))
        if (!ours.includes(name) && name !== 'cf-worker') expect(Object.keys(seen?.headers ?? {})).not.toContain(name)
      expect(seen?.headers['edge-region']).toBe('eu')
      expect(seen?.visitor).toMatchObject({ country: 'DE', continent: 'EU' })
      expect(seen?.visitor?.ip).toMatch(/^(127\.0\.0\.1|::1)$/)
    })

    it('gives the visitor of the place, the network and the program', async () => {
      await edge.ask('/api/v1/categories?from=BR:Sao Paulo', { headers: { 'user-agent': 'Test/1 ü' } }).catch(() => {})
      await edge.ask('/api/v1/categories?from=BR:Sao%20Paulo', { headers: { 'user-agent': 'Test/1' } })
      expect(edge.origins.na.last()?.visitor).toMatchObject({
        country: 'BR',
        city: 'São Paulo',
        continent: 'SA',
        userAgent: 'Test/1',
      })
    })

    it('passes on only what clients may see', async () => {
      edge.origins.na.on(() => ({
        body: { id: 'x' },
        headers: {
          etag: '"7"',
          'set-cookie': 'a=b',
          'x-powered-by': 'origin',
          server: 'origin',
          'cache-tag': 'post:x',
          'edge-signature': 'x',
          'content-security-policy': 'default-src *',
          'access-control-allow-origin': '*',
          'cache-control': 'public, max-age=60',
        },
      }))
      const reply = await edge.ask(`/api/v1/posts/${createId('na')}`)
      expect(reply.headers).toMatchObject({ etag: '"7"', 'cache-control': 'private, no-cache' })
      for (const name of ['set-cookie', 'x-powered-by', 'cache-tag', 'edge-signature', 'access-control-allow-origin']) {
        expect(reply.headers[name]).toBeUndefined()
      }
      expect(reply.headers['content-security-policy']).not.toContain('*')
    })

    it('continues a request id and a trace that are well formed, and makes its own otherwise', async () => {
      const traceparent = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`
      const headers = { 'x-request-id': 'client-request-000001', traceparent }
      const kept = await edge.ask('/api/v1/categories', { headers: { ...headers, cookie: 'from=US' } })
      const seen = edge.origins.na.last()
      expect(kept.headers['x-request-id']).toBe('client-request-000001')
      expect(kept.headers.traceparent).toMatch(new RegExp(`^00-${'a1'.repeat(16)}-[0-9a-f]{16}-01$`))
      expect(kept.headers.traceparent).not.toBe(traceparent)
      expect(seen?.headers).toMatchObject({
        'x-request-id': 'client-request-000001',
        traceparent: kept.headers.traceparent,
      })
      const bad = { 'x-request-id': 'a b"<script>', traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }
      const made = await edge.ask('/api/v1/categories', { headers: bad })
      expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(made.headers.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    })

    it('tags a read and answers 304 to who has it', async () => {
      const first = await edge.ask('/api/v1/categories')
      expect(first.headers).toMatchObject({
        'cache-control': 'private, no-cache',
        etag: expect.stringMatching(/^W\/"/),
      })
      const again = await edge.ask('/api/v1/categories', { headers: { 'if-none-match': first.headers.etag ?? '' } })
      expect([again.status, again.text]).toEqual([304, ''])
      const head = await edge.ask('/api/v1/categories', { method: 'HEAD' })
      expect([head.status, head.text]).toEqual([200, ''])
    })

    it('keeps problems of the origin: status, code, fields', async () => {
      const errors = [{ field: 'price.amount', message: 'must be a number' }]
      edge.origins.eu.on(() => problem(422, 'invalid_input', { errors }))
      const authorization = `Bearer ${await edge.signers.eu.token()}`
      const reply = await edge.ask('/api/v1/posts', { method: 'POST', headers: { authorization, ...json }, body: '{}' })
      expect(reply.status).toBe(422)
      expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
      expect(reply.json()).toMatchObject({ code: 'invalid_input', errors })
    })
  })

  describe('what is refused', () => {
    it('knows no other path below /api, and says so as a problem', async () => {
      for (const path of [
        '/api',
        '/api/',
        '/api/v1',
        '/api/v1/nope',
        '/api/v2/posts',
        '/api/v1/posts/',
        '/api/v1//posts',
      ]) {
        const reply = await edge.ask(path)
        expect([path, reply.status, reply.headers['content-type']]).toEqual([path, 404, 'application/problem+json'])
      }
      expect(calls()).toEqual([])
    })

    it('answers a wrong method with 405 and what is allowed', async () => {
      const wrong = await edge.ask('/api/v1/posts', { method: 'PUT', headers: json, body: '{}' })
      expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
      expect(wrong.json()).toMatchObject({ code: 'method_not_allowed', status: 405 })
      const one = await edge.ask(`/api/v1/posts/${createId('na')}/sale`, { method: 'DELETE' })
      expect([one.status, one.headers.allow]).toEqual([405, 'OPTIONS, PUT'])
      const options = await edge.ask('/api/v1/posts', { method: 'OPTIONS' })
      expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS, POST'])
      expect(options.headers['access-control-allow-origin']).toBeUndefined()
    })

    it('reads bodies up to 1 MiB', async () => {
      const authorization = `Bearer ${await edge.signers.na.token()}`
      const headers = { authorization, ...json }
      const post = (body: string) => edge.ask('/api/v1/posts', { method: 'POST', headers, body })
      expect((await post('x'.repeat(1_048_576))).status).toBe(200)
      expect(edge.origins.na.last()).toMatchObject({ verdict: 'ok' })
      edge.reset()
      const large = await post('x'.repeat(1_048_577))
      expect([large.status, (large.json() as { code: string }).code]).toEqual([413, 'body_too_large'])
      expect(calls()).toEqual([])
    })

    it('needs JSON where it routes by the body', async () => {
      for (const path of ['/sessions/refresh', '/accounts/verification', '/sessions', '/accounts']) {
        const reply = await edge.ask(`/api/v1${path}`, { method: 'POST', headers: json, body: '{"token":' })
        expect([path, reply.status, (reply.json() as { code: string }).code]).toEqual([path, 400, 'invalid_json'])
      }
      expect(calls()).toEqual([])
    })
  })

  describe('a region in trouble', () => {
    it('tries a read once more when the connection breaks, then says that the region does not answer', async () => {
      edge.origins.na.on(() => (edge.origins.na.recorded.length === 1 ? 'drop' : undefined))
      expect((await edge.ask('/api/v1/posts?region=na')).status).toBe(200)
      expect(edge.origins.na.recorded).toHaveLength(2)
      edge.reset()
      edge.origins.na.on(() => 'drop')
      const reply = await edge.ask('/api/v1/posts?region=na')
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10'])
      expect(reply.json()).toMatchObject({ code: 'region_unavailable' })
      // Deno repeats each read once by itself.
      expect(edge.origins.na.recorded).toHaveLength(runtime === 'deno' ? 4 : 2)
    })

    it('repeats a write only under an Idempotency-Key', async () => {
      const authorization = `Bearer ${await edge.signers.na.token()}`
      const headers = { authorization, ...json }
      edge.origins.na.on(() => 'drop')
      expect((await edge.ask('/api/v1/posts', { method: 'POST', headers, body: '{}' })).status).toBe(503)
      expect(edge.origins.na.recorded).toHaveLength(1)
      edge.origins.na.recorded.length = 0
      const keyed = { ...headers, 'idempotency-key': 'a-key-of-the-client' }
      expect((await edge.ask('/api/v1/posts', { method: 'POST', headers: keyed, body: '{}' })).status).toBe(503)
      expect(edge.origins.na.recorded).toHaveLength(2)
    })

    it('never passes on a load balancer’s page, nor a refusal of its own signature', async () => {
      const page = { 'content-type': 'text/html' }
      edge.origins.na.on(() => ({ status: 504, body: '<h1>Gateway Time-out</h1>', headers: page }))
      expect((await edge.ask('/api/v1/posts?region=na')).json()).toMatchObject({ code: 'region_unavailable' })
      edge.origins.na.on(() => ({ status: 200, body: '<h1>hello</h1>', headers: page }))
      expect((await edge.ask('/api/v1/posts?region=na')).json()).toMatchObject({ code: 'bad_gateway' })
      edge.origins.na.on(() => problem(401, 'unsigned_request'))
      expect((await edge.ask('/api/v1/posts?region=na')).json()).toMatchObject({ code: 'bad_gateway' })
      edge.origins.na.on(() => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }))
      expect((await edge.ask('/api/v1/posts?region=na')).json()).toMatchObject({ code: 'bad_gateway' })
    })

    it('gives up on a region that hangs before its own deadline, and serves the others meanwhile', async () => {
      edge.origins.na.on(() => 'hang')
      const slow = edge.ask('/api/v1/posts?region=na')
      expect((await edge.ask('/api/v1/posts?region=eu')).status).toBe(200)
      const reply = await slow
      expect(reply.status).toBe(503)
      expect(reply.json()).toMatchObject({ code: 'deadline_exceeded' })
    })
  })

  it('prints the OpenAPI document of itself', async () => {
    const reply = await edge.ask('/api/openapi.json')
    expect(reply.headers['content-type']).toBe('application/json')
    expect(reply.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: expect.stringContaining('http') }] })
  })
})

describe.each(runtimes)('a region that is not there, in %s', runtime => {
  it('answers 503 at once for its ids, and its visitors go to the nearest one', async () => {
    const edge = await startEdge(runtime, { ORIGIN_EU: '', ORIGIN_AP: 'http://127.0.0.1:9' })
    try {
      const gone = await edge.ask(`/api/v1/posts/${createId('eu')}`)
      expect([gone.status, (gone.json() as { code: string }).code]).toEqual([503, 'region_unavailable'])
      const refused = await edge.ask(`/api/v1/posts/${createId('ap')}`)
      expect([refused.status, (refused.json() as { code: string }).code]).toEqual([503, 'region_unavailable'])
      await edge.ask('/api/v1/posts', { headers: { cookie: 'from=PT' } })
      expect(edge.origins.na.recorded).toHaveLength(1)
    } finally {
      await edge.stop()
    }
  })
})
