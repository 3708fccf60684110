import { beforeEach, describe, expect, it } from 'vitest'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { requestExport } from './exports.ts'
import { renewExports } from './renewing.ts'

const day = 86_400_000

let clock: Clock
let origin: TestOrigin
let owner: TestAccount
beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  owner = await origin.createAccount()
})

/** Asks for a copy; gives its id and the token of the link that is mailed. */
async function mailedLink(): Promise<{ id: string; token: string }> {
  const { id } = await requestExport(origin.ctx, owner.actor)
  const mails = await runJobs({ na: origin })
  const text = mails.find(({ to, subject }) => to === owner.email && subject.includes('data'))?.text ?? ''
  expect(text).not.toContain(id)
  return { id, token: /\/mail\?token=([\w-]+)/.exec(text)?.[1] ?? '' }
}

const preview = (token: string) => origin.request('POST', '/mail-links/preview', { body: { token } })
const stateOf = async (token: string) => (await preview(token)).body.state
const download = (id: string, token = owner.token) =>
  origin.request('GET', `/accounts/me/exports/${id}/archive`, { token })

describe('the link to a copy of one’s data', () => {
  it('says which copy it is and until when, and gives nothing by itself', async () => {
    const { id, token } = await mailedLink()
    const { expiresAt } = (await origin.request('GET', '/accounts/me/exports', { token: owner.token })).body.items[0]
    const said = { action: 'download', state: 'open', exportId: id, until: expiresAt, title: null, postId: null }
    expect((await preview(token)).body).toMatchObject(said)
    const used = await origin.request('POST', '/mail-links/use', { body: { token } })
    expect([used.status, used.body]).toMatchObject([200, said])
    expect((await origin.request('GET', `/accounts/me/exports/${id}/archive`)).status).toBe(401)
    expect((await download(id, (await origin.createAccount()).token)).status).toBe(404)
    expect((await download(id)).status).toBe(200)
  })

  it('ends with the copy, to the second', async () => {
    const { id, token } = await mailedLink()
    clock.advance(7 * day - 1)
    expect(await stateOf(token)).toBe('open')
    clock.advance(1)
    expect(await stateOf(token)).toBe('over')
    expect((await origin.request('POST', '/mail-links/use', { body: { token } })).status).toBe(422)
    expect((await download(id, await origin.signIn(owner.email, owner.password))).status).toBe(404)
  })

  it('ends at the time that the mail named, though the copy was made anew since', async () => {
    const { id, token } = await mailedLink()
    const later = new Date(clock.now().getTime() + 9 * day)
    await origin.ctx.db.updateTable('exports').set({ expires_at: later }).where('id', '=', id).execute()
    clock.advance(7 * day)
    expect(await stateOf(token)).toBe('over')
  })

  it('does not work for a suspended account, nor for a deleted or an erased one', async () => {
    const { id, token } = await mailedLink()
    const moderator = await origin.createAccount({ role: 'moderator' })
    const suspension = `/accounts/${owner.id}/suspension`
    await origin.request('PUT', suspension, { token: moderator.token, body: { reason: 'Sold thin air' } })
    expect([await stateOf(token), (await download(id)).status]).toEqual(['over', 401])
    await origin.request('DELETE', suspension, { token: moderator.token })
    expect(await stateOf(token)).toBe('open')

    const session = await origin.signIn(owner.email, owner.password)
    await origin.request('DELETE', '/accounts/me', { token: session, body: { password: owner.password } })
    expect([await stateOf(token), (await download(id, session)).status]).toEqual(['over', 401])

    await origin.ctx.db.deleteFrom('accounts').where('id', '=', owner.id).execute()
    expect(await stateOf(token)).toBe('over')
  })

  it('is not mailed to whoever was suspended while the copy was made', async () => {
    await requestExport(origin.ctx, owner.actor)
    await origin.ctx.db.updateTable('accounts').set({ suspended_at: clock.now() }).where('id', '=', owner.id).execute()
    expect((await runJobs({ na: origin })).filter(({ to }) => to === owner.email)).toEqual([])
  })

  it('is over while the copy is made anew, and works again then', async () => {
    const { id, token } = await mailedLink()
    clock.advance(day)
    await origin.ctx.db.transaction().execute(trx => renewExports(origin.ctx, trx, [owner.id]))
    expect(await stateOf(token)).toBe('over')
    expect(await runJobs({ na: origin })).toEqual([])
    expect(await stateOf(token)).toBe('open')
    expect((await download(id, await origin.signIn(owner.email, owner.password))).status).toBe(200)
  })
})
