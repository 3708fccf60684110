import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, createClock } from '../testing/clock.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'

let clock: Clock
let origin: TestOrigin
beforeAll(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
})
beforeEach(async () => {
  await origin.mails()
})

const next = 'a brand new password 7'

async function resetToken(email: string): Promise<string> {
  expect((await origin.request('POST', '/password-resets', { body: { email } })).status).toBe(202)
  const [mail] = await origin.mails()
  expect(mail).toMatchObject({ to: email, subject: 'Set a new password' })
  return /\/reset\?token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
}

function complete(token: string, password = next) {
  return origin.request('POST', '/password-resets/completion', { body: { token, password } })
}

describe('requestPasswordReset', () => {
  it('records the account and the purpose and makes the token with the mail', async () => {
    const account = await origin.createAccount()
    await origin.request('POST', '/password-resets', { body: { email: account.email } })
    const rows = await origin.ctx.db.selectFrom('outbox').selectAll().where('aggregate_id', '=', account.id).execute()
    expect(rows).toMatchObject([
      { kind: 'mail.requested', payload: { mail: 'reset', accountId: account.id, data: {} } },
    ])
    expect(
      await origin.ctx.db.selectFrom('account_tokens').selectAll().where('account_id', '=', account.id).execute(),
    ).toEqual([])
  })

  it('sends nothing to an address that nobody has', async () => {
    await origin.request('POST', '/password-resets', { body: { email: uniqueEmail() } })
    expect(await origin.mails()).toEqual([])
  })
})

describe('completePasswordReset', () => {
  it('sets the password, ends every session, and works once', async () => {
    const account = await origin.createAccount()
    const token = await resetToken(account.email)
    expect((await complete(token)).status).toBe(204)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).status).toBe(401)
    expect(await origin.signIn(account.email, next)).toBeTruthy()
    expect((await complete(token, 'yet another one 8')).body.code).toBe('invalid_or_used_token')
    expect(await origin.signIn(account.email, next)).toBeTruthy()
  })

  it('lets one of two at once win', async () => {
    const account = await origin.createAccount()
    const token = await resetToken(account.email)
    const replies = await Promise.all([
      complete(token, 'first new password 1'),
      complete(token, 'second new password 2'),
    ])
    expect(replies.map(reply => reply.status).sort()).toEqual([204, 422])
  })

  it('makes every other mail of the account void', async () => {
    const account = await origin.createAccount()
    const first = await resetToken(account.email)
    const second = await resetToken(account.email)
    expect((await complete(second)).status).toBe(204)
    expect((await complete(first, 'yet another one 8')).status).toBe(422)
  })

  it('takes a token for an hour and no longer', async () => {
    const account = await origin.createAccount()
    const late = await resetToken(account.email)
    clock.advance(3_600_000)
    expect((await complete(late)).status).toBe(422)
    const inTime = await resetToken(account.email)
    clock.advance(3_600_000 - 1)
    expect((await complete(inTime)).status).toBe(204)
  })

  it('keeps the token good when the password is refused', async () => {
    const account = await origin.createAccount()
    const token = await resetToken(account.email)
    for (const password of ['Password1234', 'Maria Example 1', 'short']) {
      expect((await complete(token, password)).body.errors).toMatchObject([{ field: 'password' }])
    }
    expect((await complete(token)).status).toBe(204)
  })

  it('verifies an address that was not: its holder has read the mail', async () => {
    const email = uniqueEmail()
    await origin.request('POST', '/accounts', {
      body: { email, password: 'chosen by an impostor', displayName: 'Ana' },
    })
    await origin.mails()
    expect((await complete(await resetToken(email))).status).toBe(204)
    expect(await origin.signIn(email, next)).toBeTruthy()
  })

  it('refuses a token of a verification mail', async () => {
    const email = uniqueEmail()
    await origin.request('POST', '/accounts', { body: { email, password: next, displayName: 'Ana' } })
    const [mail] = await origin.mails()
    expect((await complete(/token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '')).body.code).toBe('invalid_or_used_token')
  })
})
