import { sql } from 'kysely'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createDoor, type Door } from '../testing/door.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createWsBridge } from '../testing/ws-bridge.ts'
import { connect } from './connect.ts'

const requests: [string, string, object?][] = [
  ['GET', '/posts'],
  ['GET', '/posts/na_00000000000000000000000000'],
  ['POST', '/sessions', { email: 'somebody@example.com', password: 'correct horse battery 9' }],
  ['GET', '/.well-known/jwks.json'],
]

describe.each(['pg', 'neon'] as const)('an origin whose Postgres fails, by %s', driver => {
  let origin: TestOrigin
  let door: Door
  beforeAll(async () => {
    origin = await createTestOrigin()
    const { app, ctx } = origin
    app.get('/slow', async c => {
      await ctx.db.transaction().execute(async trx => {
        await sql`SET LOCAL statement_timeout = 20`.execute(trx)
        await sql`SELECT pg_sleep(10)`.execute(trx)
      })
      return c.json({})
    })
    const { url } = origin.ctx.config.database
    door = await createDoor(new URL(url))
    const bridge = await createWsBridge(door.url)
    const db = await connect({ url: door.url, driver, wsProxy: bridge.address, pool: 3, onError() {} })
    const direct = origin.ctx.db
    origin.ctx.db = db
    return async () => {
      origin.ctx.db = direct
      await door.close()
      await db.destroy().catch(() => {})
      await bridge.stop()
    }
  })

  it('answers again once it is back', async () => {
    expect((await origin.request('GET', '/posts')).status).toBe(200)
    door.shut()
    await everyRequestIsUnavailable()
    door.open()
    await expect.poll(async () => (await origin.request('GET', '/posts')).status, { timeout: 10_000 }).toBe(200)
  })

  it('says 503 when it takes connections and never speaks', async () => {
    door.shut()
    door.hang()
    onTestFinished(() => door.open())
    await everyRequestIsUnavailable()
  })

  it('says 503 when a statement is ended', async () => {
    door.open()
    await expect.poll(async () => (await origin.request('GET', '/posts')).status, { timeout: 10_000 }).toBe(200)
    const answer = await origin.app.request('/slow')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.json()).toMatchObject({ code: 'service_unavailable' })
  })

  async function everyRequestIsUnavailable() {
    const answers = await Promise.all(
      requests.map(async ([method, path, body]) => {
        const { status, body: problem, headers } = await origin.request(method, path, body ? { body } : {})
        return { path, status, code: problem?.code, retryAfter: headers.get('retry-after') }
      }),
    )
    for (const answer of answers) {
      expect(answer).toEqual({ path: answer.path, status: 503, code: 'service_unavailable', retryAfter: '5' })
    }
  }
})
