import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { securityHeaders } from './security-headers.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { type Ask, formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

describe.each(runtimes)('headers in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
    edge.origins.na.on(() => 'drop')
    edge.origins.ap.on(({ path }) => (path.startsWith('/api/v1/posts/') ? problem(410, 'post_gone') : undefined))
  })
  afterAll(() => edge.stop())
  const json = { 'content-type': 'application/json' }
  const style = async () => /href="(\/assets\/[^"]+\.css)"/.exec((await edge.ask('/')).text)?.[1] ?? ''

  const pages: [string, number, string, Ask?][] = [
    ['page', 200, '/'],
    ['page of a form', 200, '/register'],
    ['page not found', 404, '/nope'],
    ['page gone', 410, `/p/${createId('ap')}/x`],
    ['page of an error', 503, `/p/${createId('na')}/x`],
    ['redirect', 303, '/me'],
    ['form refused', 415, '/sign-in', { method: 'POST' }],
    ['form of another site', 403, '/sign-in', { method: 'POST', headers: { origin: 'https://evil.example' } }],
    ['wrong method', 405, '/sell', { method: 'DELETE' }],
    ['options', 204, '/sell', { method: 'OPTIONS' }],
    ['other host', 308, '/', { headers: { host: 'evil.example' } }],
    ['dot file', 404, '/.git/config'],
  ]
  it.each(pages)('%s (%i)', async (_, status, path, options) => {
    const reply = await edge.ask(path, options)
    expect(reply.status).toBe(status)
    expect(reply.headers).toMatchObject(securityHeaders.page)
    expect(reply.headers['x-request-id']).toBeDefined()
    expect(reply.headers['cache-control'] ?? 'no-store').toMatch(/no-store|private, no-cache/)
  })

  it('let the page of photos alone send to a bucket, whatever it answers', async () => {
    const policy = securityHeaders.page['content-security-policy'] ?? ''
    const widened = policy.replace("connect-src 'self'", `connect-src 'self' ${edge.bucket.url}`)
    const path = `/posts/${createId('eu')}/photos`
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { headers } = await edge.ask(path, { method })
      expect(headers).toMatchObject({ ...securityHeaders.page, 'content-security-policy': widened })
    }
    expect((await edge.ask(`${path}/x`)).headers['content-security-policy']).toBe(policy)
  })

  const calls: [string, number, string, Ask?][] = [
    ['API', 200, '/api/v1/posts?region=eu'],
    ['API document', 200, '/api/openapi.json'],
    ['API not found', 404, '/api/v1/nope'],
    ['API unauthenticated', 401, '/api/v1/me/posts'],
    ['API wrong method', 405, '/api/v1/posts', { method: 'PATCH' }],
    ['API bad JSON', 400, '/api/v1/sessions/refresh', { method: 'POST', headers: json, body: '{' }],
    ['API region down', 503, '/api/v1/posts?region=na'],
    ['health', 200, '/healthz'],
  ]
  it.each(calls)('%s (%i)', async (_, status, path, options) => {
    const reply = await edge.ask(path, options)
    expect(reply.status).toBe(status)
    expect(reply.headers).toMatchObject(securityHeaders.api)
    if (status >= 400) {
      expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    }
  })

  it('assets: found for ever, revalidated, missing, by a wrong method', async () => {
    const path = await style()
    const found = await edge.ask(path)
    expect(found.status).toBe(200)
    expect(found.headers).toMatchObject({
      ...securityHeaders.asset,
      'content-type': expect.stringContaining('text/css'),
      'cache-control': 'public, max-age=31536000, immutable',
    })
    const etag = found.headers.etag ?? ''
    const same = await edge.ask(path, { headers: { 'if-none-match': etag } })
    expect([same.status, same.text]).toEqual([304, ''])
    expect(same.headers).toMatchObject(securityHeaders.asset)
    const missing = await edge.ask('/assets/nope-00000000.js')
    expect(missing.status).toBe(404)
    expect(missing.headers).toMatchObject({ ...securityHeaders.asset, 'cache-control': 'no-store' })
    const posted = await edge.ask(path, { method: 'POST' })
    expect([posted.status, posted.headers['x-content-type-options']]).toEqual([404, 'nosniff'])
  })

  it('pages: a weak tag, and 304 with the same headers to who has it', async () => {
    const page = await edge.ask('/register')
    expect(page.headers).toMatchObject({ 'cache-control': 'private, no-cache', etag: expect.stringMatching(/^W\/"/) })
    const same = await edge.ask('/register', { headers: { 'if-none-match': page.headers.etag ?? '' } })
    expect([same.status, same.text]).toEqual([304, ''])
    expect(same.headers).toMatchObject({ ...securityHeaders.page, etag: page.headers.etag })
    const other = await edge.ask('/register', {
      headers: { 'if-none-match': page.headers.etag ?? '', cookie: `session=${await edge.signers.eu.token()}` },
    })
    expect(other.status).toBe(200)
  })

  it('pages hold no inline script or style and load nothing from outside the site', async () => {
    for (const path of ['/', '/c/bikes', '/sell', '/sell?category=bicycles', '/register', '/nope']) {
      const { text } = await edge.ask(path, { headers: { cookie: 'from=DE' } })
      const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes ?? '')
      for (const attributes of scripts) expect(attributes).toMatch(/src="\/|type="application\/json"/)
      expect(text).not.toMatch(/<style|\sstyle="|\son\w+="|javascript:/)
      expect(/\ssrc="(https?:)?\/\/|<link[^>]*href="https:/.exec(text)?.[0]).toBeUndefined()
    }
  })

  it('nothing that a form answered is kept', async () => {
    const reply = await edge.ask('/verify', formOf(edge.site, { token: 'eu_bad' }))
    expect(reply.headers['cache-control']).toBe('no-store')
  })
})
