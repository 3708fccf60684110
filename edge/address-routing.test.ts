import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { directoryMarkerKey, directoryKey as keyOf } from '../shared/directory.ts'
import type { Region } from '../shared/regions.ts'
import { answerFloor } from './address-routing.ts'
import { directoryKey, runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const paths = {
  register: '/api/v1/accounts',
  signIn: '/api/v1/sessions',
  resend: '/api/v1/accounts/verification-mails',
  reset: '/api/v1/password-resets',
} as const
let made = 0
const newAddress = () => `who-${process.pid}-${made++}@example.com`

describe.each(runtimes)('addresses in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    edge.redis.block(false)
  })

  const send = (path: string, body: Record<string, string>, from = 'DE') =>
    edge.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `from=${from}` },
      body: JSON.stringify(body),
    })
  const enter = async (email: string, entry: string) =>
    edge.redis.command('SET', await keyOf(directoryKey, email), entry)
  const asked = () => (['na', 'eu', 'ap'] as Region[]).filter(region => edge.origins[region].recorded.length > 0)

  it('go to the region that holds them, in any spelling', async () => {
    await Promise.all(
      Object.values(paths).map(async path => {
        const email = newAddress()
        await enter(email, 'ap')
        await send(path, { email: `  ${email.toUpperCase()} ` })
      }),
    )
    expect(asked()).toEqual(['ap'])
    expect(edge.origins.ap.recorded.map(({ path, verdict }) => `${path} ${verdict}`).sort()).toEqual(
      Object.values(paths)
        .map(path => `${path} ok`)
        .sort(),
    )
  })

  it('an address being registered counts as held', async () => {
    const email = newAddress()
    await enter(email, 'na?nonce')
    await send(paths.register, { email })
    expect(asked()).toEqual(['na'])
  })

  it.each([
    [{ country: 'BR' }, 'JP', 'na'],
    [{}, 'JP', 'ap'],
    [{ country: 'nowhere' }, 'FR', 'eu'],
  ])('an unknown address registers by %j from %s in %s', async (more, from, region) => {
    await send(paths.register, { email: newAddress(), ...more } as Record<string, string>, from)
    expect(asked()).toEqual([region])
  })

  it('an unknown address signs in where its visitor is', async () => {
    await send(paths.signIn, { email: newAddress(), password: 'x' }, 'IN')
    expect(asked()).toEqual(['ap'])
  })

  it('what is no address is still the origin’s to judge', async () => {
    for (const body of ['{}', '{"email":5}', '[]', 'null', '"x"']) {
      edge.reset()
      const headers = { 'content-type': 'application/json' }
      await edge.ask(paths.signIn, { method: 'POST', headers, body })
      expect([body, asked().length]).toEqual([body, 1])
    }
  })

  describe('without the directory', () => {
    const denied = (region: Region) => edge.origins[region].on(() => problem(401, 'invalid_credentials'))

    it.each(['blocked', 'incomplete'])('sign-in asks the regions in turn (%s)', async how => {
      const marker = directoryMarkerKey('ap')
      if (how === 'blocked') edge.redis.block(true)
      else await edge.redis.command('DEL', marker)
      try {
        denied('eu')
        denied('na')
        edge.origins.ap.on(() => ({ status: 201, body: { accessToken: 'here' } }))
        const found = await send(paths.signIn, { email: newAddress(), password: 'x' })
        expect([found.status, asked()]).toEqual([201, ['na', 'eu', 'ap']])
        denied('ap')
        expect((await send(paths.signIn, { email: newAddress(), password: 'x' })).status).toBe(401)
        edge.origins.na.on(() => 'drop')
        expect((await send(paths.signIn, { email: newAddress(), password: 'x' })).status).toBe(503)
        edge.origins.eu.on(() => ({ status: 201, body: {} }))
        expect((await send(paths.signIn, { email: newAddress(), password: 'x' })).status).toBe(201)
      } finally {
        await edge.redis.command('SET', marker, '1')
      }
    })

    it('registering waits, and a mail is asked of every region', async () => {
      edge.redis.block(true)
      const register = await send(paths.register, { email: newAddress() })
      expect([register.status, (register.json() as { code: string }).code]).toEqual([503, 'service_unavailable'])
      expect(asked()).toEqual([])
      for (const region of ['na', 'eu', 'ap'] as const) edge.origins[region].on(() => ({ status: 202, body: {} }))
      expect((await send(paths.reset, { email: newAddress() })).status).toBe(202)
      expect(asked()).toEqual(['na', 'eu', 'ap'])
    })
  })

  describe.each(['drop', 'hang'] as const)('while a region is down (%s), sign-in', how => {
    const credentials = (email: string) => ({ email, password: 'x' })
    const refused = (region: Region) => edge.origins[region].on(() => problem(401, 'invalid_credentials'))

    it('refuses every address alike, in status, body, headers and time', async () => {
      const [down, up] = [newAddress(), newAddress()]
      await enter(down, 'ap')
      await enter(up, 'na')
      edge.origins.ap.fail(how)
      refused('na')
      refused('eu')
      const answers = await Promise.all(
        [down, up, newAddress()].map(async email => {
          const started = performance.now()
          const { status, headers, json } = await send(paths.signIn, credentials(email))
          const { requestId: _, ...body } = json() as Record<string, unknown>
          return { status, body, retryAfter: headers['retry-after'], late: performance.now() - started > 2_500 }
        }),
      )
      for (const answer of answers) expect(answer).toEqual(answers[0])
      expect(answers[0]).toMatchObject({
        status: 503,
        body: { code: 'service_unavailable' },
        retryAfter: '10',
        late: false,
      })
    })

    it('lets in whoever has the right password where their region is up', async () => {
      const email = newAddress()
      await enter(email, 'na')
      edge.origins.ap.fail(how)
      edge.origins.na.on(() => ({ status: 201, body: { accessToken: 'here' } }))
      expect((await send(paths.signIn, credentials(email))).status).toBe(201)
    })
  })

  it('no answer comes before the floor, whatever it is', async () => {
    const held = newAddress()
    await enter(held, 'eu')
    edge.origins.eu.on(() => problem(401, 'invalid_credentials'))
    const asks = Object.values(paths).flatMap(path => [
      () => send(path, { email: held, password: 'x' }),
      () => send(path, { email: newAddress(), password: 'x' }),
      () => send(path, {} as Record<string, string>),
      () => edge.ask(path, { method: 'POST', body: '{' }),
    ])
    for (const path of ['/sign-in', '/register', '/forgot', '/verify/resend']) {
      asks.push(() => edge.ask(path, formOf(edge.site, { email: held, password: 'x', displayName: 'A' })))
    }
    const times = await Promise.all(asks.map(timed))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(answerFloor - 20)
  })

  it('time does not tell a known address from an unknown one', async () => {
    const known = newAddress()
    await enter(known, 'eu')
    edge.origins.eu.on(() => problem(401, 'invalid_credentials'))
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    for (let round = 0; round < 11; round++) {
      const [a, b] = await Promise.all([
        timed(() => send(paths.signIn, { email: known, password: 'x' })),
        timed(() => send(paths.signIn, { email: newAddress(), password: 'x' })),
      ])
      times.known.push(a)
      times.unknown.push(b)
    }
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(25)
  })
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
