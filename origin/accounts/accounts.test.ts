import { beforeAll, describe, expect, it } from 'vitest'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { loseRace } from '../testing/race.ts'
import { changePassword, deleteAccount } from './accounts.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await createTestOrigin()
})

const next = 'a brand new password 7'

describe('getAccount', () => {
  it('shows the holder what is theirs and no secret', async () => {
    const account = await origin.createAccount({ country: 'MX', role: 'moderator' })
    const reply = await origin.request('GET', '/accounts/me', { token: account.token })
    expect(Object.keys(reply.body).sort()).toEqual(
      [
        'id',
        'email',
        'displayName',
        'role',
        'region',
        'country',
        'locale',
        'timeZone',
        'currency',
        'mailTrouble',
        'createdAt',
        'version',
      ].sort(),
    )
    expect(reply.body).toMatchObject({
      id: account.id,
      role: 'moderator',
      country: 'MX',
      currency: 'MXN',
      timeZone: 'America/Mexico_City',
    })
  })

  it('refuses whoever is nobody', async () => {
    expect((await origin.request('GET', '/accounts/me')).status).toBe(401)
  })
})

describe('editAccount', () => {
  it('changes what is named and counts the version', async () => {
    const { token } = await origin.createAccount()
    const reply = await origin.request('PATCH', '/accounts/me', {
      token,
      body: { displayName: 'Zoë', currency: 'JPY', timeZone: 'Asia/Tokyo', locale: 'ja-JP' },
    })
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      displayName: 'Zoë',
      currency: 'JPY',
      timeZone: 'Asia/Tokyo',
      locale: 'ja-JP',
      version: 2,
    })
    expect((await origin.request('PATCH', '/accounts/me', { token, body: {} })).body.version).toBe(2)
  })

  it.each([
    ['role', { role: 'operator' }],
    ['email', { email: 'other@example.com' }],
    ['currency', { currency: 'XXX' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['locale', { locale: 'tlh' }],
    ['displayName', { displayName: 'two\nlines' }],
  ])('refuses a faulty %s by name', async (field, body) => {
    const { token } = await origin.createAccount()
    const reply = await origin.request('PATCH', '/accounts/me', { token, body })
    expect(reply.status).toBe(422)
    expect(reply.body.errors[0].field).toBe(field)
  })
})

describe('changePassword', () => {
  it('takes effect at once and ends the other sessions, not this one', async () => {
    const account = await origin.createAccount()
    const other = await origin.signIn(account.email, account.password)
    const reply = await origin.request('PUT', '/accounts/me/password', {
      token: account.token,
      body: { currentPassword: account.password, password: next },
    })
    expect(reply.status).toBe(204)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).status).toBe(200)
    expect((await origin.request('GET', '/accounts/me', { token: other })).status).toBe(401)
    expect(
      (await origin.request('POST', '/sessions', { body: { email: account.email, password: account.password } }))
        .status,
    ).toBe(401)
    expect(await origin.signIn(account.email, next)).toBeTruthy()
  })

  it('makes a reset mail that is under way void', async () => {
    const account = await origin.createAccount()
    await origin.request('POST', '/password-resets', { body: { email: account.email } })
    const [mail] = await origin.mails()
    const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1]
    await origin.request('PUT', '/accounts/me/password', {
      token: account.token,
      body: { currentPassword: account.password, password: next },
    })
    expect(
      (await origin.request('POST', '/password-resets/completion', { body: { token, password: 'yet another one 8' } }))
        .status,
    ).toBe(422)
  })

  it('refuses a wrong present password and a common new one, by field, and changes nothing', async () => {
    const account = await origin.createAccount()
    const put = (body: object) => origin.request('PUT', '/accounts/me/password', { token: account.token, body })
    expect((await put({ currentPassword: 'a wrong password', password: next })).body.errors).toMatchObject([
      { field: 'currentPassword' },
    ])
    expect((await put({ currentPassword: account.password, password: 'Password1234' })).body.errors).toMatchObject([
      { field: 'password' },
    ])
    expect((await put({ currentPassword: account.password, password: 'maria-example-1' })).body.errors).toMatchObject([
      { field: 'password' },
    ])
    expect(await origin.signIn(account.email, account.password)).toBeTruthy()
  })

  it('loses to another change of the password that came first', async () => {
    const { id, actor, password } = await origin.createAccount()
    const outcome = await loseRace(
      origin.ctx,
      () => changePassword(origin.ctx, actor, { currentPassword: password, password: next }),
      trx => trx.updateTable('accounts').set({ password_hash: 'changed' }).where('id', '=', id).execute(),
    )
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
  })
})

describe('deleteAccount', () => {
  it('ends the sessions and hides the posts', async () => {
    const account = await origin.createAccount()
    await insertPost(account.id)
    const reply = await origin.request('DELETE', '/accounts/me', {
      token: account.token,
      body: { password: account.password },
    })
    expect(reply.status).toBe(202)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).status).toBe(401)
    const post = await origin.ctx.db
      .selectFrom('posts')
      .select('seller_hidden')
      .where('account_id', '=', account.id)
      .executeTakeFirstOrThrow()
    expect(post.seller_hidden).toBe(true)
    await origin.request('POST', '/password-resets', { body: { email: account.email } })
    const mails = (await origin.mails()).filter(mail => mail.to === account.email)
    expect(mails).toMatchObject([{ subject: 'Your account is deleted' }])
  })

  it('needs the password', async () => {
    const account = await origin.createAccount()
    const reply = await origin.request('DELETE', '/accounts/me', {
      token: account.token,
      body: { password: 'a wrong password' },
    })
    expect(reply.status).toBe(422)
    expect(reply.body.errors).toEqual([{ field: 'password', message: 'is not your password' }])
    expect((await origin.request('DELETE', '/accounts/me', { token: account.token, body: {} })).status).toBe(422)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).status).toBe(200)
  })

  it('loses to a change of the password that came first', async () => {
    const { id, actor, password } = await origin.createAccount()
    const outcome = await loseRace(
      origin.ctx,
      () => deleteAccount(origin.ctx, actor, { password }),
      trx => trx.updateTable('accounts').set({ password_hash: 'changed' }).where('id', '=', id).execute(),
    )
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
  })
})

async function insertPost(accountId: string): Promise<void> {
  await origin.ctx.db
    .insertInto('posts')
    .values({
      id: `na_${crypto.randomUUID()}`,
      account_id: accountId,
      external_id: null,
      title: 'A red boat',
      description: '',
      category: 'boats',
      top_category: 'vehicles',
      price_amount: null,
      price_currency: null,
      price_kind: 'free',
      condition: null,
      attributes: '{}',
      country: 'US',
      subdivision: null,
      city: 'Boston',
      lat: 42,
      lon: -71,
      public_lat: 42,
      public_lon: -71,
      status: 'draft',
      removed_from: null,
      removal_reason: null,
      created_at: new Date(),
      updated_at: new Date(),
    })
    .execute()
}
