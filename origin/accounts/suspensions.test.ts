import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { suspendAccount } from './suspensions.ts'

let origin: TestOrigin
let eu: TestOrigin
let moderator: TestAccount
beforeAll(async () => {
  ;({ na: origin, eu } = await createTestWorld(['na', 'eu']))
  moderator = await origin.createAccount({ role: 'moderator' })
})
beforeEach(async () => {
  await origin.mails()
})

function suspend(id: string, token = moderator.token, reason = 'sold what was not theirs') {
  return origin.request('PUT', `/accounts/${id}/suspension`, { token, body: { reason } })
}

function reinstate(id: string, token = moderator.token) {
  return origin.request('DELETE', `/accounts/${id}/suspension`, { token })
}

const auditOf = (id: string) =>
  origin.ctx.db.selectFrom('audit').selectAll().where('subject_id', '=', id).orderBy('id').execute()

describe('suspendAccount', () => {
  it('ends the sessions, writes the audit row and tells the holder why', async () => {
    const account = await origin.createAccount()
    expect((await suspend(account.id)).status).toBe(204)
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).body.code).toBe('session_ended')
    expect(
      (await origin.request('POST', '/sessions/refresh', { body: { refreshToken: account.refreshToken } })).status,
    ).toBe(401)
    expect(await auditOf(account.id)).toMatchObject([
      { actor_id: moderator.id, action: 'account.suspend', reason: 'sold what was not theirs' },
    ])
    const rows = await origin.ctx.db
      .selectFrom('outbox')
      .select('payload')
      .where('aggregate_id', '=', account.id)
      .where('kind', '=', 'mail.requested')
      .execute()
    expect(rows).toMatchObject([{ payload: { mail: 'account-suspended', data: {} } }])
    const mails = await origin.mails()
    expect(mails).toMatchObject([{ to: account.email, subject: 'Your account is suspended' }])
    expect(mails[0]?.text).toContain('sold what was not theirs')
  })

  it('changes nothing the second time, also of two at once', async () => {
    const account = await origin.createAccount()
    const replies = await Promise.all([suspend(account.id), suspend(account.id, moderator.token, 'another reason')])
    expect(replies.map(reply => reply.status)).toEqual([204, 204])
    expect(await auditOf(account.id)).toHaveLength(1)
  })

  it('refuses members of whatever region, and strangers', async () => {
    const account = await origin.createAccount()
    const member = await origin.createAccount()
    const foreign = await eu.createAccount()
    expect((await suspend(account.id, member.token)).body.code).toBe('forbidden')
    expect(
      (await origin.request('PUT', `/accounts/${account.id}/suspension`, { body: { reason: 'spam' } })).status,
    ).toBe(401)
    expect((await suspend(account.id, foreign.token)).body.code).toBe('forbidden')
    expect(await auditOf(account.id)).toEqual([])
  })

  it("refuses the moderator's own account and every operator", async () => {
    const operator = await origin.createAccount({ role: 'operator' })
    const other = await origin.createAccount({ role: 'operator' })
    expect((await suspend(moderator.id)).status).toBe(403)
    expect((await suspend(operator.id)).status).toBe(403)
    expect((await suspend(operator.id, operator.token)).status).toBe(403)
    expect((await suspend(other.id, operator.token)).status).toBe(403)
    expect((await origin.request('GET', '/accounts/me', { token: operator.token })).status).toBe(200)
    expect(await auditOf(operator.id)).toEqual([])
  })

  it('finds no account that is unknown, and needs a reason', async () => {
    for (const id of [createId('na'), createId('eu'), 'nonsense', '%00'])
      expect((await suspend(id)).body.code).toBe('account_not_found')
    const account = await origin.createAccount()
    expect((await suspend(account.id, moderator.token, ' ')).status).toBe(422)
  })

  it('leaves nothing half done when a step fails', async () => {
    const account = await origin.createAccount()
    const broken = { ...moderator.actor, id: null as unknown as string }
    await expect(suspendAccount(origin.ctx, broken, { id: account.id, reason: 'spam' })).rejects.toThrow()
    expect((await origin.request('GET', '/accounts/me', { token: account.token })).status).toBe(200)
  })
})

describe('reinstateAccount', () => {
  it('lets the holder sign in again, with an audit row and a mail', async () => {
    const account = await origin.createAccount()
    await suspend(account.id)
    await origin.mails()
    expect((await reinstate(account.id)).status).toBe(204)
    expect(await origin.signIn(account.email, account.password)).toBeTruthy()
    expect((await auditOf(account.id)).map(row => row.action)).toEqual(['account.suspend', 'account.reinstate'])
    expect(await origin.mails()).toMatchObject([{ subject: 'Your account is open again' }])
  })

  it('changes nothing where nothing is suspended, and is for moderators only', async () => {
    const account = await origin.createAccount()
    expect((await reinstate(account.id)).status).toBe(204)
    expect(await auditOf(account.id)).toEqual([])
    expect((await reinstate(account.id, account.token)).status).toBe(403)
    expect((await reinstate(createId('na'))).status).toBe(404)
  })
})

describe('audit', () => {
  it('can be added to and nothing else', async () => {
    const account = await origin.createAccount()
    await suspend(account.id)
    const { db } = origin.ctx
    await expect(
      db.updateTable('audit').set({ reason: 'none' }).where('subject_id', '=', account.id).execute(),
    ).rejects.toThrow('append-only')
    await expect(db.deleteFrom('audit').where('subject_id', '=', account.id).execute()).rejects.toThrow('append-only')
    expect(await auditOf(account.id)).toHaveLength(1)
  })
})
