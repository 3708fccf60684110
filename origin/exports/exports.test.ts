import { beforeEach, expect, it } from 'vitest'
import { createId } from '../../shared/ids.ts'
import type { Job } from '../job.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage, someJpeg } from '../testing/images.ts'
import { createTestPost } from '../testing/posts.ts'
import { unzip } from '../testing/unzip.ts'
import { forgetExports } from './forgetting.ts'
import { makeExport } from './making.ts'
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

const ask = ({ token } = owner) => origin.request('POST', '/accounts/me/exports', { token })
const list = async () => (await origin.request('GET', '/accounts/me/exports', { token: owner.token })).body
const download = (id: string, { token } = owner) =>
  origin.request('GET', `/accounts/me/exports/${id}/archive`, { token })

/** Does the job as the worker would. */
function make(exportId: string) {
  const job = { payload: { exportId } } as Job<'export.requested'>
  return makeExport(origin.ctx, job)
}

async function askedMails() {
  const rows = await origin.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'mail.requested').execute()
  return rows.map(row => row.payload).filter(payload => payload.mail === 'export-ready')
}

it('POST /accounts/me/exports records a job in the same transaction, once in 24 hours', async () => {
  const reply = await ask()
  expect(reply).toMatchObject({ status: 202, body: { state: 'making', expiresAt: null } })
  const events = await origin.ctx.db.selectFrom('outbox').selectAll().where('kind', '=', 'export.requested').execute()
  expect(events).toMatchObject([{ aggregate_id: reply.body.id, payload: { exportId: reply.body.id } }])
  const again = await ask()
  expect(again).toMatchObject({ status: 409, body: { code: 'exported_recently' } })
  expect(Number(again.headers.get('retry-after'))).toBe(86_400)
  expect(await list()).toMatchObject({ items: [{ id: reply.body.id }], nextFrom: expect.any(String) })
})

it('two requests at once make one export', async () => {
  const statuses = (await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)
  expect(statuses.sort()).toEqual([202, 409, 409])
})

it('the archive holds what is known of the account, and nobody’s secrets', async () => {
  const post = await createTestPost(origin, owner, 'draft', { title: 'Grandmother’s lamp' })
  const { id } = (await ask()).body
  expect((await download(id)).status).toBe(404)
  await make(id)
  const reply = await download(id)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/zip')
  expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="classifyhub-[\d-]+\.zip"$/)
  const key = (await origin.ctx.objects.list('exports/'))[0] ?? ''
  expect(key).toBe(`exports/${owner.id}/${id}.zip`)
  const files = unzip(Buffer.from(await new Response((await origin.ctx.objects.get(key))?.body).arrayBuffer()))
  expect(Object.keys(files)).toEqual([
    'README.txt',
    'account.json',
    'sessions.json',
    'posts.json',
    'photos.json',
    'threads.json',
    'mails.json',
    'reports.json',
    'blocked.json',
  ])
  const parse = (name: string) => JSON.parse(files[name] ?? '')
  expect(parse('account.json')).toMatchObject({ email: owner.email, display_name: owner.displayName })
  expect(parse('posts.json')).toMatchObject([{ externalId: post.id, title: 'Grandmother’s lamp' }])
  expect(parse('sessions.json')).toMatchObject([{ id: owner.sessionId }])
  const all = Object.values(files).join('\n')
  const { password_hash } = await origin.ctx.db
    .selectFrom('accounts')
    .select('password_hash')
    .where('id', '=', owner.id)
    .executeTakeFirstOrThrow()
  for (const secret of [password_hash, owner.refreshToken, owner.token]) expect(all).not.toContain(secret)
})

it('the archive holds one’s photos in the largest size there is, and what was told of them', async () => {
  const post = await createTestPost(origin, owner)
  const ready = await createTestImage(origin, owner, post.id, { alt: 'The lamp, lit', fileName: '../../lamp.heic' })
  const failed = await createTestImage(origin, owner, post.id, { state: 'failed' })
  const gone = await createTestImage(origin, owner, post.id)
  await origin.ctx.objects.remove([`media/${gone}/320.jpg`])
  await createTestImage(origin, await origin.createAccount(), post.id)
  const { id } = (await ask()).body
  await make(id)
  const { bytes } = (await list()).items[0]
  const archive = await (await origin.ctx.objects.get(`exports/${owner.id}/${id}.zip`))?.body
  const packed = Buffer.from(await new Response(archive).arrayBuffer())
  expect(packed.length).toBe(bytes)
  const files = unzip(packed)
  expect(Object.keys(files).filter(name => name.startsWith('photos/'))).toEqual([`photos/${ready}.jpg`])
  expect(files[`photos/${ready}.jpg`]).toBe(Buffer.from(someJpeg(10)).toString())
  expect(JSON.parse(files['photos.json'] ?? '')).toMatchObject([
    { id: ready, post_id: post.id, file: `photos/${ready}.jpg`, file_name: '../../lamp.heic', alt: 'The lamp, lit' },
    { id: failed, state: 'failed', problem: 'unreadable', file: null },
    { id: gone },
  ])
})

it('a job that is done twice asks for one mail', async () => {
  const { id } = (await ask()).body
  await Promise.all([make(id), make(id)])
  await make(id)
  expect(await askedMails()).toMatchObject([{ accountId: owner.id, key: `export-ready:${id}`, data: { exportId: id } }])
  expect((await download(id)).status).toBe(200)
})

it('an archive is for its owner alone', async () => {
  const { id } = (await ask()).body
  await make(id)
  const other = await origin.createAccount()
  expect((await download(id, other)).status).toBe(404)
  expect((await download(createId('na'))).status).toBe(404)
  expect((await origin.request('GET', `/accounts/me/exports/${id}/archive`)).status).toBe(401)
})

it('after 7 days the archive is gone, from the list at once and from the bucket by the scheduler', async () => {
  const { id } = (await ask()).body
  await make(id)
  clock.advance(7 * day)
  const token = await origin.signIn(owner.email, owner.password)
  expect((await download(id, { ...owner, token })).status).toBe(404)
  expect(await origin.ctx.objects.list('exports/')).toHaveLength(1)
  expect(await forgetExports(origin.ctx, 10)).toBe(1)
  expect(await origin.ctx.objects.list('exports/')).toEqual([])
  expect(await forgetExports(origin.ctx, 10)).toBe(0)
})

it('a copy that was never ready leaves no archive behind', async () => {
  const { id } = (await ask()).body
  await origin.ctx.objects.put(`exports/${owner.id}/${id}.zip`, Buffer.from('half'), { contentType: 'application/zip' })
  clock.advance(7 * day)
  expect(await forgetExports(origin.ctx, 10)).toBe(1)
  expect(await origin.ctx.objects.list('exports/')).toEqual([])
})

it('a copy is made anew when something in it is erased, with no second mail', async () => {
  const { id } = (await ask()).body
  await make(id)
  await origin.mails()
  await createTestPost(origin, owner, 'active', { title: 'Written since' })
  const renew = () => origin.ctx.db.transaction().execute(trx => renewExports(origin.ctx, trx, [owner.id]))
  await renew()
  expect((await download(id)).status).toBe(404)
  const jobs = origin.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'export.requested')
  expect((await jobs.execute()).map(({ payload }) => payload.exportId)).toEqual([id, id])
  await renew() // it is being made: nothing is asked for twice
  expect(await jobs.execute()).toHaveLength(2)
  await make(id)
  expect((await list()).items).toMatchObject([{ id, state: 'ready' }])
  const archive = await origin.ctx.objects.get(`exports/${owner.id}/${id}.zip`)
  expect(unzip(Buffer.from(await new Response(archive?.body).arrayBuffer()))['posts.json']).toContain('Written since')
  expect((await origin.mails()).filter(({ subject }) => /data/i.test(subject))).toEqual([])
  clock.advance(7 * day)
  await renew() // it has expired and is not brought back
  expect(await jobs.execute()).toHaveLength(2)
})

it('an archive whose account goes while it is made does not stay', async () => {
  const { id } = (await ask()).body
  const { upload } = origin.ctx.objects
  origin.ctx.objects.upload = async (...args) => {
    await upload(...args)
    await origin.ctx.db.deleteFrom('exports').where('id', '=', id).execute()
  }
  await make(id)
  expect(await origin.ctx.objects.list('exports/')).toEqual([])
  expect(await askedMails()).toEqual([])
})
