import { beforeAll, describe, expect, it } from 'vitest'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await createTestOrigin()
})

describe('signIn', () => {
  it('gives a session with the account', async () => {
    const account = await origin.createAccount()
    const reply = await origin.request('POST', '/sessions', {
      body: { email: account.email, password: account.password },
    })
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 600, account: { id: account.id, region: 'na' } })
    const me = await origin.request('GET', '/accounts/me', { token: reply.body.accessToken })
    expect(me.status).toBe(200)
  })
})
