import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { createId } from '../../shared/ids.ts'
import type { Region } from '../../shared/regions.ts'

export type Signer = Awaited<ReturnType<typeof createSigner>>

/** A region's signing key, its public key set, and tokens of it. */
export async function createSigner(region: Region, kid = `${region}-1`) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }
  return {
    region,
    kid,
    privateKey: privateKey as CryptoKey,
    publicKey: publicKey as CryptoKey,
    keySet: { keys: [jwk] },
    /** A good token; `change` replaces claims, `header` parts of the header. */
    token: (change: JWTPayload = {}, header: Record<string, unknown> = {}) =>
      new SignJWT({ ...claimsOf(region), ...change })
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header })
        .sign(privateKey),
  }
}

/** The claims of a member of a region whose token has nine minutes left. */
export function claimsOf(region: Region): JWTPayload {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: region,
    aud: 'classifyhub',
    sub: createId(region),
    sid: createId(region),
    name: 'Maria',
    role: 'member',
    iat: now - 60,
    exp: now + 540,
    jti: crypto.randomUUID(),
  }
}
