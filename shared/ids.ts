import { isRegion, type Region } from './regions.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idPattern = /^(na|eu|ap)_[0-7][0-9a-hjkmnp-tv-z]{25}$/

/**
 * Makes an id that carries its region: `<region>_<UUIDv7 in Crockford base32>` (architecture, decision 1; RFC 9562 §5.7).
 * @param region the region that will own the record
 * @param now milliseconds since the epoch; the first 48 bits, so ids sort by time
 */
export function createId(region: Region, now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return `${region}_${encodeBase32(bytes)}`
}

/** Gives the region that owns a record, or undefined when the text is no id of ours. */
export function regionOfId(id: string): Region | undefined {
  if (!idPattern.test(id)) return undefined
  const region = id.slice(0, 2)
  return isRegion(region) ? region : undefined
}

/** Tells whether a text is a well-formed id of ours (of any region). */
export function isId(text: string): boolean {
  return idPattern.test(text)
}

/** 128 bits as 26 characters of Crockford base32, the first of which holds 3 bits. */
function encodeBase32(bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = (alphabet[Number(value & 31n)] ?? '') + text
    value >>= 5n
  }
  return text
}
