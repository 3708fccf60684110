import { beforeEach, describe, expect, it } from 'vitest'
import { directoryKey } from '../../shared/directory.ts'
import { createRedis } from '../adapters/redis.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { checkDirectory, fillDirectory, startDirectoryCheck } from './directory-fill.ts'
import { findOrCreateVerifiedAccount } from './verified-accounts.ts'

let na: TestOrigin
let eu: TestOrigin
beforeEach(async () => {
  ;({ na, eu } = await createTestWorld(['na', 'eu']))
})

const password = 'correct horse battery 9'
const redis = () => createRedis(na.ctx.config.redis.shared)
const entryOf = async (email: string) => redis().get<string>(await directoryKey(na.ctx.config.keys.directory, email))
const rowOf = ({ ctx }: TestOrigin, email: string) =>
  ctx.db.selectFrom('accounts').selectAll().where('email', '=', email).executeTakeFirst()

/** As a crash would leave it: the lease has run out and nobody released or confirmed. */
async function expireLease(email: string): Promise<void> {
  const key = await directoryKey(na.ctx.config.keys.directory, email)
  if ((await redis().get<string>(key))?.includes('?')) await redis().del(key)
}

function register(origin: TestOrigin, email: string, country: string) {
  return origin.request('POST', '/accounts', { body: { email, password, displayName: 'Ana', country } })
}

async function verify(origin: TestOrigin): Promise<number> {
  const [mail] = await origin.mails()
  const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? 'no mail'
  return (await origin.request('POST', '/accounts/verification', { body: { token } })).status
}

describe('a registration', () => {
  it('leaves a confirmed entry that holds no address', async () => {
    const email = uniqueEmail()
    await register(na, email, 'US')
    expect(await entryOf(email)).toBe('na')
    const keys = await redis().keys('*')
    expect(keys.join()).not.toContain(email.split('@')[0])
    expect(keys.filter(key => key.startsWith('dir:')).every(key => /^dir:[0-9a-f]{64}$/.test(key))).toBe(true)
    expect(await rowOf(na, email)).toMatchObject({ in_directory: true })
  })

  it('takes an address in one region of the world, also when two try at once', async () => {
    for (let round = 0; round < 5; round++) {
      const email = uniqueEmail()
      const replies = await Promise.all([register(na, email, 'US'), register(eu, email, 'DE')])
      expect(replies.map(reply => reply.status).sort()).toEqual([202, 421])
      const rows = [await rowOf(na, email), await rowOf(eu, email)].filter(Boolean)
      expect(rows).toHaveLength(1)
    }
  })

  it('answers 503 while Redis is away and leaves nothing behind', async () => {
    const email = uniqueEmail()
    await na.redis.stop()
    const reply = await register(na, email, 'US')
    expect(reply.status).toBe(503)
    expect(reply.body).toMatchObject({ code: 'service_unavailable' })
    expect(reply.body.detail).toBeUndefined()
    expect(await rowOf(na, email)).toBeUndefined()
    await na.redis.start()
    expect((await register(na, email, 'US')).status).toBe(202)
  })

  it('does not need Redis for sign-in, refresh and reset', async () => {
    const account = await na.createAccount()
    await na.redis.stop()
    expect(await na.signIn(account.email, password)).toBeTruthy()
    expect(
      (await na.request('POST', '/sessions/refresh', { body: { refreshToken: account.refreshToken } })).status,
    ).toBe(200)
    expect((await na.request('POST', '/password-resets', { body: { email: account.email } })).status).toBe(202)
    await na.redis.start()
  })
})

describe('a crash', () => {
  it('after the reservation blocks the address no longer than the lease', async () => {
    const email = uniqueEmail()
    await na.ctx.directory.reserve(email)
    expect(await entryOf(email)).toMatch(/^na\?/)
    expect(await redis().pttl(await directoryKey(na.ctx.config.keys.directory, email))).toBeGreaterThan(50_000)
    expect((await register(eu, email, 'DE')).status).toBe(421)
    await expireLease(email)
    expect((await register(eu, email, 'DE')).status).toBe(202)
    expect(await entryOf(email)).toBe('eu')
  })

  it('after the reservation does not block the region that made it', async () => {
    const email = uniqueEmail()
    await na.ctx.directory.reserve(email)
    expect((await register(na, email, 'US')).status).toBe(202)
    expect(await entryOf(email)).toBe('na')
  })

  it('after the insert is healed by the next check, before the lease has run out', async () => {
    const email = uniqueEmail()
    await crashAfterInsert(email)
    await checkDirectory(na.ctx)
    expect(await entryOf(email)).toBe('na')
    expect(await rowOf(na, email)).toMatchObject({ in_directory: true })
    expect((await register(eu, email, 'DE')).status).toBe(421)
  })

  it('after the insert is healed by the next registration of the address', async () => {
    const email = uniqueEmail()
    await crashAfterInsert(email)
    expect((await register(na, email, 'US')).status).toBe(202)
    expect(await verify(na)).toBe(201)
    expect(await entryOf(email)).toBe('na')
  })

  it('after the insert, with another region first when the lease has run out, leaves one account that can be verified', async () => {
    const email = uniqueEmail()
    await crashAfterInsert(email)
    await expireLease(email)
    expect((await register(eu, email, 'DE')).status).toBe(202)
    expect(await verify(na)).toBe(422)
    expect(await verify(eu)).toBe(201)
    await checkDirectory(na.ctx)
    expect(await rowOf(na, email)).toBeUndefined()
    expect(await entryOf(email)).toBe('eu')
  })

  it('of Redis between insert and confirmation costs the answer, not the account', async () => {
    const email = uniqueEmail()
    const { confirm } = na.ctx.directory
    na.ctx.directory.confirm = async emails => {
      await na.redis.stop()
      return confirm(emails)
    }
    expect((await register(na, email, 'US')).status).toBe(503)
    na.ctx.directory.confirm = confirm
    await na.redis.start()
    await checkDirectory(na.ctx)
    expect(await entryOf(email)).toBe('na')
    expect(await verify(na)).toBe(201)
  })

  it('between leaving Postgres and leaving the directory is healed by the next registration', async () => {
    const email = uniqueEmail()
    await register(na, email, 'US')
    await na.ctx.db.deleteFrom('accounts').where('email', '=', email).execute()
    expect(await entryOf(email)).toBe('na')
    expect((await register(na, email, 'DE')).status).toBe(421)
    expect(await entryOf(email)).toBeNull()
    expect((await register(eu, email, 'DE')).status).toBe(202)
  })

  it('of Postgres after the reservation gives the address back', async () => {
    const email = uniqueEmail()
    const { directory, db } = na.ctx
    const broken = {
      ...na.ctx,
      db: {
        ...db,
        selectFrom: db.selectFrom.bind(db),
        transaction: () => ({ execute: () => Promise.reject(new Error('no connection')) }),
      },
    }
    await expect(findOrCreateVerifiedAccount(broken as never, { email, password, displayName: 'Ana' })).rejects.toThrow(
      'no connection',
    )
    expect(await entryOf(email)).toBeNull()
    expect(await directory.find(email)).toBeUndefined()
  })

  /** What is left when the process ends between the commit and the confirmation. */
  async function crashAfterInsert(email: string): Promise<void> {
    const { confirm } = na.ctx.directory
    na.ctx.directory.confirm = () => Promise.reject(new Error('the process has ended'))
    expect((await register(na, email, 'US')).status).toBe(500)
    na.ctx.directory.confirm = confirm
    expect(await entryOf(email)).toMatch(/^na\?/)
    expect(await rowOf(na, email)).toMatchObject({ in_directory: false })
  }
})

describe('release', () => {
  it('gives back its own reservation only', async () => {
    const email = uniqueEmail()
    const { directory } = na.ctx
    const first = await directory.reserve(email)
    const second = await directory.reserve(email)
    if (!first.taken || !second.taken) throw new Error('both are of this region')
    await directory.release(email, first.nonce)
    expect(await entryOf(email)).toBe(`na?${second.nonce}`)
    await directory.confirm([email])
    await directory.release(email, second.nonce)
    expect(await entryOf(email)).toBe('na')
  })
})

describe('vacate', () => {
  it('turns back a confirmed entry of its own region only', async () => {
    const { email } = await na.createAccount()
    expect(await eu.ctx.directory.vacate(email)).toBeUndefined()
    expect(await na.ctx.directory.vacate(uniqueEmail())).toBeUndefined()
    const nonce = await na.ctx.directory.vacate(email)
    expect(await entryOf(email)).toBe(`na?${nonce}`)
    expect(await na.ctx.directory.vacate(email)).toBeUndefined()
  })
})

describe('fillDirectory', () => {
  it('rebuilds what Redis has lost, and until every region has counts as down', async () => {
    const american = await na.createAccount()
    const european = await eu.createAccount()
    await na.redis.flush()
    expect((await register(na, uniqueEmail(), 'US')).status).toBe(503)
    await fillDirectory(na.ctx)
    expect((await register(na, uniqueEmail(), 'US')).status).toBe(503)
    await fillDirectory(eu.ctx)
    expect((await register(na, uniqueEmail(), 'US')).status).toBe(202)
    expect(await na.ctx.directory.find(american.email)).toBe('na')
    expect(await na.ctx.directory.find(european.email)).toBe('eu')
    expect((await register(na, european.email, 'US')).status).toBe(421)
  })

  it('happens by itself when Redis has lost its data', async () => {
    const account = await na.createAccount()
    const checks = [na, eu].map(({ ctx }) => startDirectoryCheck(ctx, 20))
    await na.redis.flush()
    await expect
      .poll(
        () =>
          na.ctx.directory.requireComplete().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true)
    expect(await na.ctx.directory.find(account.email)).toBe('na')
    await Promise.all(checks.map(check => check.stop()))
  })

  it('happens when Redis came back with data from before', async () => {
    const marker = 'dir-complete:na'
    const before = await redis().get<string>(marker)
    const account = await na.createAccount()
    await redis().del(await directoryKey(na.ctx.config.keys.directory, account.email))
    await redis().set(marker, String(Number(before) - 1))
    await checkDirectory(na.ctx)
    expect(await na.ctx.directory.find(account.email)).toBe('na')
  })

  it('goes through any number of accounts, and again without harm', async () => {
    const row = await rowOf(na, (await na.createAccount()).email)
    const rows = Array.from({ length: 1_201 }, (_, i) => ({
      ...row,
      id: `na_many${String(i).padStart(5, '0')}`,
      email: `many${i}@example.com`,
    }))
    await na.ctx.db
      .insertInto('accounts')
      .values(rows as never)
      .execute()
    await na.redis.flush()
    await fillDirectory(na.ctx)
    await fillDirectory(na.ctx)
    for (const i of [0, 499, 500, 1_000, 1_200])
      expect(await na.ctx.directory.find(`many${i}@example.com`), String(i)).toBe('na')
  })

  it('keeps a verified account that another region holds too, and says so', async () => {
    const account = await na.createAccount()
    await redis().set(await directoryKey(na.ctx.config.keys.directory, account.email), 'eu')
    await fillDirectory(na.ctx)
    expect(await rowOf(na, account.email)).toBeDefined()
    expect(await entryOf(account.email)).toBe('eu')
  })
})
