import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { problem } from './testing/stub-origin.ts'

const id = createId('eu')
const instant = '2026-11-01T10:00:00.000Z'
const post = {
  id,
  title: 'Bike',
  description: 'A bike.',
  category: 'bicycles',
  price: { amount: 38_000, currency: 'EUR' },
  priceKind: 'fixed',
  condition: 'good',
  attributes: {},
  location: { country: 'DE', subdivision: 'DE-SN', city: 'Leipzig', lat: 51.34, lon: 12.37 },
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
const related = { items: ['A', 'B', 'C', 'D'].map(name => ({ ...post, id: createId('eu'), title: `Bike ${name}` })) }
const usual = { price: { currency: 'EUR', low: 20_000, median: 27_000, high: 35_000, count: 14 } }
const path = `/p/${id}/bike`

describe.each(runtimes)('the page of a post, in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())
  const signedOut = { headers: { cookie: 'from=DE' } }
  const answers = (routes: Record<string, unknown>) =>
    edge.origins.eu.on(({ path }) => {
      const answer = routes[path.replace(`/api/v1/posts/${id}`, '')]
      if (answer === 'hang' || answer === 'drop') return answer
      const { status } = (answer ?? {}) as { status?: unknown }
      return typeof status === 'number' ? (answer as { status: number }) : answer ? { body: answer } : undefined
    })

  it('shows posts like it and the usual price, each asked of its region once', async () => {
    answers({ '': post, '/related': related, '/usual-price': usual })
    const { status, text } = await edge.ask(path, signedOut)
    expect(status).toBe(200)
    expect(text.match(/<bdi>Bike [A-D]</g)).toHaveLength(4)
    expect(text).toContain('More like this')
    expect(text).toContain('€200–€350')
    expect(text).toContain('From 14 posts like it; this one is above that')
    expect(edge.origins.eu.recorded.map(({ path, verdict }) => [path.split('/').at(-1), verdict]).toSorted()).toEqual(
      [
        [id, 'ok'],
        ['related', 'ok'],
        ['usual-price', 'ok'],
      ].toSorted(),
    )
  })

  it.each([
    ['fails', problem(500, 'internal_error')],
    ['is refused', problem(404, 'post_not_found')],
    ['breaks off', 'drop'],
    ['hangs', 'hang'],
  ] as const)('comes without them where that %s, and soon', async (_, trouble) => {
    answers({ '': post, '/related': trouble, '/usual-price': trouble })
    const started = performance.now()
    const { status, text } = await edge.ask(path, signedOut)
    expect(performance.now() - started).toBeLessThan(4_000)
    expect([status, text.includes('A bike.'), text.includes('like it')]).toEqual([200, true, false])
    answers({ '': post, '/related': trouble, '/usual-price': usual })
    expect((await edge.ask(path, signedOut)).text).toContain('Usual price here')
  })

  it('shows its seller the usual price, and no posts of others', async () => {
    const cookie = `from=DE; session=${await edge.signers.eu.token()}`
    answers({ '': own, '/related': related, '/usual-price': usual })
    const { text } = await edge.ask(path, { headers: { cookie } })
    expect([text.includes('This is yours'), text.includes('Usual price here')]).toEqual([true, true])
    expect(text).not.toContain('Bike A')
  })

  it('shows a draft alone', async () => {
    const cookie = `from=DE; session=${await edge.signers.eu.token()}`
    const draft = { ...own, status: 'draft', ownStatus: 'draft', visible: false }
    const unknown = problem(404, 'post_not_found')
    answers({ '': draft, '/related': unknown, '/usual-price': unknown })
    const { status, text } = await edge.ask(path, { headers: { cookie } })
    expect([status, text.includes('like it'), text.includes('like this')]).toEqual([200, false, false])
  })

  it('leads on from one that is sold, without a price to compare', async () => {
    answers({ '': { ...post, status: 'sold', soldAt: instant }, '/related': related, '/usual-price': usual })
    const { text } = await edge.ask(path, signedOut)
    expect([text.includes('Others like it'), text.includes('Usual price here')]).toEqual([true, false])
  })

  it('says nothing of a price where too few are alike, and leaves out an empty row', async () => {
    answers({ '': post, '/related': { items: [] }, '/usual-price': { price: null } })
    const { text } = await edge.ask(path, signedOut)
    expect([text.includes('like this'), text.includes('Usual price')]).toEqual([false, false])
  })
})
