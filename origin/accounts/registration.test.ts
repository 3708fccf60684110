import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { internalHeaders } from '../../shared/headers.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { suspendAccount } from './suspensions.ts'

const password = 'correct horse battery 9'
let clock: Clock
let na: TestOrigin
let eu: TestOrigin

beforeAll(async () => {
  clock = createClock()
  ;({ na, eu } = await createTestWorld(['na', 'eu'], { now: clock.now }))
})
beforeEach(async () => {
  await na.mails()
})

function register(origin: TestOrigin, email: string, more: object = {}, visitor = {}) {
  return origin.request('POST', '/accounts', { body: { email, password, displayName: 'Ana Souza', ...more }, visitor })
}

function verify(origin: TestOrigin, token: string) {
  return origin.request('POST', '/accounts/verification', { body: { token } })
}

/** The token of the one mail that is due. */
async function mailedToken(origin: TestOrigin): Promise<string> {
  const mails = await origin.mails()
  expect(mails).toHaveLength(1)
  return /token=([\w-]+)/.exec(mails[0]?.text ?? '')?.[1] ?? ''
}

describe('register', () => {
  it('answers 202 and sends a token, hashed at rest, that verifies the address and signs in', async () => {
    const email = uniqueEmail()
    const reply = await register(na, ` ${email.toUpperCase()} `, { country: 'BR' })
    expect(reply.status).toBe(202)
    expect(reply.body).toEqual({ next: 'verify' })
    const [mail] = await na.mails()
    expect(mail?.to).toBe(email)
    expect(mail?.text).toContain('/verify?token=na_')
    const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
    expect(token).toMatch(/^na_[\w-]{43}$/)
    const verified = await verify(na, token)
    expect(verified.status).toBe(201)
    expect(verified.body.account).toMatchObject({
      email,
      displayName: 'Ana Souza',
      country: 'BR',
      currency: 'BRL',
      locale: 'pt-BR',
      role: 'member',
    })
    expect((await na.request('GET', '/accounts/me', { token: verified.body.accessToken })).status).toBe(200)
  })

  it('records the account and the purpose in the outbox, and no secret', async () => {
    const email = uniqueEmail()
    await register(na, email, { country: 'US' })
    const account = await na.ctx.db
      .selectFrom('accounts')
      .selectAll()
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    const rows = await na.ctx.db.selectFrom('outbox').selectAll().where('aggregate_id', '=', account.id).execute()
    expect(rows).toMatchObject([{ kind: 'mail.requested', payload: { mail: 'verify', data: {} }, done_at: null }])
    expect(JSON.stringify(rows)).not.toContain(email)
    await na.mails()
    const tokens = await na.ctx.db
      .selectFrom('account_tokens')
      .selectAll()
      .where('account_id', '=', account.id)
      .execute()
    expect(tokens).toHaveLength(1)
    expect(tokens[0]?.token_hash).toHaveLength(32)
  })

  it('tells nobody whether an address is known: new, unverified, verified, suspended or deleted', async () => {
    const unverified = uniqueEmail()
    await register(na, unverified)
    const verified = await na.createAccount()
    const moderator = await na.createAccount({ role: 'moderator' })
    const suspended = await na.createAccount()
    await suspendAccount(na.ctx, moderator.actor, { id: suspended.id, reason: 'spam' })
    const deleted = await na.createAccount()
    await na.request('DELETE', '/accounts/me', { token: deleted.token, body: { password: deleted.password } })
    for (const path of ['/accounts', '/accounts/verification-mails', '/password-resets']) {
      const replies = []
      for (const email of [uniqueEmail(), unverified, verified.email, suspended.email, deleted.email]) {
        const body = path === '/accounts' ? { email, password, displayName: 'Ana' } : { email }
        const { status, text, headers } = await na.request('POST', path, { body })
        replies.push({ status, text, headers: [...headers.keys()].sort() })
      }
      expect(replies[0]?.status).toBe(202)
      for (const reply of replies) expect(reply).toEqual(replies[0])
    }
  })

  it('tells the holder of a verified address that there is an account already, and changes nothing', async () => {
    const account = await na.createAccount()
    await register(na, account.email, { password: 'another password 1', displayName: 'Somebody' })
    const mails = await na.mails()
    expect(mails).toMatchObject([{ to: account.email, subject: 'You already have an account' }])
    expect(mails[0]?.text).not.toContain('token=')
    expect(await na.signIn(account.email, account.password)).toBeTruthy()
  })

  it('counts the latest registration of an unverified address and makes the mails before it void', async () => {
    const email = uniqueEmail()
    await register(na, email, { password: 'chosen by an impostor', displayName: 'Impostor' })
    const first = await mailedToken(na)
    await register(na, email, { password: 'chosen by the holder', displayName: 'Holder' })
    const second = await mailedToken(na)
    expect((await verify(na, first)).body.code).toBe('invalid_or_used_token')
    expect((await verify(na, second)).body.account.displayName).toBe('Holder')
    expect((await na.request('POST', '/sessions', { body: { email, password: 'chosen by an impostor' } })).status).toBe(
      401,
    )
    expect((await na.request('POST', '/sessions', { body: { email, password: 'chosen by the holder' } })).status).toBe(
      201,
    )
  })

  it('counts the country of the latest registration too, across regions', async () => {
    const email = uniqueEmail()
    await register(na, email, { country: 'US' })
    const first = await mailedToken(na)
    const moved = await register(na, email, { country: 'DE' })
    expect(moved.status).toBe(421)
    expect(moved.headers.get(internalHeaders.retryRegion)).toBe('eu')
    expect((await register(eu, email, { country: 'DE' })).status).toBe(202)
    expect((await verify(na, first)).status).toBe(422)
    expect((await verify(eu, await mailedToken(eu))).body.account).toMatchObject({
      email,
      region: 'eu',
      country: 'DE',
      currency: 'EUR',
    })
    expect((await register(na, email, { country: 'US' })).headers.get(internalHeaders.retryRegion)).toBe('eu')
  })

  it('counts the country of the latest registration too, within the region', async () => {
    const email = uniqueEmail()
    await register(na, email, { country: 'US' })
    await na.mails()
    await register(na, email, { country: 'BR' })
    expect((await verify(na, await mailedToken(na))).body.account).toMatchObject({
      country: 'BR',
      currency: 'BRL',
      timeZone: 'America/Sao_Paulo',
    })
  })

  it('makes one account of many registrations at once', async () => {
    const email = uniqueEmail()
    const replies = await Promise.all(Array.from({ length: 6 }, () => register(na, email)))
    expect(replies.map(reply => reply.status)).toEqual([202, 202, 202, 202, 202, 202])
    const rows = await na.ctx.db.selectFrom('accounts').select('in_directory').where('email', '=', email).execute()
    expect(rows).toEqual([{ in_directory: true }])
    expect((await na.mails()).length).toBeGreaterThanOrEqual(1)
  })

  it.each([
    ['email', { email: 'nobody' }],
    ['email', { email: 42 }],
    ['password', { password: 'eleven char' }],
    ['password', { password: 'x1'.repeat(129) }],
    ['password', { password: 'Password1234' }],
    ['password', { password: `half ${'\ud800'} of a pair` }],
    ['displayName', { displayName: ' ' }],
    ['displayName', { displayName: 'a\u0000b' }],
    ['displayName', { displayName: 'e\u0301'.repeat(5_000) }],
    ['country', { country: 'ZZ' }],
    ['admin', { admin: true }],
  ])('refuses a faulty %s by name', async (field, more) => {
    const reply = await register(na, uniqueEmail(), more)
    expect(reply.status).toBe(422)
    expect(reply.body.errors.map((error: { field: string }) => error.field)).toContain(field)
    expect(reply.body.errors).toHaveLength(1)
  })

  it('keeps a name code point for code point', async () => {
    const displayName = '\u200fمريم 👩‍👩‍👧 Zoë\u0301'
    await register(na, uniqueEmail(), { displayName })
    expect((await verify(na, await mailedToken(na))).body.account.displayName).toBe(displayName)
  })

  it('refuses a name that nobody can see, or that turns what follows around', async () => {
    for (const displayName of ['\u200b\u200b', '\u202eairaM', 'Maria\u2067']) {
      const reply = await register(na, uniqueEmail(), { displayName })
      expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([422, 'displayName'])
    }
  })

  it('points to the region of the country, of the visitor, or nearest, once', async () => {
    for (const [more, visitor] of [
      [{ country: 'DE' }, {}],
      [{}, { country: 'FR' }],
      [{}, { lat: 50, lon: 8 }],
    ] as const) {
      const reply = await register(na, uniqueEmail(), more, visitor)
      expect(reply.status).toBe(421)
      expect(reply.headers.get(internalHeaders.retryRegion)).toBe('eu')
    }
    expect((await register(na, uniqueEmail(), {}, {})).status).toBe(202)
  })

  it('points to the region that holds the address, whatever the country', async () => {
    const account = await eu.createAccount()
    const reply = await register(na, account.email, { country: 'US' })
    expect(reply.status).toBe(421)
    expect(reply.headers.get(internalHeaders.retryRegion)).toBe('eu')
    expect((await register(eu, account.email, { country: 'US' })).status).toBe(202)
  })
})

describe('verifyAccount', () => {
  it('uses a token once, also when it comes twice at the same time', async () => {
    await register(na, uniqueEmail())
    const token = await mailedToken(na)
    const statuses = (await Promise.all([verify(na, token), verify(na, token), verify(na, token)])).map(
      reply => reply.status,
    )
    expect(statuses.sort()).toEqual([201, 422, 422])
    expect((await verify(na, token)).body.code).toBe('invalid_or_used_token')
  })

  it('takes a token for 24 hours and no longer', async () => {
    await register(na, uniqueEmail())
    const late = await mailedToken(na)
    clock.advance(24 * 3_600_000)
    expect((await verify(na, late)).status).toBe(422)
    await register(na, uniqueEmail())
    const inTime = await mailedToken(na)
    clock.advance(24 * 3_600_000 - 1)
    expect((await verify(na, inTime)).status).toBe(201)
  })

  it.each(['', 'x', 'na_', `na_${'a'.repeat(43)}`, `eu_${'a'.repeat(43)}`, `na_${'a'.repeat(43)}\n`, '%00'])(
    'refuses %j',
    async token => {
      const reply = await verify(na, token)
      expect(reply.status).toBe(422)
    },
  )

  it('refuses the token of a password reset', async () => {
    const account = await na.createAccount()
    await na.request('POST', '/password-resets', { body: { email: account.email } })
    expect((await verify(na, await mailedToken(na))).body.code).toBe('invalid_or_used_token')
  })

  it('refuses an account that was suspended meanwhile', async () => {
    const email = uniqueEmail()
    await register(na, email)
    const token = await mailedToken(na)
    const { id } = await na.ctx.db
      .selectFrom('accounts')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    const moderator = await na.createAccount({ role: 'moderator' })
    await suspendAccount(na.ctx, moderator.actor, { id, reason: 'spam' })
    expect((await verify(na, token)).status).toBe(422)
  })
})

describe('resendVerification', () => {
  it('sends another token while the first stays good', async () => {
    const email = uniqueEmail()
    await register(na, email)
    const first = await mailedToken(na)
    await na.request('POST', '/accounts/verification-mails', { body: { email } })
    const second = await mailedToken(na)
    expect(second).not.toBe(first)
    expect((await verify(na, first)).status).toBe(201)
    expect((await verify(na, second)).status).toBe(422)
  })

  it('sends nothing to an address that nobody has, and a word to one that is verified', async () => {
    await na.request('POST', '/accounts/verification-mails', { body: { email: uniqueEmail() } })
    expect(await na.mails()).toEqual([])
    const account = await na.createAccount()
    await na.request('POST', '/accounts/verification-mails', { body: { email: account.email } })
    expect(await na.mails()).toMatchObject([{ subject: 'You already have an account' }])
  })
})
