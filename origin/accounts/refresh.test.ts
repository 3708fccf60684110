import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Clock, createClock } from '../testing/clock.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { sessionLifetime } from './sessions.ts'
import { hashToken } from './tokens.ts'

let clock: Clock
let origin: TestOrigin
let eu: TestOrigin

beforeAll(async () => {
  clock = createClock()
  ;({ na: origin, eu } = await createTestWorld(['na', 'eu'], { now: clock.now }))
})

const day = 24 * 3_600_000

function refresh(refreshToken: string) {
  return origin.request('POST', '/sessions/refresh', { body: { refreshToken } })
}

async function successor(refreshToken: string): Promise<string> {
  const reply = await refresh(refreshToken)
  expect(reply.status).toBe(200)
  return reply.body.refreshToken
}

/** A session and its first refresh tokens, each used to get the next. */
async function family(length: number) {
  const account = await origin.createAccount()
  const tokens = [account.refreshToken]
  while (tokens.length < length) tokens.push(await successor(tokens.at(-1) ?? ''))
  return { account, tokens }
}

describe('refreshSession', () => {
  it('gives a new access token of the same session, and the account', async () => {
    const account = await origin.createAccount()
    const reply = await refresh(account.refreshToken)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ expiresIn: 600, account: { id: account.id } })
    expect(reply.body.refreshToken).not.toBe(account.refreshToken)
    expect(reply.body.accessToken).not.toBe(account.token)
    const sessions = await origin.request('GET', '/sessions', { token: reply.body.accessToken })
    expect(sessions.body.items).toMatchObject([{ id: account.sessionId, current: true }])
  })

  it('stores no token, only its hash', async () => {
    const { account, tokens } = await family(2)
    const rows = await origin.ctx.db
      .selectFrom('refresh_tokens')
      .selectAll()
      .where('session_id', '=', account.sessionId)
      .execute()
    expect(rows.map(row => row.token_hash.toString('hex')).sort()).toEqual(
      tokens.map(token => hashToken(token).toString('hex')).sort(),
    )
  })

  it('gives the same successor to every one of many at once', async () => {
    const account = await origin.createAccount()
    const replies = await Promise.all(Array.from({ length: 12 }, () => refresh(account.refreshToken)))
    expect(replies.map(reply => reply.status)).toEqual(Array(12).fill(200))
    expect(new Set(replies.map(reply => reply.body.refreshToken)).size).toBe(1)
  })

  it('takes the previous token for as long as its successor was not used', async () => {
    const account = await origin.createAccount()
    const next = await successor(account.refreshToken)
    clock.advance(30 * day)
    expect(await successor(account.refreshToken)).toBe(next)
    expect((await refresh(next)).status).toBe(200)
  })

  it('takes the previous token for 10 s after its successor was first used, and gives the same successor', async () => {
    const { tokens } = await family(3)
    clock.advance(10_000)
    expect(await successor(tokens[0] ?? '')).toBe(tokens[1])
    expect((await refresh(tokens[2] ?? '')).status).toBe(200)
  })

  it('ends the session when a token comes back after that, for the thief and for the holder', async () => {
    const { account, tokens } = await family(3)
    clock.advance(10_001)
    expect((await refresh(tokens[0] ?? '')).body.code).toBe('invalid_refresh_token')
    expect((await refresh(tokens[2] ?? '')).status).toBe(401)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).body.code).toBe('session_ended')
  })

  it('counts the 10 s from the first use of the successor, not from a later one', async () => {
    const { tokens } = await family(2)
    await refresh(tokens[1] ?? '')
    clock.advance(6_000)
    await refresh(tokens[1] ?? '')
    clock.advance(4_001)
    expect((await refresh(tokens[0] ?? '')).status).toBe(401)
  })

  it('ends no other session of the account', async () => {
    const { account, tokens } = await family(3)
    const other = await origin.signIn(account.email, account.password)
    clock.advance(11_000)
    await refresh(tokens[0] ?? '')
    expect((await origin.request('GET', '/accounts/me', { token: other })).status).toBe(200)
  })

  it('ends 90 days after the sign-in, however often it was used', async () => {
    const account = await origin.createAccount()
    const signedInAt = clock.now().getTime()
    let token = account.refreshToken
    while (clock.now().getTime() + 9 * day < signedInAt + sessionLifetime) {
      clock.advance(9 * day)
      token = await successor(token)
    }
    clock.advance(signedInAt + sessionLifetime - 1 - clock.now().getTime())
    token = await successor(token)
    clock.advance(1)
    expect((await refresh(token)).body.code).toBe('invalid_refresh_token')
  })

  it('refuses a session that was signed out', async () => {
    const account = await origin.createAccount()
    await origin.request('DELETE', '/sessions/current', { token: account.token })
    expect((await refresh(account.refreshToken)).body.code).toBe('invalid_refresh_token')
  })

  it('takes on the name and role that the account has now', async () => {
    const account = await origin.createAccount()
    await origin.request('PATCH', '/accounts/me', { token: account.token, body: { displayName: 'New Name' } })
    const reply = await refresh(account.refreshToken)
    expect(reply.body.account.displayName).toBe('New Name')
    const claims = JSON.parse(Buffer.from(reply.body.accessToken.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({
      name: 'New Name',
      role: 'member',
      iss: 'na',
      aud: 'classifyhub',
      exp: claims.iat + 600,
    })
  })

  it('refuses what is no token of this region', async () => {
    const foreign = await eu.createAccount()
    const own = await origin.createAccount()
    const wrong = [
      'x',
      'na_',
      own.token,
      foreign.refreshToken,
      `na${foreign.refreshToken.slice(2)}`,
      `${own.refreshToken} `,
      own.refreshToken.slice(0, -1),
    ]
    for (const token of wrong) expect((await refresh(token)).status, token).toBe(401)
    expect((await refresh(own.refreshToken)).status).toBe(200)
  })

  it('behaves like its description whatever the order of uses and pauses', async () => {
    const step = fc.record({
      pick: fc.nat({ max: 6 }),
      pause: fc.constantFrom(0, 1, 4_000, 9_999, 10_000, 10_001, 60_000),
      twice: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async steps => {
        const account = await origin.createAccount()
        const tokens = [account.refreshToken]
        const firstUsedAt: (number | undefined)[] = []
        let alive = true
        for (const { pick, pause, twice } of steps) {
          clock.advance(pause)
          const now = clock.now().getTime()
          // Counted from the newest, so that long histories still use the present token most of the time.
          const index = Math.max(0, tokens.length - 1 - pick)
          const supersededAt = firstUsedAt[index + 1]
          const good = alive && (supersededAt === undefined || now <= supersededAt + 10_000)
          const uses = await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => refresh(tokens[index] ?? '')))
          for (const { status, body } of uses) {
            expect(status).toBe(good ? 200 : 401)
            if (good && tokens[index + 1] !== undefined) expect(body.refreshToken).toBe(tokens[index + 1])
          }
          if (good) {
            tokens[index + 1] = uses[0]?.body.refreshToken
            firstUsedAt[index] ??= now
          } else alive = false
        }
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
