import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Mail } from '../adapters/ses.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import { requestMail } from './requesting.ts'

const day = 86_400_000
let clock: Clock
let origin: TestOrigin
beforeAll(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
})
beforeEach(async () => {
  await origin.mails()
})

function tokensIn({ text }: Mail): string[] {
  return [...text.matchAll(/\/mail\?token=([\w-]+)/g)].map(([, token = '']) => token)
}

const preview = (token: string) => origin.request('POST', '/mail-links/preview', { body: { token } })
const use = (token: string) => origin.request('POST', '/mail-links/use', { body: { token } })

async function endOf(id: string): Promise<Date | null> {
  const row = await origin.ctx.db
    .selectFrom('posts')
    .select('expires_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.expires_at
}

/** A post that has ended, and the tokens of the mail about it: to renew, to mark it sold, to hear no more of it. */
async function endedPost(account: TestAccount) {
  const post = await createTestPost(origin, account, 'active')
  await turnBack(origin, post.id, 31 * day)
  await origin.mails()
  const expiresAt = (await endOf(post.id))?.toISOString() ?? ''
  await ask('post-expired', account, { postId: post.id, expiresAt })
  const [mail] = await origin.mails()
  if (!mail) throw new Error('no mail was sent')
  const [renew = '', sell = '', quiet = ''] = tokensIn(mail)
  return { id: post.id, mail, renew, sell, quiet }
}

function ask(mail: 'post-expired' | 'post-expires-soon', { id }: TestAccount, data: Record<string, string>) {
  const key = crypto.randomUUID()
  return origin.ctx.db
    .transaction()
    .execute(trx => requestMail(trx, { mail, accountId: id, key, about: { id, version: 1 }, data }))
}

describe('useMailLink', () => {
  it('renews a post, once, and changes nothing when it is only looked at', async () => {
    const { id, renew } = await endedPost(await origin.createAccount())
    const before = await endOf(id)
    expect((await preview(renew)).body).toMatchObject({
      action: 'renew',
      state: 'open',
      title: 'Dutch city bike',
      postId: id,
    })
    expect(await endOf(id)).toEqual(before)
    expect((await use(renew)).body).toMatchObject({ state: 'done' })
    const after = await endOf(id)
    expect(after?.getTime()).toBeGreaterThan(clock.now().getTime())
    clock.advance(3 * day)
    expect((await preview(renew)).body).toMatchObject({ state: 'done' })
    expect((await use(renew)).status).toBe(200)
    expect(await endOf(id)).toEqual(after)
  })

  it('renews once when it is pressed twice at a time', async () => {
    const { id, renew } = await endedPost(await origin.createAccount())
    const replies = await Promise.all([use(renew), use(renew), use(renew)])
    expect(replies.map(reply => reply.status)).toEqual([200, 200, 200])
    const row = await origin.ctx.db.selectFrom('posts').select('version').where('id', '=', id).executeTakeFirst()
    expect(row?.version).toBe(3)
  })

  it('marks a post sold, after which the other link of the mail is over', async () => {
    const account = await origin.createAccount()
    const { id, renew, sell } = await endedPost(account)
    expect((await use(sell)).body).toMatchObject({ action: 'sell', state: 'done' })
    expect((await origin.request('GET', `/posts/${id}`, { token: account.token })).body.status).toBe('sold')
    expect((await preview(renew)).body.state).toBe('over')
    expect((await use(renew)).body).toMatchObject({ code: 'invalid_or_used_token' })
  })

  it('does nothing for a post of an account that was suspended', async () => {
    const account = await origin.createAccount()
    const { renew } = await endedPost(account)
    await origin.ctx.db
      .updateTable('accounts')
      .set({ suspended_at: clock.now() })
      .where('id', '=', account.id)
      .execute()
    expect((await use(renew)).status).toBe(422)
  })

  it('ends mail of one topic, and no other', async () => {
    const account = await origin.createAccount()
    const { quiet, id, mail } = await endedPost(account)
    expect(mail.headers?.['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    expect(mail.headers?.['List-Unsubscribe']).toContain(`/mail/unsubscribe?token=${quiet}`)
    expect((await preview(quiet)).body).toMatchObject({ action: 'unsubscribe', topic: 'posts', state: 'open' })
    expect((await use(quiet)).body.state).toBe('done')
    const wanted = await origin.request('GET', '/accounts/me/mail-preferences', { token: account.token })
    expect(wanted.body).toEqual({ messages: true, posts: false, reports: true })
    await ask('post-expired', account, { postId: id })
    expect(await origin.mails()).toEqual([])
    const back = { token: account.token, body: { posts: true } }
    expect((await origin.request('PATCH', '/accounts/me/mail-preferences', back)).body.posts).toBe(true)
    await ask('post-expired', account, { postId: id })
    expect(await origin.mails()).toHaveLength(1)
  })

  it('believes no link that was changed, or made for another region', async () => {
    const { renew, sell } = await endedPost(await origin.createAccount())
    const flipped = renew.slice(0, -2) + (renew.endsWith('A') ? 'B' : 'A') + renew.slice(-1)
    const texts = [flipped, `eu${renew.slice(2)}`, renew.slice(0, 24) + sell.slice(24), 'na_', 'na_AAAA', `${renew}=`]
    for (const token of texts) expect((await use(token)).status).toBe(422)
  })

  it('sends no mail of an end that a renewal has moved', async () => {
    const account = await origin.createAccount()
    const { id } = await createTestPost(origin, account, 'active')
    await origin.mails()
    await ask('post-expires-soon', account, { postId: id, expiresAt: new Date(0).toISOString() })
    expect(await origin.mails()).toEqual([])
    await ask('post-expires-soon', account, { postId: id, expiresAt: (await endOf(id))?.toISOString() ?? '' })
    expect(await origin.mails()).toMatchObject([{ subject: 'Ends soon: Dutch city bike' }])
  })
})
