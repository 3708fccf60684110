import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'

let made = 0
const newAddress = () => `limited-${process.pid}-${made++}@example.com`

describe.each(runtimes)('limits in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    // A fifth of 10 sign-ins for an address and of 100 for a network.
    edge = await startEdge(runtime, { LIMIT_SCALE: '0.2', LIMIT_KEY: `limit key ${crypto.randomUUID()}` })
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const signIn = (email: string) =>
    edge.ask('/api/v1/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'x' }),
    })

  it('stop guessing at one address, then at many from one network, and say when to come back', async () => {
    const email = newAddress()
    const first = await Promise.all([signIn(email), signIn(email.toUpperCase())])
    expect(first.map(({ status }) => status)).toEqual([200, 200])
    const third = await signIn(email)
    expect([third.status, (third.json() as { code: string }).code]).toEqual([429, 'rate_limited'])
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(third.headers['retry-after'])).toBeLessThanOrEqual(60)
    const others = await Promise.all(Array.from({ length: 22 }, () => signIn(newAddress())))
    expect(others.filter(({ status }) => status === 200)).toHaveLength(17)
    expect(others.filter(({ status }) => status === 429)).toHaveLength(5)
  })

  it('keep no address and no network in clear', async () => {
    const keys = JSON.stringify(await edge.redis.command('KEYS', '*'))
    expect(keys).toContain('limit:signIn:address')
    expect(keys).not.toContain('example.com')
  })

  it('show the form again with what was typed, but the password', async () => {
    const form = formOf(edge.site, { email: 'someone@example.com', password: 'secret words here' })
    const reply = await edge.ask('/sign-in', form)
    expect(reply.status).toBe(429)
    expect(reply.headers['retry-after']).toBeDefined()
    expect(reply.text).toContain('someone@example.com')
    expect(reply.text).not.toContain('secret words here')
  })

  it('bound how many photos an account announces at once, and nobody else’s', async () => {
    const announce = (token: string) =>
      edge.ask(`/api/v1/posts/${createId('eu')}/images`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ fileName: 'a.jpg', contentType: 'image/jpeg', bytes: 1 }),
      })
    const token = await edge.signers.eu.token()
    // A fifth of 60.
    const replies = await Promise.all(Array.from({ length: 14 }, () => announce(token)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(12)
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(2)
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await announce(await edge.signers.eu.token())).status).toBe(200)
  })

  it('are counted by the isolate alone while Redis is down', async () => {
    const alone = await startEdge(runtime, { LIMIT_SCALE: '0.2' })
    try {
      alone.redis.block(true)
      const form = formOf(alone.site, { email: newAddress(), password: 'x' })
      const statuses = []
      for (let attempt = 0; attempt < 4; attempt++) statuses.push((await alone.ask('/forgot', form)).status)
      expect(statuses).toEqual([303, 429, 429, 429])
    } finally {
      await alone.stop()
    }
  })
})
