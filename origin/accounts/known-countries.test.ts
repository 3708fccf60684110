import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await createTestOrigin()
})
beforeEach(async () => {
  await origin.mails()
})

const signInFrom = (country: string | null, { email, password }: { email: string; password: string }) =>
  origin.request('POST', '/sessions', {
    body: { email, password },
    visitor: { country, userAgent: 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' },
  })
const subjects = async () => (await origin.mails()).map(mail => mail.subject)

describe('a sign-in', () => {
  it('from a new country is told, once for each country; the first ever is not', async () => {
    const account = await origin.createAccount()
    await signInFrom('US', account)
    expect(await subjects()).toEqual([])
    await signInFrom('PT', account)
    const [mail, ...more] = await origin.mails()
    expect(more).toEqual([])
    expect(mail).toMatchObject({ to: account.email, subject: 'New sign-in from Portugal' })
    expect(mail?.text).toContain('Device: Firefox on Windows')
    await signInFrom('PT', account)
    await signInFrom('US', account)
    await signInFrom(null, account)
    expect(await subjects()).toEqual([])
    await Promise.all([signInFrom('GB', account), signInFrom('GB', account)])
    expect(await subjects()).toEqual(['New sign-in from the United Kingdom'])
  })

  it('that is refused tells nothing', async () => {
    const account = await origin.createAccount()
    await signInFrom('US', account)
    await signInFrom('PT', { ...account, password: 'not the right one 1' })
    expect(await subjects()).toEqual([])
  })
})

describe('what else is told', () => {
  it('welcomes after the first verification', async () => {
    const body = {
      email: `${crypto.randomUUID()}@example.com`,
      password: 'correct horse battery 9',
      displayName: 'Ana',
    }
    await origin.request('POST', '/accounts', { body: { ...body, country: 'US' } })
    const [mail] = await origin.mails()
    const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1]
    expect((await origin.request('POST', '/accounts/verification', { body: { token } })).status).toBe(201)
    expect(await origin.mails()).toMatchObject([
      { subject: 'Welcome to ClassifyHub', headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } },
    ])
  })

  it('tells of a new password, however it was set, and offers no way to silence that', async () => {
    const account = await origin.createAccount()
    const next = 'a brand new password 7'
    await origin.request('PUT', '/accounts/me/password', {
      token: account.token,
      body: { currentPassword: account.password, password: next },
    })
    const [changed] = await origin.mails()
    expect(changed).toMatchObject({ to: account.email, subject: 'Your password was changed' })
    expect(changed?.headers).not.toHaveProperty('List-Unsubscribe')
    await origin.request('POST', '/password-resets', { body: { email: account.email } })
    const [reset] = await origin.mails()
    const token = /token=([\w-]+)/.exec(reset?.text ?? '')?.[1]
    await origin.request('POST', '/password-resets/completion', { body: { token, password: `${next}8` } })
    expect(await subjects()).toEqual(['Your password was changed'])
  })
})
