import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'

describe.each(runtimes)('addresses of pages in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())

  it.each([
    ['/c/bicycles/', '/c/bicycles'],
    ['/c/bicycles/?sort=oldest&min=', '/c/bicycles?sort=oldest&min='],
    ['/sign-in///', '/sign-in'],
    ['/nothing/here/', '/nothing/here'],
    ['//evil.example/', '/evil.example'],
    ['/%2fevil.example/', '/%2fevil.example'],
    ['/favicon.ico', '/favicon.svg'],
  ])('%s leads to %s', async (from, to) => {
    const { status, headers } = await edge.ask(from)
    expect({ status, to: headers.location }).toEqual({ status: 308, to })
  })

  it('/ and the API stay as they are', async () => {
    expect((await edge.ask('/')).status).toBe(200)
    expect((await edge.ask('/api/v1/posts/')).status).toBe(404)
    expect((await edge.ask('/favicon.svg')).status).toBe(200)
  })

  it('an empty query is signed as the origin reads it', async () => {
    for (const [method, target] of [
      ['GET', '/api/v1/posts?'],
      ['POST', '/api/v1/accounts?'],
      ['POST', '/api/v1/sessions/refresh?'],
      ['GET', '/api/v1/posts?&'],
    ] as const) {
      edge.reset()
      const body = method === 'POST' ? { body: '{"refreshToken":"eu_1"}' } : {}
      await edge.ask(target, { method, headers: { 'content-type': 'application/json' }, ...body })
      const [asked] = Object.values(edge.origins).flatMap(({ recorded }) => recorded)
      expect({ target, verdict: asked?.verdict, rest: asked?.target.endsWith('?') }).toEqual({
        target,
        verdict: 'ok',
        rest: false,
      })
    }
  })
})
