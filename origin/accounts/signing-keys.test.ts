import { exportJWK, generateKeyPair } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { verifyAccessToken } from '../../shared/access-token.ts'
import { createKeySets } from '../../shared/key-sets.ts'
import { createContext } from '../create-context.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import {
  ensureSigningKeys,
  listSigningKeys,
  publicKeySet,
  RotationTooSoonError,
  rotateSigningKeys,
  signAccessToken,
} from './signing-keys.ts'

let clock: Clock
let origin: TestOrigin
beforeEach(async () => {
  clock = createClock()
  origin = await createTestOrigin({ now: clock.now })
  clock.advance(60_000)
})

const holder = { id: 'na_someone', displayName: 'Maria', role: 'member', sessionId: 'na_session' } as const
const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
const kids = async () => (await publicKeySet(origin.ctx)).keys.map(key => key.kid)

describe('ensureSigningKeys', () => {
  it('makes one current and one next key although many processes start at once', async () => {
    await origin.ctx.db.deleteFrom('signing_keys').execute()
    await Promise.all(Array.from({ length: 5 }, () => ensureSigningKeys(origin.ctx)))
    expect((await listSigningKeys(origin.ctx)).map(key => key.state).sort()).toEqual(['current', 'next'])
  })

  it('says which setting is wrong when it cannot open them', async () => {
    const { ctx } = origin
    const other = await createContext(
      { ...ctx.config, keys: { ...ctx.config.keys, region: 'another master key of the region 0123' } },
      clock.now,
    )
    await expect(ensureSigningKeys(other)).rejects.toThrow('REGION_KEY')
    await other.db.destroy()
  })

  it('keeps no private key in the open', async () => {
    const rows = await origin.ctx.db.selectFrom('signing_keys').selectAll().execute()
    for (const row of rows) {
      expect(row.public_jwk).not.toHaveProperty('d')
      expect(row.sealed_private_jwk.toString('latin1')).not.toContain('"d"')
    }
  })
})

describe('publicKeySet', () => {
  it('is open to everybody, holds two keys and nothing private', async () => {
    const reply = await origin.request('GET', '/.well-known/jwks.json', { signed: false })
    expect(reply.status).toBe(200)
    expect(reply.body.keys).toHaveLength(2)
    for (const key of reply.body.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
      expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' })
    }
  })
})

describe('rotateSigningKeys', () => {
  it('signs with the key that was next, and keeps old tokens good until they expire', async () => {
    const before = await signAccessToken(origin.ctx, holder)
    const [next] = (await listSigningKeys(origin.ctx)).filter(key => key.state === 'next')
    await rotateSigningKeys(origin.ctx)
    const after = await signAccessToken(origin.ctx, holder)
    expect(kidOf(after.accessToken)).toBe(next?.kid)
    expect(kidOf(before.accessToken)).not.toBe(next?.kid)
    clock.advance(599_000)
    const verify = (token: string) => verifyAccessToken(token, freshKeys(), clock.now().getTime())
    expect(await verify(before.accessToken)).toMatchObject({ sub: holder.id })
    expect(await verify(after.accessToken)).toMatchObject({ sub: holder.id })
  })

  it('needs no verifier to read the keys again: the next one was published before', async () => {
    const findKey = freshKeys()
    const old = await signAccessToken(origin.ctx, holder)
    expect(await verifyAccessToken(old.accessToken, findKey, clock.now().getTime())).toBeDefined()
    await rotateSigningKeys(origin.ctx)
    const fresh = await signAccessToken(origin.ctx, holder)
    expect(await verifyAccessToken(fresh.accessToken, findKey, clock.now().getTime())).toBeDefined()
  })

  it('publishes a retired key for as long as a token of it may live, then forgets it', async () => {
    const [retired] = (await listSigningKeys(origin.ctx)).filter(key => key.state === 'current')
    await rotateSigningKeys(origin.ctx)
    clock.advance(600_000)
    expect(await kids()).toContain(retired?.kid)
    clock.advance(60_001)
    expect(await kids()).not.toContain(retired?.kid)
    expect(await kids()).toHaveLength(2)
    await rotateSigningKeys(origin.ctx)
    expect((await listSigningKeys(origin.ctx)).map(key => key.kid)).not.toContain(retired?.kid)
  })

  it('refuses to rotate again before everybody knows the next key, unless it is forced', async () => {
    await rotateSigningKeys(origin.ctx)
    await expect(rotateSigningKeys(origin.ctx)).rejects.toThrow(RotationTooSoonError)
    await rotateSigningKeys(origin.ctx, { force: true })
    clock.advance(600_001)
    await rotateSigningKeys(origin.ctx)
  })

  it('is noticed by another process of the region within seconds', async () => {
    const other = await createContext(origin.ctx.config, clock.now)
    await signAccessToken(other, holder)
    const { current } = await rotateSigningKeys(origin.ctx)
    clock.advance(3_001)
    expect(kidOf((await signAccessToken(other, holder)).accessToken)).toBe(current)
    await other.db.destroy()
  })

  it('leaves one current and one next key when two rotate at once', async () => {
    await Promise.allSettled([
      rotateSigningKeys(origin.ctx),
      rotateSigningKeys(origin.ctx),
      rotateSigningKeys(origin.ctx),
    ])
    const states = (await listSigningKeys(origin.ctx)).map(key => key.state).sort()
    expect(states).toEqual(['current', 'next', 'retired'])
  })
})

describe('createKeySets', () => {
  it('finds keys of P-256 only, and no private one', async () => {
    const odd = await generateKeyPair('ES384', { extractable: true })
    const own = await generateKeyPair('ES256', { extractable: true })
    const keys = [
      { ...(await exportJWK(odd.publicKey)), kid: 'odd' },
      { ...(await exportJWK(own.privateKey)), kid: 'private' },
    ]
    const findKey = createKeySets({ fetchKeys: async () => ({ keys }), now: () => clock.now().getTime() })
    expect(await findKey('na', 'odd')).toBeUndefined()
    expect(await findKey('na', 'private')).toBeUndefined()
  })
})

function freshKeys() {
  return createKeySets({ fetchKeys: () => publicKeySet(origin.ctx), now: () => clock.now().getTime() })
}
