import { beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'

let clock: Clock
let origin: TestOrigin
let eu: TestOrigin

beforeAll(async () => {
  clock = createClock()
  ;({ na: origin, eu } = await createTestWorld(['na', 'eu'], { now: clock.now }))
})

describe('listSessions', () => {
  it("lists the live sessions of the account, the last used first, and nobody else's", async () => {
    const account = await origin.createAccount()
    await origin.createAccount()
    clock.advance(60_000)
    const reply = await origin.request('POST', '/sessions', {
      body: { email: account.email, password: account.password },
      visitor: { userAgent: 'Firefox on Linux', country: 'BR' },
    })
    const { body, status } = await origin.request('GET', '/sessions', { token: reply.body.accessToken })
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      { current: true, userAgent: 'Firefox on Linux', country: 'BR', lastUsedAt: clock.now().toISOString() },
      { id: account.sessionId, current: false, userAgent: 'test', country: null },
    ])
  })
})

describe('endSession', () => {
  it('ends one session at its next request and leaves the others', async () => {
    const account = await origin.createAccount()
    const other = await origin.signIn(account.email, account.password)
    expect((await origin.request('DELETE', `/sessions/${account.sessionId}`, { token: other })).status).toBe(204)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).body.code).toBe('session_ended')
    expect((await origin.request('GET', '/sessions', { token: other })).body.items).toHaveLength(1)
  })

  it("finds no session of somebody else's, none that is unknown, and none twice", async () => {
    const account = await origin.createAccount()
    const stranger = await origin.createAccount()
    const other = await origin.createAccount()
    for (const id of [stranger.sessionId, createId('na'), createId('eu'), 'nonsense', '\0', "' OR 1=1"]) {
      const reply = await origin.request('DELETE', `/sessions/${encodeURIComponent(id)}`, { token: account.token })
      expect(reply.status, id).toBe(404)
    }
    expect((await origin.request('GET', '/accounts/me', { token: stranger.token })).status).toBe(200)
    const token = await origin.signIn(other.email, other.password)
    const ends = await Promise.all(
      [1, 2].map(() => origin.request('DELETE', `/sessions/${other.sessionId}`, { token })),
    )
    expect(ends.map(end => end.status).sort()).toEqual([204, 404])
  })
})

describe('endCurrentSession', () => {
  it('signs out', async () => {
    const account = await origin.createAccount()
    expect((await origin.request('DELETE', '/sessions/current', { token: account.token })).status).toBe(204)
    expect((await origin.request('DELETE', '/sessions/current', { token: account.token })).status).toBe(401)
  })
})

describe('endAllSessions', () => {
  it('signs out everywhere, and nobody else', async () => {
    const account = await origin.createAccount()
    const stranger = await origin.createAccount()
    const other = await origin.signIn(account.email, account.password)
    expect((await origin.request('DELETE', '/sessions', { token: other })).status).toBe(204)
    for (const token of [account.token, other])
      expect((await origin.request('GET', '/sessions', { token })).status).toBe(401)
    expect((await origin.request('GET', '/sessions', { token: stranger.token })).status).toBe(200)
  })
})

describe('a session', () => {
  it('is needed, and one of this region', async () => {
    const foreign = await eu.createAccount()
    for (const [method, path] of [
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['DELETE', '/sessions/current'],
      ['DELETE', `/sessions/${createId('na')}`],
    ] as const) {
      const anonymous = await origin.request(method, path)
      expect(anonymous.status).toBe(401)
      expect(anonymous.headers.get('www-authenticate')).toBe('Bearer')
      expect((await origin.request(method, path, { token: foreign.token })).body.code).toBe('wrong_region')
    }
  })

  it('ends 90 days after it began, also for an access token that would live longer', async () => {
    const account = await origin.createAccount()
    clock.advance(90 * 24 * 3_600_000 - 300_000)
    await origin.ctx.db
      .updateTable('sessions')
      .set({ expires_at: new Date(clock.now().getTime() + 60_000) })
      .where('id', '=', account.sessionId)
      .execute()
    const reply = await origin.request('POST', '/sessions/refresh', { body: { refreshToken: account.refreshToken } })
    clock.advance(60_000)
    expect((await origin.request('GET', '/accounts/me', { token: reply.body.accessToken })).body.code).toBe(
      'session_ended',
    )
  })
})
