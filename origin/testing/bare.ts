/**
 * Lists what a picture consists of, by its container alone: the markers of a JPEG (ITU-T T.81, B.1.1.3) as `SOI`, `APP0 JFIF`,
 * `DQT`…, the chunks of a WebP (RFC 9649) as `VP8 `…, and `trailing` where bytes follow its end.
 * @throws {Error} for what is neither
 */
export function partsOf(bytes: Uint8Array): string[] {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length))
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return chunksOf(bytes, text)
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return markersOf(bytes, text)
  throw new Error(`Cannot list the parts of what begins with "${text(0, 12)}"`)
}

/** What a picture may consist of that holds nothing but the picture. */
const bareParts = new Set(['SOI', 'APP0 JFIF', 'DQT', 'SOF', 'DHT', 'DRI', 'SOS', 'EOI', 'VP8 '])

/** The parts of a picture that could hold something besides the picture; none in what we serve. */
export function tellingParts(bytes: Uint8Array): string[] {
  return partsOf(bytes).filter(part => !bareParts.has(part))
}

type Text = (at: number, length: number) => string

function chunksOf(bytes: Uint8Array, text: Text): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  const end = 8 + view.getUint32(4, true)
  let at = 12
  while (at + 8 <= end) {
    parts.push(text(at, 4))
    at += 8 + view.getUint32(at + 4, true)
    at += at % 2
  }
  return at === bytes.length && at === end ? parts : [...parts, 'trailing']
}

const names: Record<number, string> = { 196: 'DHT', 219: 'DQT', 221: 'DRI', 254: 'COM' }

function markersOf(bytes: Uint8Array, text: Text): string[] {
  const parts = ['SOI']
  let at = 2
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) return [...parts, 'trailing']
    if (marker === 0xd9) return at + 2 === bytes.length ? [...parts, 'EOI'] : [...parts, 'EOI', 'trailing']
    const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0)
    if (marker === 0xda) parts.push('SOS')
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4) parts.push('SOF')
    else if (marker >= 0xe0 && marker <= 0xef) parts.push(`APP${marker - 0xe0} ${text(at + 4, 4)}`)
    else parts.push(names[marker] ?? `0x${marker.toString(16)}`)
    at += 2 + length
    if (marker === 0xda) at = endOfScan(bytes, at)
  }
  return [...parts, 'cut off']
}

/** Entropy-coded data ends where 0xff is followed by neither 0 (stuffed) nor a restart marker. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from
  while (at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
    at++
  }
  return bytes.length
}
