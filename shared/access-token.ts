import { decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { AccessClaims } from './account.ts'
import { isRegion, type Region } from './regions.ts'

export const tokenAudience = 'classifyhub'
/** How long an access token lives, in seconds. */
export const accessTokenLifetime = 600

/** The public keys of a region's origin, as `/.well-known/jwks.json` gives them (RFC 7517). */
export type KeySet = { keys: JWK[] }

/** Finds the public key that `issuer` published under `kid`; undefined when it has none. Throws when it cannot tell. */
export type FindKey = (issuer: Region, kid: string) => Promise<CryptoKey | undefined>

/**
 * Verifies an access token of any region (RFC 7519, RFC 8725): strict base64url, ES256 only, no key or certificate
 * from the token itself, the key bound to the issuer that the token names, audience, type and times.
 * @param now milliseconds since the epoch
 * @returns the claims, or undefined for any token that does not hold
 * @throws what `findKey` throws: then nobody can tell
 */
export async function verifyAccessToken(
  token: string,
  findKey: FindKey,
  now: number,
): Promise<AccessClaims | undefined> {
  if (!isCanonical(token)) return undefined
  const source = readSource(token)
  if (!source) return undefined
  const key = await findKey(source.issuer, source.kid)
  if (!key) return undefined
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      audience: tokenAudience,
      issuer: source.issuer,
      typ: 'at+jwt',
      currentDate: new Date(now),
      requiredClaims: ['sub', 'sid', 'iat', 'exp', 'jti'],
    })
    const claims = AccessClaims.safeParse(payload)
    if (!claims.success || payload.iat === undefined || payload.iat * 1000 > now + 5_000) return undefined
    return claims.data.sub.startsWith(`${source.issuer}_`) ? claims.data : undefined
  } catch {
    return undefined
  }
}

/** Header and issuer before verification: only to choose the key. */
function readSource(token: string): { issuer: Region; kid: string } | undefined {
  try {
    const header = decodeProtectedHeader(token)
    const allowed = Object.keys(header).every(name => ['alg', 'kid', 'typ'].includes(name))
    if (!allowed || header.alg !== 'ES256' || typeof header.kid !== 'string') return undefined
    const payload: unknown = JSON.parse(new TextDecoder().decode(fromBase64url(token.split('.')[1] ?? '')))
    const issuer = (payload as { iss?: unknown } | null)?.iss
    return typeof issuer === 'string' && isRegion(issuer) ? { issuer, kid: header.kid } : undefined
  } catch {
    return undefined
  }
}

/** Three parts of base64url without padding, white space or stray trailing bits (RFC 7515 §2, RFC 4648 §3.5). */
function isCanonical(token: string): boolean {
  if (token.length > 4096 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return false
  return token.split('.').every(part => {
    try {
      return toBase64url(fromBase64url(part)) === part
    } catch {
      return false
    }
  })
}

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
}

function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
