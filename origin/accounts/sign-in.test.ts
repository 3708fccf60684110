import { hash } from '@node-rs/argon2'
import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { argon2 } from './passwords.ts'
import { createSession } from './sessions.ts'
import { suspendAccount } from './suspensions.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await createTestOrigin()
})

function signIn(email: string, password: string) {
  return origin.request('POST', '/sessions', { body: { email, password } })
}

describe('signIn', () => {
  it('gives tokens and the account, whatever the case of the address', async () => {
    const account = await origin.createAccount()
    const reply = await signIn(account.email.toUpperCase(), account.password)
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 600,
      account: { id: account.id, email: account.email, region: 'na' },
    })
    expect(reply.body.refreshToken).toMatch(/^na_[\w-]{43}$/)
    expect(reply.text).not.toContain('argon2')
    expect((await origin.request('GET', '/accounts/me', { token: reply.body.accessToken })).status).toBe(200)
  })

  it('answers a wrong password, an unknown, an unverified and a long deleted account alike', async () => {
    const known = await origin.createAccount()
    const unverified = uniqueEmail()
    await origin.request('POST', '/accounts', {
      body: { email: unverified, password: known.password, displayName: 'Ana' },
    })
    const deleted = await origin.createAccount()
    await origin.request('DELETE', '/accounts/me', { token: deleted.token, body: { password: deleted.password } })
    const longAgo = { deleted_at: new Date(Date.now() - 14 * 86_400_000) }
    await origin.ctx.db.updateTable('accounts').set(longAgo).where('id', '=', deleted.id).execute()
    const replies = await Promise.all([
      signIn(known.email, 'a wrong password'),
      signIn(uniqueEmail(), known.password),
      signIn(unverified, known.password),
      signIn(deleted.email, deleted.password),
    ])
    for (const { status, body } of replies) {
      expect(status).toBe(401)
      expect({ ...body, requestId: '' }).toEqual({ ...replies[0]?.body, requestId: '' })
      expect(body.code).toBe('invalid_credentials')
    }
  })

  it('tells of a suspension, and why, only with the right password', async () => {
    const account = await origin.createAccount()
    const moderator = await origin.createAccount({ role: 'moderator' })
    await suspendAccount(origin.ctx, moderator.actor, { id: account.id, reason: 'sold what was not theirs' })
    expect((await signIn(account.email, 'a wrong password')).body.code).toBe('invalid_credentials')
    const reply = await signIn(account.email, account.password)
    expect(reply.status).toBe(403)
    expect(reply.body).toMatchObject({
      code: 'account_suspended',
      detail: expect.stringContaining('sold what was not theirs'),
    })
  })

  it('hashes again when the parameters have risen', async () => {
    const account = await origin.createAccount()
    const weak = await hash(account.password, { ...argon2, memoryCost: 8_192 })
    await origin.ctx.db.updateTable('accounts').set({ password_hash: weak }).where('id', '=', account.id).execute()
    expect((await signIn(account.email, account.password)).status).toBe(201)
    const row = await origin.ctx.db
      .selectFrom('accounts')
      .select('password_hash')
      .where('id', '=', account.id)
      .executeTakeFirstOrThrow()
    expect(row.password_hash).toContain('m=19456,t=2,p=1')
    expect((await signIn(account.email, account.password)).status).toBe(201)
  })

  it.each([
    [415, { rawBody: 'email=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    [400, { rawBody: '{"email":' }],
    [400, { rawBody: new Uint8Array([0xff, 0xfe]) }],
    [422, { body: [] }],
    [422, { body: { email: 'a@b.example' } }],
    [422, { body: { email: { $ne: null }, password: 'x' } }],
    [422, { rawBody: '['.repeat(64) + ']'.repeat(64) }],
    [413, { rawBody: JSON.stringify({ email: 'a@b.example', password: 'x'.repeat(1_048_576) }) }],
  ])('answers %i to what it cannot read', async (status, options) => {
    expect((await origin.request('POST', '/sessions', options)).status).toBe(status)
  })
})

describe('createSession', () => {
  it('loses to a password change, a suspension and a deletion that came in between', async () => {
    const rowOf = (id: string) =>
      origin.ctx.db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    for (const change of [{ password_hash: 'x' }, { suspended_at: new Date() }, { deleted_at: new Date() }]) {
      const account = await origin.createAccount()
      const read = await rowOf(account.id)
      await origin.ctx.db.updateTable('accounts').set(change).where('id', '=', account.id).execute()
      await expect(createSession(origin.ctx, read, { userAgent: null, country: null })).rejects.toMatchObject({
        code: 'conflict',
      })
    }
  })
})
