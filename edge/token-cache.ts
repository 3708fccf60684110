import { type FindKey, verifyAccessToken } from '../shared/access-token.ts'
import type { AccessClaims } from '../shared/account.ts'
import { AppError } from '../shared/errors.ts'

/** Gives the claims of a token, or undefined when it does not hold. Throws `region_unavailable` when nobody can tell. */
export type VerifyToken = (token: string) => Promise<AccessClaims | undefined>

const capacity = 5_000

/**
 * Verifies access tokens and remembers the good ones until they expire: an ES256 check costs more than the rest of a
 * cached request together. Bad tokens are not remembered, so that nobody can fill the cache with them.
 */
export function createTokenVerifier(findKey: FindKey, now: () => number): VerifyToken {
  const verified = new Map<string, AccessClaims>()

  return async token => {
    const known = verified.get(token)
    if (known && known.exp * 1000 > now()) return known
    verified.delete(token)
    const claims = await verifyAccessToken(token, findKey, now()).catch(cause => {
      throw new AppError('region_unavailable', { cause, headers: { 'retry-after': '10' } })
    })
    if (!claims) return undefined
    verified.set(token, claims)
    if (verified.size > capacity) verified.delete(verified.keys().next().value ?? '')
    return claims
  }
}
