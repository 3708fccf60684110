import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type CryptoKey, exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importJWK, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifyAccessToken } from '../../shared/access-token.ts'
import { createKeySets } from '../../shared/key-sets.ts'
import { type Clock, createClock } from '../testing/clock.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'

type Claims = Record<string, unknown>
type Header = Record<string, unknown>
type Kit = Awaited<ReturnType<typeof createKit>>

let clock: Clock
let na: TestOrigin
let account: TestAccount
let kit: Kit
beforeAll(async () => {
  clock = createClock(new Date(Math.ceil(Date.now() / 1_000) * 1_000))
  ;({ na } = await createTestWorld(['na', 'eu'], { now: clock.now }))
  account = await na.createAccount()
  kit = await createKit()
})

const parts = (token: string) => token.split('.') as [string, string, string]
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

/**
 * Everything a forger could have: a real token, its public key, keys of their own; and, to try single claims, the key of
 * a region that these tests made themselves.
 */
async function createKit() {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const kid = 'na-test-key'
  const privateKey = createPrivateKey(await exportPKCS8(pair.privateKey))
  const publicJwk: JWK = { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' }
  const mine = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = clock.now().getTime() / 1_000
  const header: Header = { alg: 'ES256', typ: 'at+jwt', kid }
  const claims: Claims = {
    iss: 'na',
    aud: 'classifyhub',
    sub: account.id,
    sid: account.sessionId,
    name: 'Maria',
    role: 'member',
    iat: now,
    exp: now + 600,
    jti: 'j',
  }
  const spki = await exportSPKI(pair.publicKey)
  return { kid, privateKey, publicJwk, mine, header, claims, spki, now }
}

function signed(header: unknown, claims: unknown, key: KeyObject = kit.privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signature(input, key)}`
}

function signature(input: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

function hmac(header: unknown, claims: unknown, secret: string | Buffer, hash = 'sha256'): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`
}

const good = (more: Claims = {}) => signed(kit.header, { ...kit.claims, ...more })
const withHeader = (more: Header) => signed({ ...kit.header, ...more }, kit.claims)
const without = (claim: string) => signed(kit.header, { ...kit.claims, [claim]: undefined })
const real = () => parts(account.token)

/** Keys as the issuer of the kit publishes them, and those of the real regions. */
async function findKey(issuer: string, kid: string) {
  if (issuer === 'na' && kid === kit.kid) return (await importJWK(kit.publicJwk, 'ES256')) as CryptoKey
  return na.ctx.findKey(issuer as 'na', kid)
}

const verify = (token: string) => verifyAccessToken(token, findKey, clock.now().getTime())

/** A class of forgery each, by how it is made. */
const forgeries: Record<string, () => string | Promise<string>> = {
  'nothing at all': () => '',
  'algorithm none, unsigned': () => `${encode({ ...kit.header, alg: 'none' })}.${encode(kit.claims)}.`,
  'algorithm none, signed': () => withHeader({ alg: 'none' }),
  'algorithm None, for those who compare by case': () => withHeader({ alg: 'nOnE' }),
  'HS256 with the public key as PEM': () => hmac({ ...kit.header, alg: 'HS256' }, kit.claims, kit.spki),
  'HS256 with the public key as JSON': () =>
    hmac({ ...kit.header, alg: 'HS256' }, kit.claims, JSON.stringify(kit.publicJwk)),
  'HS256 with an empty secret': () => hmac({ ...kit.header, alg: 'HS256' }, kit.claims, Buffer.alloc(0)),
  'HS256 under the name of ES256': () => hmac(kit.header, kit.claims, kit.spki),
  'ES384 named for a key of P-256': () => withHeader({ alg: 'ES384' }),
  'RS256 with a key of their own': () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const input = `${encode({ ...kit.header, alg: 'RS256' })}.${encode(kit.claims)}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  },
  'EdDSA with a key of their own': () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const input = `${encode({ ...kit.header, alg: 'EdDSA' })}.${encode(kit.claims)}`
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
  },
  'another key under our key id': () => signed(kit.header, kit.claims, kit.mine.privateKey),
  'an embedded key (jwk)': () =>
    signed({ ...kit.header, jwk: kit.mine.publicKey.export({ format: 'jwk' }) }, kit.claims, kit.mine.privateKey),
  'an embedded key beside a signature of ours': () => withHeader({ jwk: kit.publicJwk }),
  'a key set elsewhere (jku)': () => withHeader({ jku: 'https://evil.example/jwks.json' }),
  'a certificate elsewhere (x5u)': () => withHeader({ x5u: 'https://evil.example/cert.pem' }),
  'an embedded certificate (x5c)': () => withHeader({ x5c: ['MIIB'] }),
  'a critical extension (crit)': () => withHeader({ crit: ['exp'] }),
  'an unencoded payload (b64)': () => withHeader({ b64: false, crit: ['b64'] }),
  'compression (zip)': () => withHeader({ zip: 'DEF' }),
  'no key id': () => withHeader({ kid: undefined }),
  'an unknown key id': () => withHeader({ kid: 'unknown' }),
  'a key id that is a path': () => withHeader({ kid: '../../../dev/null' }),
  'a key id that is SQL': () => withHeader({ kid: "' OR '1'='1" }),
  'a key id of every object': () => withHeader({ kid: '__proto__' }),
  'a key id that is an array': () => withHeader({ kid: [kit.kid] }),
  'no type': () => withHeader({ typ: undefined }),
  'the type of an identity token': () => withHeader({ typ: 'JWT' }),
  'a foreign issuer': () => good({ iss: 'evil' }),
  'an issuer that is a URL': () => good({ iss: 'https://na' }),
  'an issuer that is an array': () => good({ iss: ['na'] }),
  'no issuer': () => without('iss'),
  'the key of one region for the issuer of another': () => good({ iss: 'eu', sub: `eu${account.id.slice(2)}` }),
  'an account of another region': () => good({ sub: `eu${account.id.slice(2)}` }),
  'a foreign audience': () => good({ aud: 'another-site' }),
  'an audience that is an array': () => good({ aud: ['classifyhub'] }),
  'no audience': () => without('aud'),
  'expired a second ago': () => good({ iat: kit.now - 601, exp: kit.now - 1 }),
  'expired this second': () => good({ iat: kit.now - 600, exp: kit.now }),
  'no expiry': () => without('exp'),
  'an expiry that is text': () => good({ exp: '9999999999' }),
  'an expiry beyond all numbers': () =>
    `${encode(kit.header)}.${Buffer.from(JSON.stringify({ ...kit.claims, exp: 0 }).replace('"exp":0', '"exp":1e999')).toString('base64url')}.x`,
  'an expiry that is null': () => good({ exp: null }),
  'not valid yet (nbf)': () => good({ nbf: kit.now + 60 }),
  'issued in the future (iat)': () => good({ iat: kit.now + 60, exp: kit.now + 660 }),
  'no time of issue': () => without('iat'),
  'no subject': () => without('sub'),
  'a subject that is a number': () => good({ sub: 42 }),
  'a subject that is null': () => good({ sub: null }),
  'no session': () => without('sid'),
  'a session that is an object': () => good({ sid: { $ne: null } }),
  'no token id': () => without('jti'),
  'a role that does not exist': () => good({ role: 'root' }),
  'a role that is an array': () => good({ role: ['operator'] }),
  'claims that are an array': () => signed(kit.header, [kit.claims]),
  'claims that are null': () => signed(kit.header, null),
  'claims that are text': () => signed(kit.header, 'na'),
  'claims that are no JSON': () => {
    const input = `${encode(kit.header)}.${Buffer.from('{"iss":"na"').toString('base64url')}`
    return `${input}.${signature(input, kit.privateKey)}`
  },
  'a header that is no object': () => signed('ES256', kit.claims),
  'a changed role under a real signature': () =>
    [real()[0], encode({ ...decode(real()[1]), role: 'operator' }), real()[2]].join('.'),
  'a changed subject under a real signature': () =>
    [real()[0], encode({ ...decode(real()[1]), sub: `${account.id}x` }), real()[2]].join('.'),
  'a real header and body, unsigned': () => `${real()[0]}.${real()[1]}.`,
  'a real header and body, without the last dot': () => `${real()[0]}.${real()[1]}`,
  'a signature that is cut short': () => account.token.slice(0, -4),
  'a signature of zeros': () => `${real()[0]}.${real()[1]}.${Buffer.alloc(64).toString('base64url')}`,
  'a signature in DER': () => {
    const input = `${encode(kit.header)}.${encode(kit.claims)}`
    return `${input}.${sign('sha256', Buffer.from(input), { key: kit.privateKey, dsaEncoding: 'der' }).toString('base64url')}`
  },
  'a signature with bytes behind it': () =>
    `${real()[0]}.${real()[1]}.${Buffer.concat([Buffer.from(real()[2], 'base64url'), Buffer.alloc(1)]).toString('base64url')}`,
  'stray trailing bits in the signature': () => account.token.slice(0, -1) + twin(account.token.at(-1) ?? ''),
  'padding at the end': () => `${account.token}==`,
  'padding within': () => `${real()[0]}=.${real()[1]}.${real()[2]}`,
  'plain base64 instead of base64url': () => `${real()[0]}.${real()[1]}.${'+/'.repeat(43)}`,
  'a space within': () => account.token.replace('.', ' .'),
  'a line break at the end': () => `${account.token}\n`,
  'a tab in front': () => `\t${account.token}`,
  'a NUL at the end': () => `${account.token}\0`,
  'a full-width dot': () => account.token.replace('.', '．'),
  'a dot in front': () => `.${account.token}`,
  'a fourth part': () => `${account.token}.${encode({})}`,
  'five parts, as if it were encrypted': () => `${real()[0]}.${real()[1]}.${real()[2]}.${real()[1]}.${real()[2]}`,
  'two tokens in one': () => account.token + account.token,
  'JSON instead of the compact form': () =>
    JSON.stringify({ payload: real()[1], protected: real()[0], signature: real()[2] }),
  'a hundred kilobytes': () => good({ name: 'x'.repeat(100_000) }),
  'a depth of thousands': () => `${Buffer.from('['.repeat(3_000)).toString('base64url')}.${real()[1]}.${real()[2]}`,
  'a refresh token': () => account.refreshToken,
}

/** The other character that a lax decoder reads as the same signature: 64 bytes leave four bits of the last one unused. */
function twin(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(last) ^ 1] ?? ''
}

describe('verifyAccessToken', () => {
  it('accepts what a region has signed, until its last second', async () => {
    expect(await verify(account.token)).toMatchObject({
      iss: 'na',
      sub: account.id,
      sid: account.sessionId,
      role: 'member',
    })
    expect(await verify(good())).toMatchObject({ sub: account.id })
    expect(await verify(good({ iat: kit.now - 599, exp: kit.now + 1 }))).toBeDefined()
  })

  it('is given more than 30 classes of forgery', () => {
    expect(Object.keys(forgeries).length).toBeGreaterThan(30)
  })

  it.each(Object.keys(forgeries))('refuses %s', async name => {
    const token = (await forgeries[name]?.()) ?? ''
    expect(token).not.toBe(account.token)
    expect(await verify(token)).toBeUndefined()
  })

  it('passes on that the keys cannot be read, instead of guessing', async () => {
    const away = createKeySets({ fetchKeys: () => Promise.reject(new Error('away')), now: () => clock.now().getTime() })
    await expect(verifyAccessToken(account.token, away, clock.now().getTime())).rejects.toThrow('away')
  })
})

describe('the origin', () => {
  it.each(Object.keys(forgeries))('answers 401 to %s', async name => {
    const token = (await forgeries[name]?.()) ?? ''
    // What no HTTP client could put into a header never arrives.
    if (/[^\t\x20-\xff]/.test(token) || token.trim() !== token) return
    const reply = await na.request('GET', '/accounts/me', { headers: { authorization: `Bearer ${token}` } })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toContain('Bearer')
  })

  it.each(['', 'Bearer', 'Basic bWFyaWE6eA==', 'Token x', 'Bearer a b', 'Bearer ,', 'bearer'])(
    'answers 401 to the header %j',
    async authorization => {
      expect((await na.request('GET', '/accounts/me', { headers: { authorization } })).status).toBe(401)
    },
  )

  it('answers 401 to two tokens in one header', async () => {
    const authorization = `Bearer ${account.token}, Bearer ${account.token}`
    expect((await na.request('GET', '/accounts/me', { headers: { authorization } })).status).toBe(401)
  })

  it('takes the real one', async () => {
    expect((await na.request('GET', '/accounts/me', { token: account.token })).status).toBe(200)
  })
})
