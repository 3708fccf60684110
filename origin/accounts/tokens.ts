import { createHash, createHmac, randomBytes } from 'node:crypto'
import { isRegion, type Region } from '../../shared/regions.ts'

/** Makes a token of 256 random bits that names its region, so that the edge can send it home: `<region>_<base64url>`. */
export function createToken(region: Region): string {
  return `${region}_${randomBytes(32).toString('base64url')}`
}

/**
 * Gives the token that follows `token`: HMAC-SHA-256 (RFC 2104) under a key of the server's, so that a repeated refresh
 * gets the same successor and nobody else can compute it.
 */
export function successorOf(token: string, key: Buffer): string {
  return `${token.slice(0, 2)}_${createHmac('sha256', key).update(token).digest('base64url')}`
}

/** What is stored of a token: SHA-256. A token has 256 bits of its own, so no salt and no slow hash is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Tells whether a text has the form of a token of this region. */
export function isTokenOf(region: Region, text: string): boolean {
  return /^[a-z]{2}_[\w-]{43}$/.test(text) && isRegion(text.slice(0, 2)) && text.startsWith(region)
}
