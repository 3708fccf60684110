import { uploadTypes } from '../../shared/media.ts'

/** How many bytes of a file tell what it is. */
export const sniffedBytes = 512

/** A type that photos are made from. */
export type PhotoType = (typeof uploadTypes)[number]

/**
 * Tells what a file is by its first bytes (WHATWG MIME Sniffing, 6.1; AVIF and HEIF by the brands of ISO/IEC 14496-12, 4.3),
 * whatever its name or sender says.
 * @param bytes `sniffedBytes` of it, or all where it is shorter
 * @returns a MIME type; undefined for what is none of those known here
 */
export function sniffType(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, sniffedBytes))
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (/^GIF8[79]a/.test(text)) return 'image/gif'
  if (/^RIFF....WEBPVP/s.test(text)) return 'image/webp'
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'image/tiff'
  if (text.startsWith('ftyp', 4)) return sniffBrands(text)
  if (/^(?:\xef\xbb\xbf)?\s*<(?:[?!].*<)?svg[\s>]/is.test(text)) return 'image/svg+xml'
  return undefined
}

/** Whether photos are made from a type. */
export function isPhotoType(type: string | undefined): type is PhotoType {
  return (uploadTypes as readonly (string | undefined)[]).includes(type)
}

/** The box of a file's brands: its size, `ftyp`, the major brand, a version, and the brands that it is compatible with. */
function sniffBrands(text: string): string | undefined {
  const size = [0, 1, 2, 3].reduce((sum, at) => sum * 256 + text.charCodeAt(at), 0)
  const end = Math.min(size, text.length)
  const brands = [text.slice(8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text.slice(at, at + 4))
  if (brands.some(brand => brand === 'avif' || brand === 'avis')) return 'image/avif'
  if (brands.some(brand => /^(?:he[iv][cxms]|mif1|msf1)$/.test(brand))) return 'image/heic'
  return undefined
}
