import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Mail } from '../adapters/ses.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { type TestAccount, uniqueEmail } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { settleAddressMoves } from './address-changes.ts'

let clock: Clock
let na: TestOrigin
let eu: TestOrigin
beforeAll(async () => {
  clock = createClock()
  const world = await createTestWorld(['na', 'eu'], { now: clock.now })
  na = world.na
  eu = world.eu
})
beforeEach(async () => {
  await na.mails()
  await eu.mails()
})

const ask = ({ token, password }: TestAccount, email: string, given = password) =>
  na.request('PUT', '/accounts/me/email', { token, body: { email, password: given } })
const agree = (token: string | undefined) => na.request('POST', '/mail-links/use', { body: { token } })
const tokenIn = (mail: Mail | undefined) => /\/mail\?token=([\w-]+)/.exec(mail?.text ?? '')?.[1]

async function mailsAbout(account: TestAccount, email: string) {
  const mails = await na.mails()
  return { toNew: mails.find(mail => mail.to === email), toOld: mails.find(mail => mail.to === account.email) }
}

async function emailOf({ id }: TestAccount): Promise<string | undefined> {
  return (await na.ctx.db.selectFrom('accounts').select('email').where('id', '=', id).executeTakeFirst())?.email
}

describe('requestAddressChange', () => {
  it('moves the account once both addresses have agreed, whichever is first', async () => {
    for (const first of ['toNew', 'toOld'] as const) {
      const account = await na.createAccount()
      const email = uniqueEmail()
      expect(await ask(account, ` ${email.toUpperCase()} `)).toMatchObject({ status: 202, body: {} })
      const mails = await mailsAbout(account, email)
      expect(mails.toNew?.text).not.toContain(account.displayName)
      expect((await agree(tokenIn(mails[first]))).status).toBe(200)
      expect(await emailOf(account)).toBe(account.email)
      const under = await na.request('GET', '/accounts/me/email', { token: account.token })
      expect(under.body.change).toMatchObject({ email, confirmed: first === 'toNew', approved: first === 'toOld' })
      const second = first === 'toNew' ? 'toOld' : 'toNew'
      expect((await agree(tokenIn(mails[second]))).body.state).toBe('done')
      expect(await emailOf(account)).toBe(email)
      expect(await na.signIn(email, account.password)).toBeTruthy()
      expect(await na.ctx.directory.find(email)).toBe('na')
      expect(await na.ctx.directory.find(account.email)).toBeUndefined()
      const told = await na.mails()
      expect(told.map(mail => [mail.to, mail.subject]).sort()).toEqual(
        [account.email, email].sort().map(to => [to, 'Your address was changed']),
      )
      expect((await agree(tokenIn(mails.toNew))).body.state).toBe('done')
    }
  })

  it('needs the password and another address', async () => {
    const account = await na.createAccount()
    expect((await ask(account, uniqueEmail(), 'a wrong password')).body.errors).toMatchObject([{ field: 'password' }])
    expect((await ask(account, account.email)).body.errors).toMatchObject([{ field: 'email' }])
    expect(await na.mails()).toEqual([])
  })

  it('tells the holder of a taken address, in either region, and not whoever asked', async () => {
    for (const origin of [na, eu]) {
      const holder = await origin.createAccount()
      const account = await na.createAccount()
      expect(await ask(account, holder.email)).toMatchObject({ status: 202, body: {} })
      const { toNew, toOld } = await mailsAbout(account, holder.email)
      expect(toNew?.subject).toBe('This address has an account already')
      expect(tokenIn(toNew)).toBeUndefined()
      expect(toOld?.subject).toBe('Do you want to change your address?')
      await agree(tokenIn(toOld))
      expect(await emailOf(account)).toBe(account.email)
    }
  })

  it('gives the address to nobody else who took it meanwhile', async () => {
    const account = await na.createAccount()
    const email = uniqueEmail()
    await ask(account, email)
    const { toNew, toOld } = await mailsAbout(account, email)
    await agree(tokenIn(toOld))
    await eu.createAccount({ email })
    expect((await agree(tokenIn(toNew))).status).toBe(422)
    expect(await emailOf(account)).toBe(account.email)
    expect(await na.ctx.directory.find(email)).toBe('eu')
  })

  it('replaces an account that nobody confirmed: whoever reads the mail decides', async () => {
    const account = await na.createAccount()
    const email = uniqueEmail()
    await na.request('POST', '/accounts', {
      body: { email, password: 'a password of a squatter 1', displayName: 'X', country: 'US' },
    })
    await ask(account, email)
    const mails = (await na.mails()).filter(mail => mail.subject !== 'Confirm your address')
    for (const mail of mails) await agree(tokenIn(mail))
    expect(await emailOf(account)).toBe(email)
  })

  it('lets only the newest wish count, for a day, and five a day', async () => {
    const account = await na.createAccount()
    const email = uniqueEmail()
    await ask(account, email)
    const old = await mailsAbout(account, email)
    const other = uniqueEmail()
    await ask(account, other)
    const mails = await mailsAbout(account, other)
    expect((await agree(tokenIn(old.toNew))).status).toBe(422)
    clock.advance(86_400_000)
    expect((await agree(tokenIn(mails.toNew))).status).toBe(422)
    const again = await na.createAccount()
    for (let i = 0; i < 5; i++) expect((await ask(again, uniqueEmail())).status).toBe(202)
    const refused = await ask(again, uniqueEmail())
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('asks no old address that does not take our mail', async () => {
    const account = await na.createAccount()
    await na.ctx.db.updateTable('accounts').set({ mail_trouble: 'bounced' }).where('id', '=', account.id).execute()
    const email = uniqueEmail()
    await ask(account, email)
    const { toNew, toOld } = await mailsAbout(account, email)
    expect(toOld).toBeUndefined()
    await agree(tokenIn(toNew))
    const reply = await na.request('GET', '/accounts/me/email', { token: account.token })
    expect(reply.body).toEqual({ email, trouble: null, change: null })
  })

  it('is over when the password changes: whoever asked knew the old one', async () => {
    const password = 'a brand new password 7'
    const change = async ({ token, password: currentPassword }: TestAccount) =>
      na.request('PUT', '/accounts/me/password', { token, body: { currentPassword, password } })
    const reset = async ({ email }: TestAccount) => {
      await na.request('POST', '/password-resets', { body: { email } })
      const token = /\/reset\?token=([\w-]+)/.exec((await na.mails()).at(-1)?.text ?? '')?.[1]
      return na.request('POST', '/password-resets/completion', { body: { token, password } })
    }
    for (const renew of [change, reset]) {
      const account = await na.createAccount()
      await na.ctx.db.updateTable('accounts').set({ mail_trouble: 'bounced' }).where('id', '=', account.id).execute()
      const email = uniqueEmail()
      await ask(account, email)
      const { toNew } = await mailsAbout(account, email)
      expect((await renew(account)).status).toBe(204)
      expect((await agree(tokenIn(toNew))).status).toBe(422)
      expect(await emailOf(account)).toBe(account.email)
    }
  })

  it('heals the directory when the process died after the change', async () => {
    const account = await na.createAccount()
    const email = uniqueEmail()
    await ask(account, email)
    const { toNew, toOld } = await mailsAbout(account, email)
    await agree(tokenIn(toOld))
    const { confirm } = na.ctx.directory
    na.ctx.directory.confirm = () => Promise.reject(new Error('the process died here'))
    expect((await agree(tokenIn(toNew))).status).toBe(200)
    na.ctx.directory.confirm = confirm
    expect(await na.ctx.directory.find(account.email)).toBe('na')
    expect(await settleAddressMoves(na.ctx, 10)).toBe(1)
    expect(await settleAddressMoves(na.ctx, 10)).toBe(0)
    expect(await na.ctx.directory.find(account.email)).toBeUndefined()
    expect(await na.ctx.directory.find(email)).toBe('na')
  })
})
