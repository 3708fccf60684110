import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { hashPassword } from './passwords.ts'
import { changeRole, createVerifiedAccount, findOrCreateVerifiedAccount } from './verified-accounts.ts'

let na: TestOrigin
let eu: TestOrigin
beforeAll(async () => {
  ;({ na, eu } = await createTestWorld(['na', 'eu']))
})

const password = 'correct horse battery 9'

describe('createVerifiedAccount', () => {
  it('makes an account that can sign in at once and that the directory names', async () => {
    const email = uniqueEmail()
    const account = await createVerifiedAccount(na.ctx, {
      email,
      password,
      displayName: 'Ana',
      role: 'moderator',
      country: 'BR',
      createdAt: new Date('2024-01-02'),
    })
    expect(account).toMatchObject({
      role: 'moderator',
      country: 'BR',
      currency: 'BRL',
      created_at: new Date('2024-01-02'),
      in_directory: true,
    })
    expect(account.id).toMatch(/^na_/)
    expect(await na.signIn(email, password)).toBeTruthy()
    expect(await eu.ctx.directory.find(email)).toBe('na')
    expect(await na.mails()).toEqual([])
  })

  it('takes a hash in place of the password', async () => {
    const email = uniqueEmail()
    await createVerifiedAccount(na.ctx, { email, passwordHash: await hashPassword(password), displayName: 'Ana' })
    expect(await na.signIn(email, password)).toBeTruthy()
  })

  it('refuses an address that is taken, here or elsewhere, and a country of another region', async () => {
    const { email } = await na.createAccount()
    const make = (origin: TestOrigin, country?: string) =>
      createVerifiedAccount(origin.ctx, { email, password, displayName: 'Ana', ...(country && { country }) })
    await expect(make(na)).rejects.toMatchObject({ code: 'conflict' })
    await expect(make(eu)).rejects.toMatchObject({ code: 'conflict', detail: expect.stringContaining('region na') })
    await expect(
      createVerifiedAccount(na.ctx, { email: uniqueEmail(), password, displayName: 'Ana', country: 'DE' }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('findOrCreateVerifiedAccount', () => {
  it('makes one account however often and however many at once ask', async () => {
    const email = uniqueEmail()
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => findOrCreateVerifiedAccount(na.ctx, { email, password, displayName: 'Ana' })),
    )
    expect(new Set(outcomes.map(({ account }) => account.id)).size).toBe(1)
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1)
  })
})

describe('changeRole', () => {
  it('ends the sessions, whose tokens name the old role', async () => {
    const account = await na.createAccount()
    expect((await changeRole(na.ctx, account.email, 'operator')).role).toBe('operator')
    expect((await na.request('GET', '/accounts/me', { token: account.token })).status).toBe(401)
    const token = await na.signIn(account.email, account.password)
    expect((await na.request('GET', '/accounts/me', { token })).body.role).toBe('operator')
  })

  it('finds no unknown account', async () => {
    await expect(changeRole(na.ctx, uniqueEmail(), 'operator')).rejects.toMatchObject({ code: 'account_not_found' })
  })
})
