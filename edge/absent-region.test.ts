import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'

/** As after `npm start -- --regions eu,ap`. */
describe.each(runtimes)('where a region does not run, in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime, { ORIGIN_NA: '' })
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const from = (country: string) => ({ headers: { cookie: `from=${country}` } })

  it.each([
    ['BR', 'eu'],
    ['US', 'eu'],
    ['nowhere', 'eu'],
    ['JP', 'ap'],
  ] as const)('the home page of a visitor from %s shows the newest of %s', async (country, region) => {
    const { status, text } = await edge.ask('/', from(country))
    expect(status).toBe(200)
    expect(text).not.toContain('The newest posts are not here right now')
    expect(edge.origins[region].recorded.map(({ path }) => path)).toContain('/api/v1/posts')
    expect((await edge.ask('/c/bicycles', from(country))).status).toBe(200)
  })

  it('a registration says which choice is open, whatever the address', async () => {
    for (const [country, visitor] of [
      ['US', 'DE'],
      ['', 'BR'],
    ] as const) {
      const body = JSON.stringify({
        email: 'a@example.com',
        password: 'correct horse',
        displayName: 'A',
        ...(country && { country }),
      })
      const headers = { 'content-type': 'application/json', cookie: `from=${visitor}` }
      const reply = await edge.ask('/api/v1/accounts', { method: 'POST', headers, body })
      expect(reply.status).toBe(422)
      expect(reply.json()).toMatchObject({
        code: 'invalid_input',
        errors: [{ field: 'country', message: expect.stringContaining('does not run here') }],
      })
    }
    const form = formOf(edge.site, {
      email: 'a@example.com',
      password: 'correct horse',
      displayName: 'A',
      country: 'US',
    })
    const page = await edge.ask('/register', form)
    expect([page.status, page.text.includes('does not run here')]).toEqual([422, true])
    expect(edge.origins.eu.recorded).toEqual([])
  })

  it('what lives there is unavailable, and no false 404', async () => {
    expect((await edge.ask('/api/v1/posts?region=na')).status).toBe(503)
    expect((await edge.ask('/api/v1/posts/na_01k0000000000000000000000a')).status).toBe(503)
  })
})
