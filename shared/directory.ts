import { normaliseEmail } from './account.ts'
import type { Region } from './regions.ts'

/**
 * Gives the Redis key of an address in the directory that all regions share (architecture, decision 10):
 * `dir:` and the HMAC-SHA-256 of the normalised address, so that the directory holds no address.
 * @param secret DIRECTORY_KEY, the same in every region and at the edge
 */
export async function directoryKey(secret: string, email: string): Promise<string> {
  return `dir:${await keyedHash(secret, normaliseEmail(email))}`
}

/** Gives the Redis key that exists once a region has entered all its accounts; without it the directory counts as down. */
export function directoryMarkerKey(region: Region): string {
  return `dir-complete:${region}`
}

/** HMAC-SHA-256 (RFC 2104) of a text, as lower-case hex. */
export async function keyedHash(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(text))
  return Array.from(new Uint8Array(mac), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** A directory entry is a region, or a region and `?` while a registration is under way there. */
export function regionOfEntry(entry: string): string {
  return entry.slice(0, 2)
}
