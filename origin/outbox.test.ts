import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestAccount } from './testing/factories.ts'
import { createTestWorld, type TestOrigin } from './testing/harness.ts'
import { createTestImage } from './testing/images.ts'
import { runJobs } from './testing/jobs.ts'
import { createTestReport, createTestThread } from './testing/messages.ts'
import { createTestPost, somePost } from './testing/posts.ts'

let world: { na: TestOrigin; eu: TestOrigin }
let na: TestOrigin
let seller: TestAccount
let buyer: TestAccount
let far: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  world = await createTestWorld(['na', 'eu'])
  na = world.na
})

beforeEach(async () => {
  seller = await na.createAccount()
  buyer = await na.createAccount()
  far = await world.eu.createAccount()
  moderator = await na.createAccount({ role: 'moderator' })
})

type Call = {
  method: string
  path: string
  body?: object
  token?: string
  headers?: Record<string, string>
  visitor?: { country: string }
}

const newTrace = () =>
  `00-${crypto.randomUUID().replaceAll('-', '')}-${crypto.randomUUID().replaceAll('-', '').slice(16)}-01`

/** Sends one request with a trace of its own and gives the rows that it recorded. */
async function rowsOf({ method, path, headers, ...rest }: Call, origin = na) {
  const traceparent = newTrace()
  const last = await origin.ctx.db
    .selectFrom('outbox')
    .select(eb => eb.fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  const reply = await origin.request(method, path, { ...rest, headers: { ...headers, traceparent } })
  expect(reply.status, reply.text).toBeLessThan(300)
  const rows = await origin.ctx.db
    .selectFrom('outbox')
    .selectAll()
    .where('id', '>', String(last.id ?? 0))
    .orderBy('id')
    .execute()
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.map(row => row.traceparent)).toEqual(rows.map(() => traceparent))
  return rows.map(({ kind, aggregate_id: id, aggregate_version: version }) => ({ kind, id, version }))
}

const put = (path: string, { token }: TestAccount, body?: object): Call => ({
  method: 'PUT',
  path,
  token,
  ...(body && { body }),
})
const versionOf = async (id: string, table: 'posts' | 'accounts' | 'threads' = 'accounts') =>
  (await na.ctx.db.selectFrom(table).select('version').where('id', '=', id).executeTakeFirstOrThrow()).version

describe('each row that a request records carries its trace, and the version of what it is about', () => {
  it('of a post: published, edited, removed by a moderator, deleted', async () => {
    const { id } = await createTestPost(na, seller, 'draft')
    const mail = { kind: 'mail.requested', id }
    const purge = { kind: 'purge', id }
    const at = (version: number) => [
      { ...mail, version },
      { ...purge, version },
    ]
    expect(await rowsOf(put(`/posts/${id}/publication`, seller))).toEqual(at(2))
    const edit = { method: 'PATCH', path: `/posts/${id}`, token: seller.token, body: { title: 'A fine bike' } }
    expect(await rowsOf({ ...edit, headers: { 'if-match': '"2"' } })).toEqual([{ ...purge, version: 3 }])
    expect(await rowsOf(put(`/posts/${id}/removal`, moderator, { reason: 'Not here' }))).toEqual(at(4))
    const restored = { method: 'DELETE', path: `/posts/${id}/removal`, token: moderator.token }
    expect(await rowsOf(restored)).toEqual([{ ...purge, version: 5 }])
    const deleted = { method: 'DELETE', path: `/posts/${id}`, token: seller.token }
    expect(await rowsOf(deleted)).toEqual([{ ...purge, version: 6 }])
  })

  it('of an account: registered, asked again, renamed, given a password, suspended, deleted', async () => {
    const email = `${crypto.randomUUID()}@example.com`
    const form = { email, password: 'a long enough secret 7', displayName: 'Ann', country: 'US' }
    const registered = await rowsOf({ method: 'POST', path: '/accounts', body: form })
    expect(registered).toMatchObject([{ kind: 'mail.requested', version: 1 }])
    const again = await rowsOf({ method: 'POST', path: '/accounts/verification-mails', body: { email } })
    expect(again).toEqual(registered)
    const reset = await rowsOf({ method: 'POST', path: '/password-resets', body: { email: seller.email } })
    expect(reset).toEqual([{ kind: 'mail.requested', id: seller.id, version: 1 }])

    const { id, token, password } = seller
    const me = { path: '/accounts/me', token }
    expect(await rowsOf({ ...me, method: 'PATCH', body: { displayName: 'Ann B' } })).toEqual([
      { kind: 'purge', id, version: 2 },
    ])
    await na.signIn(seller.email, password)
    const secret = { currentPassword: password, password: 'another good horse 7' }
    expect(await rowsOf(put('/accounts/me/password', seller, secret))).toEqual([
      { kind: 'mail.requested', id, version: 3 },
      { kind: 'purge', id, version: 3 },
    ])
    const wish = { email: `${crypto.randomUUID()}@example.com`, password: secret.password }
    expect(await rowsOf(put('/accounts/me/email', seller, wish))).toMatchObject([
      { kind: 'mail.requested', id, version: 3 },
      { kind: 'mail.requested', id, version: 3 },
    ])
    expect(await rowsOf({ ...me, method: 'DELETE', body: { password: secret.password } })).toEqual([
      { kind: 'mail.requested', id, version: 4 },
      { kind: 'purge', id, version: 4 },
    ])

    const gone = put(`/accounts/${buyer.id}/suspension`, moderator, { reason: 'Spam' })
    expect(await rowsOf(gone)).toEqual([
      { kind: 'mail.requested', id: buyer.id, version: 2 },
      { kind: 'purge', id: buyer.id, version: 2 },
    ])
    const back = { method: 'DELETE', path: `/accounts/${buyer.id}/suspension`, token: moderator.token }
    expect((await rowsOf(back)).map(({ version }) => version)).toEqual([3, 3])
  })

  it('of sessions, which end with the version that their account has', async () => {
    const { id, token } = seller
    await na.request('PATCH', '/accounts/me', { token, body: { displayName: 'Ann C' } })
    const out = { method: 'DELETE', path: '/sessions/current', token }
    expect(await rowsOf(out)).toEqual([{ kind: 'purge', id, version: 2 }])
    const body = { email: seller.email, password: seller.password }
    await na.request('POST', '/sessions', { body, visitor: { country: 'US' } })
    const abroad = { method: 'POST', path: '/sessions', body, visitor: { country: 'PT' } }
    expect(await rowsOf(abroad)).toEqual([{ kind: 'mail.requested', id, version: 2 }])
  })

  it('of a thread, in the region that keeps it and for the one that only hears of it', async () => {
    const post = await createTestPost(na, seller)
    const call = {
      method: 'POST',
      path: `/posts/${post.id}/messages`,
      token: far.token,
      body: { text: 'Still there?' },
    }
    const rows = await rowsOf(call)
    const id = rows[0]?.id ?? ''
    expect(rows).toEqual([
      { kind: 'thread.changed', id, version: 2 },
      { kind: 'mail.requested', id, version: 2 },
    ])
    const answer = { method: 'POST', path: `/threads/${id}/messages`, token: seller.token, body: { text: 'Yes' } }
    expect(await rowsOf(answer)).toEqual([
      { kind: 'thread.changed', id, version: 3 },
      { kind: 'mail.requested', id, version: 3 },
    ])
    expect(await rowsOf(put(`/threads/${id}/read`, far, { upTo: 2 }))).toEqual([
      { kind: 'thread.changed', id, version: await versionOf(id, 'threads') },
    ])
  })

  it('of a photo: sent, ordered, deleted; the post keeps its version', async () => {
    const post = await createTestPost(na, seller)
    const [first, second] = [await createTestImage(na, seller, post.id), await createTestImage(na, seller, post.id)]
    const waiting = await createTestImage(na, seller, post.id, { state: 'uploading' })
    const purge = { kind: 'purge', id: post.id, version: post.version }
    expect(await rowsOf(put(`/images/${waiting}/completion`, seller))).toEqual([
      { kind: 'image.uploaded', id: waiting, version: 1 },
    ])
    const ids = [second, first, waiting]
    expect(await rowsOf(put(`/posts/${post.id}/images/order`, seller, { ids }))).toEqual([purge])
    const alt = { method: 'PATCH', path: `/images/${first}`, token: seller.token, body: { alt: 'A bike' } }
    expect(await rowsOf(alt)).toEqual([purge])
    const removed = { kind: 'image.removed', id: first, version: 2 }
    const deleted = { method: 'DELETE', path: `/images/${first}`, token: seller.token }
    expect(await rowsOf(deleted)).toEqual([removed, removed, purge]) // once more when no upload can be under way
  })

  it('of a decision: of the post, the account and the report that it is about', async () => {
    const post = await createTestPost(na, seller)
    const report = await createTestReport(na, `/posts/${post.id}`, buyer.token)
    const removal = put(`/reports/${report}/decision`, moderator, { outcome: 'remove', reason: 'Not yours' })
    expect(await rowsOf(removal)).toEqual([
      { kind: 'mail.requested', id: post.id, version: 3 },
      { kind: 'mail.requested', id: report, version: 2 },
      { kind: 'purge', id: post.id, version: 3 },
    ])
    const person = await createTestReport(na, `/accounts/${seller.id}`, buyer.token)
    const suspension = put(`/reports/${person}/decision`, moderator, { outcome: 'suspend', reason: 'Enough' })
    expect(await rowsOf(suspension)).toEqual([
      { kind: 'mail.requested', id: seller.id, version: 2 },
      { kind: 'mail.requested', id: person, version: 2 },
      { kind: 'purge', id: seller.id, version: 2 },
    ])
  })
})

describe('what a job records goes on with the trace of the job', () => {
  it('when it makes a copy of one’s data', async () => {
    const traceparent = newTrace()
    await na.request('POST', '/accounts/me/exports', { token: seller.token, headers: { traceparent } })
    await runJobs(world)
    const rows = await na.ctx.db.selectFrom('outbox').selectAll().where('traceparent', '=', traceparent).execute()
    expect(rows.map(({ kind, aggregate_version: version }) => [kind, version])).toEqual([
      ['export.requested', 1],
      ['mail.requested', 2],
    ])
  })

  it('and nothing carries a trace that nobody began', async () => {
    const thread = await createTestThread(na, far, (await createTestPost(na, seller, 'active', somePost())).id)
    const rows = await na.ctx.db.selectFrom('outbox').selectAll().where('aggregate_id', '=', thread.id).execute()
    expect(rows.map(row => row.traceparent)).toEqual(rows.map(() => null))
  })
})
