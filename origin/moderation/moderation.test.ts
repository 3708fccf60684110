import { beforeAll, describe, expect, it } from 'vitest'
import { api } from '../../shared/api.ts'
import { createId } from '../../shared/ids.ts'
import type { Report } from '../../shared/report.ts'
import { connect } from '../db/connect.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { runJobs } from '../testing/jobs.ts'
import { createTestReport, createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'
import { decideReport } from './deciding.ts'
import { reportsAnHour, strangersPerSubject } from './reporting.ts'

let world: { na: TestOrigin; eu: TestOrigin }
let na: TestOrigin
let seller: TestAccount
let buyer: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  world = await createTestWorld(['na', 'eu'])
  na = world.na
  seller = await na.createAccount({ displayName: 'Sam Seller' })
  buyer = await na.createAccount({ displayName: 'Bea Buyer' })
  moderator = await na.createAccount({ role: 'moderator' })
})

const decide = (id: string, outcome: string, reason = 'Seen it', { token } = moderator) =>
  na.request('PUT', `/reports/${id}/decision`, { token, body: { outcome, reason } })
const queue = async (): Promise<Report[]> =>
  (await na.request('GET', '/reports?limit=100', { token: moderator.token })).body.items
const rowsOf = (subject: string) =>
  na.ctx.db.selectFrom('reports').selectAll().where('subject_id', '=', subject).orderBy('id').execute()
const auditOf = (subject: string) =>
  na.ctx.db.selectFrom('audit').selectAll().where('subject_id', '=', subject).orderBy('id').execute()
const firstMessageOf = (threadId: string) =>
  na.ctx.db.selectFrom('messages').select('id').where('thread_id', '=', threadId).executeTakeFirstOrThrow()

describe('a report', () => {
  it('is kept once from each reporter while it is open: members, other regions, networks', async () => {
    const post = await createTestPost(na, seller)
    const far = await world.eu.createAccount()
    for (const token of [buyer.token, buyer.token, far.token, far.token, undefined, undefined])
      await createTestReport(na, `/posts/${post.id}`, token)
    const reply = await na.request('POST', `/posts/${post.id}/reports`, {
      body: { reason: 'spam' },
      visitor: { ip: '198.51.100.9' },
    })
    expect([reply.status, reply.body]).toEqual([202, {}])
    const rows = await rowsOf(post.id)
    expect(rows.map(({ reporter_id }) => reporter_id)).toEqual([buyer.id, far.id, null, null])
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|198\.51\.100/)
  })

  it('of a stranger counts up to so many for one thing', async () => {
    const post = await createTestPost(na, seller)
    for (let n = 0; n < strangersPerSubject + 3; n++) {
      const options = { body: { reason: 'spam' }, visitor: { ip: `203.0.113.${100 + n}` } }
      expect((await na.request('POST', `/posts/${post.id}/reports`, options)).status).toBe(202)
    }
    expect(await rowsOf(post.id)).toHaveLength(strangersPerSubject)
  })

  it('is refused of drafts, ghosts, oneself, without a reason, and beyond the limit of the hour', async () => {
    const report = (resource: string, { token } = buyer, body: object = { reason: 'spam' }) =>
      na.request('POST', `${resource}/reports`, { token, body })
    const draft = await createTestPost(na, seller, 'draft')
    expect((await report(`/posts/${draft.id}`)).body.code).toBe('post_not_found')
    for (const id of [createId('na'), 'nonsense']) {
      expect((await report(`/accounts/${id}`)).body.code).toBe('account_not_found')
      expect((await report(`/messages/${id}`)).body.code).toBe('message_not_found')
    }
    expect((await report(`/accounts/${buyer.id}`)).body.code).toBe('forbidden')
    expect((await report(`/accounts/${seller.id}`, buyer, { reason: 'ugly' })).status).toBe(422)
    const eager = await na.createAccount()
    for (let n = 0; n < reportsAnHour; n++)
      expect((await report(`/posts/${(await createTestPost(na, seller)).id}`, eager)).status).toBe(202)
    const refused = await report(`/posts/${(await createTestPost(na, seller)).id}`, eager)
    expect([refused.status, Number(refused.headers.get('retry-after')) > 3_000]).toEqual([429, true])
  })

  it('of a message is for whom it was written to, not for its writer or anybody else', async () => {
    const thread = await createTestThread(na, buyer, (await createTestPost(na, seller)).id, 'Come alone')
    const { id } = await firstMessageOf(thread.id)
    const report = ({ token }: TestAccount) =>
      na.request('POST', `/messages/${id}/reports`, { token, body: { reason: 'offensive' } })
    expect((await report(buyer)).body.code).toBe('forbidden')
    expect((await report(await na.createAccount())).body.code).toBe('message_not_found')
    expect((await report(seller)).status).toBe(202)
  })
})

describe('listReports', () => {
  it('shows each thing once with what a moderator needs, and never who reported', async () => {
    const post = await createTestPost(na, seller)
    await createTestReport(na, `/posts/${post.id}`, buyer.token, 'Stolen')
    await createTestReport(na, `/posts/${post.id}`)
    const thread = await createTestThread(na, buyer, post.id, 'Send money first')
    const { id } = await firstMessageOf(thread.id)
    await createTestReport(na, `/messages/${id}`, seller.token)
    const items = await queue()
    const found = items.filter(({ subjectId }) => subjectId === post.id)
    expect(found).toMatchObject([
      {
        subject: 'post',
        text: 'Stolen',
        others: 1,
        signedIn: true,
        about: { id: seller.id, name: 'Sam Seller', suspended: false },
        post: { id: post.id, title: post.title, status: 'active' },
        outcomes: ['suspend', 'remove', 'dismiss'],
      },
    ])
    expect(items.find(({ subjectId }) => subjectId === id)).toMatchObject({
      about: { id: buyer.id },
      messages: [{ role: 'buyer', text: 'Send money first' }],
    })
    expect(JSON.stringify(found)).not.toContain(buyer.id)
    expect(JSON.stringify(items)).not.toMatch(/@example\.com/)
  })

  it('pages by keyset, the longest waiting first', async () => {
    const all = (await queue()).map(({ id }) => id)
    const seen: string[] = []
    for (let cursor = ''; seen.length === 0 || cursor; ) {
      const { body } = await na.request('GET', `/reports?limit=2${cursor && `&cursor=${cursor}`}`, {
        token: moderator.token,
      })
      seen.push(...body.items.map(({ id }: Report) => id))
      cursor = body.nextCursor
    }
    expect(seen).toEqual(all)
  })
})

describe('decideReport', () => {
  it('removes a post, tells its seller why and each member who reported it, with an audit row', async () => {
    const owner = await na.createAccount()
    const far = await world.eu.createAccount()
    const post = await createTestPost(na, owner)
    const id = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    await createTestReport(na, `/posts/${post.id}`, far.token)
    await runJobs(world)
    expect((await decide(id, 'remove', 'It is not yours to sell')).status).toBe(204)
    const own = await na.request('GET', `/posts/${post.id}`, { token: owner.token })
    expect(own.body).toMatchObject({ ownStatus: 'removed', removalReason: 'It is not yours to sell' })
    expect((await auditOf(post.id)).map(({ action, actor_id, reason }) => [action, actor_id, reason])).toEqual([
      ['post.remove', moderator.id, 'It is not yours to sell'],
      ['report.remove', moderator.id, 'It is not yours to sell'],
    ])
    const mails = await runJobs(world)
    expect(mails.map(({ to }) => to).sort()).toEqual([owner.email, buyer.email, far.email].sort())
    const toOwner = mails.find(({ to }) => to === owner.email)
    expect(toOwner?.text).toContain('It is not yours to sell')
    expect((await queue()).some(({ subjectId }) => subjectId === post.id)).toBe(false)
    expect((await decide(id, 'dismiss')).body.code).toBe('report_decided')
    expect((await rowsOf(post.id)).every(({ outcome }) => outcome === 'remove')).toBe(true)
  })

  it('dismisses, and the same may be reported again', async () => {
    const post = await createTestPost(na, seller)
    const id = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    expect((await decide(id, 'dismiss')).status).toBe(204)
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(200)
    expect((await auditOf(post.id)).map(({ action }) => action)).toEqual(['report.dismiss'])
    await createTestReport(na, `/posts/${post.id}`, buyer.token)
    expect(await rowsOf(post.id)).toHaveLength(2)
  })

  it('suspends the account behind a post or a message of this region, and not of another', async () => {
    const owner = await na.createAccount()
    const far = await world.eu.createAccount()
    const post = await createTestPost(na, owner)
    const thread = await createTestThread(na, far, post.id, 'Rude words')
    const { id: messageId } = await firstMessageOf(thread.id)
    const foreign = await createTestReport(na, `/messages/${messageId}`, owner.token)
    const refused = await decide(foreign, 'suspend')
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'outcome'])
    expect((await decide(foreign, 'remove')).status).toBe(204)
    const { body } = await na.request('GET', `/threads/${thread.id}/messages`, { token: owner.token })
    expect(body.items).toMatchObject([{ removed: true, text: '' }])
    const { body: seen } = await na.request('GET', `/threads/${thread.id}`, { token: owner.token })
    expect(seen.last.text).toBe('')
    const id = await createTestReport(na, `/accounts/${owner.id}`, buyer.token)
    expect((await decide(id, 'remove')).status).toBe(422)
    expect((await decide(id, 'suspend')).status).toBe(204)
    expect((await na.request('GET', '/accounts/me', { token: owner.token })).body.code).toBe('session_ended')
    expect((await auditOf(owner.id)).map(({ action }) => action)).toEqual(['account.suspend', 'report.suspend'])
  })

  it('removes a message: its author reads why, of whatever region, and the other side only that it is so', async () => {
    const owner = await na.createAccount({ displayName: 'Otto Owner' })
    const far = await world.eu.createAccount({ displayName: 'Fay Far' })
    const post = await createTestPost(na, owner)
    const thread = await createTestThread(na, far, post.id, 'Rude words')
    const rude = await firstMessageOf(thread.id)
    const answer = await na.request('POST', `/threads/${thread.id}/messages`, {
      token: owner.token,
      body: { text: 'Ruder words' },
    })
    const seen = async ({ token }: TestAccount) =>
      (await na.request('GET', `/threads/${thread.id}/messages`, { token })).body.items
    expect(await seen(far)).toMatchObject([{ removalReason: null }, { removalReason: null }])
    await runJobs(world)
    await decide(await createTestReport(na, `/messages/${rude.id}`, owner.token), 'remove', 'Insults are not welcome')
    await decide(await createTestReport(na, `/messages/${answer.body.id}`, far.token), 'remove', 'Nor are worse ones')
    const [mine, theirs] = [
      { mine: true, removed: true, text: '' },
      { mine: false, removed: true, removalReason: null },
    ]
    expect(await seen(far)).toMatchObject([theirs, { ...mine, removalReason: 'Insults are not welcome' }])
    expect(await seen(owner)).toMatchObject([{ ...mine, removalReason: 'Nor are worse ones' }, theirs])

    const mails = await runJobs(world)
    const to = ({ email }: TestAccount) =>
      mails.filter(mail => mail.to === email && mail.subject.startsWith('Removed')).map(({ text }) => text)
    expect(to(owner)).toEqual([expect.stringContaining('Nor are worse ones')])
    expect(to(far)).toEqual([expect.stringContaining(`/messages/${thread.id}`)])
    for (const text of [...to(owner), ...to(far)]) expect(text).toContain(post.title)
    expect(JSON.stringify(to(far))).not.toContain('Insults are not welcome')
    const asked = await na.ctx.db.selectFrom('outbox').select('payload').where('region', '=', 'eu').execute()
    expect(JSON.stringify(asked)).not.toContain('Insults are not welcome')
  })

  it('tells a message’s author once, and no more when the thread is gone', async () => {
    const post = await createTestPost(na, seller)
    const thread = await createTestThread(na, buyer, post.id, 'Rude words')
    const { id } = await firstMessageOf(thread.id)
    await decide(await createTestReport(na, `/messages/${id}`, seller.token), 'remove', 'First reason')
    await decide(await createTestReport(na, `/messages/${id}`, seller.token), 'remove', 'Second reason')
    const items = (await na.request('GET', `/threads/${thread.id}/messages`, { token: buyer.token })).body.items
    expect(items).toMatchObject([{ removalReason: 'First reason' }])
    const about = await na.ctx.db
      .selectFrom('outbox')
      .select('payload')
      .where('aggregate_id', '=', thread.id)
      .where('done_at', 'is', null)
      .execute()
    const keys = about.flatMap(({ payload }) => (payload.mail === 'message-removed' ? [payload.key] : []))
    expect(keys).toEqual([`message-removed ${id}`])
    await na.ctx.db.deleteFrom('threads').where('id', '=', thread.id).execute()
    const mails = await na.mails()
    expect(mails.filter(mail => mail.subject.startsWith('Removed'))).toEqual([])
  })

  it('tells an account why it is suspended; of what is dismissed whom it was about hears nothing', async () => {
    const accused = await na.createAccount()
    const post = await createTestPost(na, accused)
    await runJobs(world)
    await decide(await createTestReport(na, `/posts/${post.id}`, buyer.token), 'dismiss', 'Nothing wrong with it')
    const quiet = await runJobs(world)
    expect(quiet.map(({ to }) => to)).toEqual([buyer.email])
    expect(JSON.stringify(quiet)).not.toContain('Nothing wrong with it')
    const own = await na.request('GET', `/posts/${post.id}`, { token: accused.token })
    expect(own.text).not.toContain('Nothing wrong with it')
    await decide(await createTestReport(na, `/accounts/${accused.id}`, buyer.token), 'suspend', 'Sold thin air')
    const told = (await runJobs(world)).filter(({ to }) => to === accused.email)
    expect(told).toMatchObject([{ text: expect.stringContaining('Sold thin air') }])
    const { email, password } = accused
    const refused = await na.request('POST', '/sessions', { body: { email, password } })
    expect(refused.body).toMatchObject({ code: 'account_suspended', detail: expect.stringContaining('Sold thin air') })
  })

  it('closes reports of a post that is deleted meanwhile', async () => {
    const post = await createTestPost(na, seller)
    const id = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    await na.request('DELETE', `/posts/${post.id}`, { token: seller.token })
    expect((await queue()).find(({ subjectId }) => subjectId === post.id)?.post).toBeNull()
    expect((await decide(id, 'remove')).status).toBe(204)
  })

  it('is for moderators, not about themselves, with a reason, and of reports that are there', async () => {
    const post = await createTestPost(na, moderator)
    const id = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    expect((await decide(id, 'dismiss')).body.code).toBe('forbidden')
    expect((await decide(id, 'dismiss', 'Fine', buyer)).body.code).toBe('forbidden')
    expect((await decide(id, 'dismiss', ' ')).status).toBe(422)
    expect((await decide(createId('na'), 'dismiss')).body.code).toBe('report_not_found')
    expect(await auditOf(post.id)).toEqual([])
  })

  it('is one transaction on one connection: all of it, or nothing', async () => {
    const { database } = na.ctx.config
    const db = await connect({ ...database, pool: 1, onError: () => {} })
    const ctx = { ...na.ctx, db }
    const owner = await na.createAccount()
    const post = await createTestPost(na, owner)
    const about = [`/posts/${post.id}`, `/accounts/${owner.id}`]
    const [removal = '', suspension = ''] = await Promise.all(
      about.map(resource => createTestReport(na, resource, buyer.token)),
    )
    await decideReport(ctx, moderator.actor, removal, { outcome: 'remove', reason: 'Mine' })
    const refused = { ...moderator.actor, id: null as never }
    const decision = { outcome: 'suspend', reason: 'Mine' } as const
    await expect(decideReport(ctx, refused, suspension, decision)).rejects.toThrow(/actor_id/)
    expect((await na.request('GET', '/accounts/me', { token: owner.token })).status).toBe(200)
    await decideReport(ctx, moderator.actor, suspension, decision)
    expect((await na.request('GET', '/accounts/me', { token: owner.token })).body.code).toBe('session_ended')
    await db.destroy()
  })

  it('is taken once by many moderators at a time, who together have fewer connections', async () => {
    const db = await connect({ ...na.ctx.config.database, pool: 2, onError: () => {} })
    const owners = await Promise.all(Array.from({ length: 2 }, () => na.createAccount()))
    const ids = await Promise.all(
      owners.map(async owner => createTestReport(na, `/posts/${(await createTestPost(na, owner)).id}`)),
    )
    const judges = await Promise.all(Array.from({ length: 3 }, () => na.createAccount({ role: 'moderator' })))
    const decision = { outcome: 'remove', reason: 'Mine' } as const
    const outcomes = await Promise.allSettled(
      ids.flatMap(id => judges.map(({ actor }) => decideReport({ ...na.ctx, db }, actor, id, decision))),
    )
    const refusals = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
    expect(refusals).toEqual(Array(ids.length * (judges.length - 1)).fill('report_decided'))
    await db.destroy()
  })

  it('loses the race against another moderator, and does nothing', async () => {
    const post = await createTestPost(na, seller)
    const id = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    const decision = { outcome: 'remove', reason: 'Mine' } as const
    const outcome = await loseRace(
      na.ctx,
      () => decideReport(na.ctx, moderator.actor, id, decision),
      trx =>
        trx.updateTable('reports').set({ outcome: 'dismiss', decided_at: new Date() }).where('id', '=', id).execute(),
    )
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'report_decided' } })
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(200)
    expect(await auditOf(post.id)).toEqual([])
  })
})

describe('moderators of other regions', () => {
  let far: TestAccount
  beforeAll(async () => {
    far = await world.eu.createAccount({ role: 'moderator' })
  })

  it('see the queue of each region, with how much waits there', async () => {
    const before = (await na.request('GET', '/reports?region=na&limit=1', { token: far.token })).body
    const post = await createTestPost(na, seller)
    await createTestReport(na, `/posts/${post.id}`, buyer.token)
    await createTestReport(na, `/posts/${post.id}`)
    const { status, body } = await na.request('GET', '/reports?region=na&limit=100', { token: far.token })
    expect([status, body.waiting]).toEqual([200, before.waiting + 1])
    const report = body.items.find(({ subjectId }: Report) => subjectId === post.id)
    expect(report).toMatchObject({ about: { id: seller.id, home: 'na' }, outcomes: ['suspend', 'remove', 'dismiss'] })
  })

  it('decide there, and the audit names them; they can take it back as well', async () => {
    const owner = await na.createAccount()
    const post = await createTestPost(na, owner)
    await decide(await createTestReport(na, `/posts/${post.id}`, buyer.token), 'remove', 'Not yours', far)
    await decide(await createTestReport(na, `/accounts/${owner.id}`, buyer.token), 'suspend', 'Enough', far)
    const audit = [...(await auditOf(post.id)), ...(await auditOf(owner.id))]
    expect(audit.map(({ actor_id, action }) => [actor_id, action])).toEqual(
      ['post.remove', 'report.remove', 'account.suspend', 'report.suspend'].map(action => [far.id, action]),
    )
    const back = (resource: string) => na.request('DELETE', resource, { token: far.token })
    expect((await na.request('GET', `/posts/${post.id}`, { token: far.token })).body.status).toBe('removed')
    expect((await back(`/accounts/${owner.id}/suspension`)).status).toBe(204)
    expect((await back(`/posts/${post.id}/removal`)).status).toBe(200)
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(200)
  })

  it('learn in which region an account can be suspended, where it is not this one', async () => {
    const guest = await world.eu.createAccount()
    const thread = await createTestThread(na, guest, (await createTestPost(na, seller)).id, 'Rude words')
    const id = await createTestReport(na, `/messages/${(await firstMessageOf(thread.id)).id}`, seller.token)
    const report = (await queue()).find(each => each.id === id)
    expect(report).toMatchObject({ about: { id: guest.id, home: 'eu' }, outcomes: ['remove', 'dismiss'] })
  })

  const routes = Object.entries(api).filter(([, { auth }]) => auth === 'moderator')
  it.each(routes)('alone may call %s: no member, no stranger, no forger', async (_, { method, path }) => {
    const post = await createTestPost(na, seller)
    const report = await createTestReport(na, `/posts/${post.id}`)
    const subjects = { posts: post.id, accounts: seller.id, reports: report }
    const id = subjects[path.split('/')[1] as keyof typeof subjects]
    const body = method === 'PUT' ? { reason: 'Because I can', outcome: 'remove' } : undefined
    const ask = async (token?: string) => {
      const reply = await na.request(method, path.replace(':id', id), { token, body })
      return [reply.status, reply.body.code]
    }
    const neighbour = await world.eu.createAccount()
    expect(await ask(buyer.token)).toEqual([403, 'forbidden'])
    expect(await ask(neighbour.token)).toEqual([403, 'forbidden'])
    expect(await ask()).toEqual([401, 'unauthenticated'])
    const [header = '', claims = '', signature = ''] = neighbour.token.split('.')
    const raised = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), role: 'moderator' }
    const forged = [header, Buffer.from(JSON.stringify(raised)).toString('base64url'), signature].join('.')
    expect(await ask(forged)).toEqual([401, 'invalid_token'])
    expect((await na.request('GET', `/posts/${post.id}`)).status).toBe(200)
    expect([...(await auditOf(post.id)), ...(await auditOf(seller.id))]).toEqual([])
  })
})
