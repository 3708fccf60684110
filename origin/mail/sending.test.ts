import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Mail, MailNotTakenError, MailRefusedError } from '../adapters/ses.ts'
import { connect } from '../db/connect.ts'
import { takeOverOpenMails } from '../db/migrations/003-mails.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { createDoor } from '../testing/door.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { takeFeedback } from './feedback.ts'
import { requestMail } from './requesting.ts'
import { backoffOf, sendDueMails, sendRequestedMail } from './sending.ts'

let clock: Clock
let origin: TestOrigin
beforeAll(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
})
beforeEach(async () => {
  await origin.mails()
})

/** An origin's context with a mailer that fails as often as it is told, and keeps what it was handed. */
function sendingWith({ failures = 0, error = new Error('the line went dead') as Error } = {}) {
  const sent: Mail[] = []
  let left = failures
  const mailer = {
    async send(mail: Mail) {
      if (left-- > 0) throw error
      sent.push(mail)
      return { messageId: `ses-${mail.id}` }
    },
  }
  return { ctx: { ...origin.ctx, mailer }, sent }
}

const safety = { mail: 'password-changed', data: {} } as const
const notice = { mail: 'welcome', data: {} } as const

async function request(what: typeof safety | typeof notice = safety) {
  const account = await origin.createAccount()
  const payload = { ...what, accountId: account.id, key: crypto.randomUUID() }
  const row = () =>
    origin.ctx.db.selectFrom('mails').selectAll().where('key', '=', payload.key).executeTakeFirstOrThrow()
  return { account, payload, row }
}

describe('sendRequestedMail', () => {
  it('sends one mail however often it is asked for, also at the same time', async () => {
    const { payload, account, row } = await request()
    const { ctx, sent } = sendingWith()
    await Promise.all(Array.from({ length: 6 }, () => sendRequestedMail(ctx, payload)))
    await sendRequestedMail(ctx, payload)
    await sendDueMails(ctx, 100)
    expect(sent.map(mail => mail.to)).toEqual([account.email])
    const { id, ...rest } = await row()
    expect(rest).toMatchObject({ state: 'sent', ses_message_id: `ses-${id}`, attempts: 1, error: null })
    expect(sent[0]?.id).toBe(id)
  })

  it('passes over an account that does not exist any more', async () => {
    const { ctx, sent } = sendingWith()
    await sendRequestedMail(ctx, { ...safety, accountId: 'na_00000000000000000000000000', key: 'nobody' })
    expect(sent).toEqual([])
  })

  it('waits longer each time for a service that takes none now, and writes the token when it goes out', async () => {
    const { payload, row } = await request()
    const { ctx, sent } = sendingWith({ failures: 2, error: new MailNotTakenError('TooManyRequestsException') })
    await sendRequestedMail(ctx, payload)
    expect(await row()).toMatchObject({ state: 'queued', attempts: 1, error: 'TooManyRequestsException' })
    expect(await sendDueMails(ctx, 100)).toBe(0)
    clock.advance(1_300)
    expect(await sendDueMails(ctx, 100)).toBe(1)
    clock.advance(1_300)
    expect(await sendDueMails(ctx, 100)).toBe(0)
    clock.advance(1_300)
    expect(await sendDueMails(ctx, 100)).toBe(1)
    expect(sent).toHaveLength(1)
  })

  it('stops at what is refused for good, and tells', async () => {
    const { payload, row } = await request()
    const { ctx } = sendingWith({ failures: 1, error: new MailRefusedError('MessageRejected: no such domain') })
    await sendRequestedMail(ctx, payload)
    expect(await row()).toMatchObject({ state: 'refused', error: 'MessageRejected: no such domain' })
    clock.advance(3_600_000)
    expect(await sendDueMails(ctx, 100)).toBe(0)
  })

  it('takes up what a process that died was about to send', async () => {
    const { payload, account } = await request()
    const never = { ...origin.ctx, mailer: { send: () => new Promise<never>(() => {}) } }
    void sendRequestedMail(never, payload)
    await expect
      .poll(() =>
        origin.ctx.db.selectFrom('mails').select('handed_at').where('key', '=', payload.key).executeTakeFirst(),
      )
      .toMatchObject({ handed_at: expect.any(Date) })
    const { ctx, sent } = sendingWith()
    await sendRequestedMail(ctx, payload)
    expect(sent).toEqual([])
    clock.advance(60_001)
    await sendDueMails(ctx, 100)
    expect(sent.map(mail => mail.to)).toEqual([account.email])
  })

  it('writes down what SES has taken as soon as Postgres is back, and sends it no second time', async () => {
    const { payload, account, row } = await request()
    const { url } = origin.ctx.config.database
    const door = await createDoor(new URL(url))
    const db = await connect({ url: door.url, driver: 'pg', wsProxy: undefined, pool: 2, onError() {} })
    const sent: string[] = []
    const mailer = {
      async send({ to }: Mail) {
        sent.push(to)
        door.shut()
        setTimeout(door.open, 700)
        return { messageId: 'ses-7' }
      },
    }
    await sendRequestedMail({ ...origin.ctx, db, mailer }, payload)
    expect(await row()).toMatchObject({ state: 'sent', ses_message_id: 'ses-7', attempts: 1 })
    expect(sent).toEqual([account.email])
    await db.destroy()
    await door.close()
  })

  it('sends a notice again only when SES has been silent for long: it may have had it', async () => {
    const { payload, row } = await request(notice)
    const { ctx, sent } = sendingWith({ failures: 1 })
    await sendRequestedMail(ctx, payload)
    expect(await row()).toMatchObject({ state: 'sending', error: 'the line went dead' })
    clock.advance(599_000)
    expect(await sendDueMails(ctx, 100)).toBe(0)
    clock.advance(2_000)
    expect(await sendDueMails(ctx, 100)).toBe(1)
    expect(sent).toHaveLength(1)
  })

  it('does not send a notice again that SES says it had', async () => {
    const { payload, row } = await request(notice)
    const { ctx, sent } = sendingWith({ failures: 1 })
    await sendRequestedMail(ctx, payload)
    const { id } = await row()
    await takeFeedback(ctx, { eventType: 'Send', mail: { messageId: 'ses-1', tags: { mail: [id] } } })
    expect(await row()).toMatchObject({ state: 'sent', ses_message_id: 'ses-1' })
    clock.advance(3_600_000)
    expect(await sendDueMails(ctx, 100)).toBe(0)
    expect(sent).toEqual([])
  })

  it('leaves a mail to whoever holds the lease by now', async () => {
    const { payload, row } = await request()
    let release = () => {}
    const hanging = {
      ...origin.ctx,
      mailer: { send: () => new Promise<{ messageId: string }>(done => (release = () => done({ messageId: 'late' }))) },
    }
    const slow = sendRequestedMail(hanging, payload)
    await expect.poll(async () => (await row()).handed_at).toBeTruthy()
    clock.advance(60_001)
    const { ctx } = sendingWith()
    await sendDueMails(ctx, 100)
    release()
    await slow
    const { id, ...rest } = await row()
    expect(rest).toMatchObject({ state: 'sent', ses_message_id: `ses-${id}`, attempts: 2 })
  })

  it('says nothing that is no longer true', async () => {
    const email = uniqueEmail()
    const register = () =>
      origin.request('POST', '/accounts', { body: { email, password: 'correct horse battery 9', displayName: 'Ana' } })
    await register()
    await register()
    await origin.ctx.db.updateTable('accounts').set({ verified_at: clock.now() }).where('email', '=', email).execute()
    expect(await origin.mails()).toEqual([])
    const { email: gone } = await origin.createAccount()
    await origin.request('POST', '/password-resets', { body: { email: gone } })
    await origin.ctx.db.updateTable('accounts').set({ deleted_at: clock.now() }).where('email', '=', gone).execute()
    expect(await origin.mails()).toEqual([])
    const states = await origin.ctx.db
      .selectFrom('mails')
      .select('state')
      .distinct()
      .where('state', '=', 'dropped')
      .execute()
    expect(states).toEqual([{ state: 'dropped' }])
  })
})

describe('requestMail', () => {
  it('goes to the region of the account', async () => {
    const key = crypto.randomUUID()
    const about = { id: 'eu_01890000000000000000000000', version: 3 }
    await origin.ctx.db.transaction().execute(trx => requestMail(trx, { ...notice, accountId: about.id, key, about }))
    const row = await origin.ctx.db.selectFrom('outbox').selectAll().orderBy('id', 'desc').executeTakeFirst()
    expect(row).toMatchObject({
      kind: 'mail.requested',
      region: 'eu',
      aggregate_version: 3,
      payload: { mail: 'welcome', key },
    })
  })
})

describe('mails that were asked for before there was a worker', () => {
  it('are sent by it', async () => {
    const { id, email } = await origin.createAccount()
    const row = { aggregate_id: id, aggregate_version: 1, payload: '{}', traceparent: null }
    await origin.ctx.db
      .insertInto('outbox')
      .values(['mail.reset', 'mail.already-registered'].map(kind => ({ ...row, kind })))
      .execute()
    await takeOverOpenMails(origin.ctx.db as never)
    const mails = await origin.mails()
    expect(mails.map(mail => [mail.to, mail.subject])).toEqual([
      [email, 'Set a new password'],
      [email, 'You already have an account'],
    ])
  })
})

describe('takeFeedback', () => {
  const bounceOf = (messageId: string, emailAddress: string, bounceType = 'Permanent') => ({
    notificationType: 'Bounce',
    mail: { messageId, tags: {} },
    bounce: { bounceType, bouncedRecipients: [{ emailAddress }] },
  })

  async function sent() {
    const asked = await request()
    const { ctx } = sendingWith()
    await sendRequestedMail(ctx, asked.payload)
    const trouble = async () =>
      (
        await origin.ctx.db
          .selectFrom('accounts')
          .selectAll()
          .where('id', '=', asked.account.id)
          .executeTakeFirstOrThrow()
      ).mail_trouble
    return { ...asked, ctx, messageId: `ses-${(await asked.row()).id}`, trouble }
  }

  it('ends mail to an address that bounced, but for what its holder asks for, and shows it', async () => {
    const { ctx, account, messageId, row, trouble } = await sent()
    await takeFeedback(ctx, bounceOf(messageId, `Maria <${account.email.toUpperCase()}>`))
    await takeFeedback(ctx, bounceOf(messageId, account.email))
    expect(await row()).toMatchObject({ state: 'bounced', error: 'Permanent' })
    expect(await trouble()).toBe('bounced')
    const shown = await origin.request('GET', '/accounts/me/email', { token: account.token })
    expect(shown.body).toEqual({ email: account.email, trouble: 'bounced', change: null })
    const key = crypto.randomUUID()
    await sendRequestedMail(ctx, { ...safety, accountId: account.id, key })
    const next = await ctx.db.selectFrom('mails').select('state').where('key', '=', key).executeTakeFirst()
    expect(next).toEqual({ state: 'suppressed' })
    await origin.request('POST', '/password-resets', { body: { email: account.email } })
    expect(await origin.mails()).toMatchObject([{ subject: 'Set a new password' }])
  })

  it('takes a passing bounce for one', async () => {
    const { ctx, account, messageId, row, trouble } = await sent()
    await takeFeedback(ctx, bounceOf(messageId, account.email, 'Transient'))
    expect(await row()).toMatchObject({ state: 'bounced' })
    expect(await trouble()).toBeNull()
  })

  it('does not hold an old address against a new one', async () => {
    const { ctx, messageId, trouble } = await sent()
    await takeFeedback(ctx, bounceOf(messageId, uniqueEmail()))
    expect(await trouble()).toBeNull()
  })

  it('sends no notice after a complaint, but still what concerns safety', async () => {
    const { ctx, account, messageId, trouble } = await sent()
    const complainedRecipients = [{ emailAddress: account.email }]
    const complaint = { complainedRecipients, complaintFeedbackType: 'abuse' }
    await takeFeedback(ctx, { eventType: 'Complaint', mail: { messageId, tags: {} }, complaint })
    expect(await trouble()).toBe('complained')
    const { ctx: after, sent: mails } = sendingWith()
    await sendRequestedMail(after, { ...notice, accountId: account.id, key: crypto.randomUUID() })
    await sendRequestedMail(after, { ...safety, accountId: account.id, key: crypto.randomUUID() })
    expect(mails.map(mail => mail.subject)).toEqual(['Your password was changed'])
  })

  it('believes that an address is alive again when a later mail arrived, and no earlier one', async () => {
    const { ctx, account, messageId, trouble } = await sent()
    const delivered = (id: string) =>
      takeFeedback(ctx, {
        eventType: 'Delivery',
        mail: { messageId: id, tags: {} },
        delivery: { recipients: [account.email] },
      })
    await takeFeedback(ctx, bounceOf(messageId, account.email))
    await delivered(messageId)
    expect(await trouble()).toBe('bounced')
    clock.advance(1_000)
    const key = crypto.randomUUID()
    await sendRequestedMail(ctx, { mail: 'reset', accountId: account.id, key, data: {} })
    const { id } = await ctx.db.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirstOrThrow()
    await delivered(`ses-${id}`)
    expect(await trouble()).toBeNull()
  })

  it('takes back a complaint of somebody who says what they want', async () => {
    const { ctx, account, messageId, trouble } = await sent()
    const complaint = { complainedRecipients: [{ emailAddress: account.email }] }
    await takeFeedback(ctx, { eventType: 'Complaint', mail: { messageId, tags: {} }, complaint })
    expect(await trouble()).toBe('complained')
    await origin.request('PATCH', '/accounts/me/mail-preferences', { token: account.token, body: { messages: true } })
    expect(await trouble()).toBeNull()
  })

  it('passes over what it does not know', async () => {
    await takeFeedback(origin.ctx, bounceOf('unknown', 'nobody@example.com'))
  })
})

describe('backoffOf', () => {
  it('doubles up to an hour', () => {
    expect(backoffOf(1)).toBeGreaterThanOrEqual(1_000)
    expect(backoffOf(1)).toBeLessThanOrEqual(1_250)
    expect(backoffOf(5)).toBeGreaterThanOrEqual(16_000)
    expect(backoffOf(30)).toBeLessThanOrEqual(4_500_000)
  })
})
