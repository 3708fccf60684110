import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { type Region, regions } from '../shared/regions.ts'
import type { Report } from '../shared/report.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const guest = createId('eu')
const reported: Report = {
  id: createId('ap'),
  subject: 'message',
  subjectId: createId('ap'),
  reason: 'offensive',
  text: 'Rude',
  createdAt: '2026-11-01T10:00:00.000Z',
  signedIn: true,
  others: 0,
  about: { id: guest, name: 'Gil', memberSince: null, home: 'eu', suspended: false, earlier: 0 },
  post: null,
  messages: [{ id: createId('ap'), role: 'buyer', text: 'Rude words', createdAt: '2026-11-01T09:00:00.000Z' }],
  outcomes: ['remove', 'dismiss'],
}

describe.each(runtimes)('the moderators’ page in %s', runtime => {
  let edge: TestEdge
  let cookie: string
  let authorization: string
  beforeAll(async () => {
    edge = await startEdge(runtime)
    const token = await edge.signers.eu.token({ name: 'Nora', role: 'moderator' })
    cookie = `from=DE; session=${token}`
    authorization = `Bearer ${token}`
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    const waiting = { na: 2, eu: 0, ap: 1 }
    for (const region of regions) {
      const items = region === 'ap' ? [reported] : []
      edge.origins[region].on(({ path }) =>
        path === '/api/v1/reports' ? { body: { items, nextCursor: null, waiting: waiting[region] } } : undefined,
      )
    }
  })
  const asked = (region: Region) =>
    edge.origins[region].recorded
      .filter(({ path }) => path === '/api/v1/reports')
      .map(({ query }) => query.get('limit'))
  const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

  it('opens with the moderator’s own region, and says how much waits in each', async () => {
    const { status, text } = await edge.ask('/moderation', { headers: { cookie } })
    expect([status, asked('eu'), asked('na'), asked('ap')]).toEqual([200, ['20'], ['1'], ['1']])
    expect(textOf(text)).toContain('The Americas 2 waiting Europe and Africa 0 waiting Asia-Pacific 1 waiting')
    expect(text).toMatch(/href="\/moderation\?region=eu" aria-current="page"/)
    expect(textOf(text)).toContain('Every report of Europe and Africa is decided.')
  })

  it('shows another region’s queue, and says where an account of elsewhere can be suspended', async () => {
    const { text } = await edge.ask('/moderation?region=ap', { headers: { cookie } })
    expect(asked('ap')).toEqual(['20'])
    expect(textOf(text)).toContain('This account belongs to Europe and Africa, so it can be suspended only there')
    expect(text).toContain(`href="/report/account/${guest}?next=${encodeURIComponent('/moderation?region=eu')}"`)
    expect(edge.origins.ap.recorded[0]?.headers.authorization).toBe(authorization)
  })

  it('takes a decision to the region of the report, and comes back there, also when it is refused', async () => {
    edge.origins.ap.on(({ method }) => (method === 'PUT' ? { status: 204 } : undefined))
    const decide = () =>
      edge.ask(`/moderation/${reported.id}`, formOf(edge.site, { outcome: 'remove', reason: 'Rude' }, { cookie }))
    const reply = await decide()
    expect([reply.status, reply.headers.location]).toEqual([303, '/moderation?region=ap&done=decided'])
    expect(edge.origins.ap.last()).toMatchObject({ path: `/api/v1/reports/${reported.id}/decision` })
    edge.origins.ap.on(({ method }) =>
      method === 'PUT' ? problem(409, 'report_decided', { detail: 'Somebody was first' }) : undefined,
    )
    const refused = await decide()
    expect([refused.status, refused.text.includes('Somebody was first')]).toEqual([409, true])
    expect(refused.text).toMatch(/href="\/moderation\?region=ap" aria-current="page"/)
  })

  it('does without the count of a region that is down', async () => {
    edge.origins.ap.fail('drop')
    const { status, text } = await edge.ask('/moderation', { headers: { cookie } })
    expect(status).toBe(200)
    expect(textOf(text)).toContain('The Americas 2 waiting Europe and Africa 0 waiting Asia-Pacific')
    expect(textOf(text)).not.toContain('Asia-Pacific 1')
  })

  it('goes by the region that a call names, else by the caller’s own', async () => {
    const list = (query: string) => edge.ask(`/api/v1/reports${query}`, { headers: { authorization } })
    await list('?region=na')
    await list('')
    expect([edge.origins.na.recorded.length, edge.origins.eu.recorded.length]).toEqual([1, 1])
    expect((await edge.ask('/api/v1/reports?region=na')).status).toBe(401)
  })
})
