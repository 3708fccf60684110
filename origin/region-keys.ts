import { hkdfSync } from 'node:crypto'

const purposes = ['refresh-successor', 'location-blur', 'cursor', 'key-seal', 'report-network', 'mail-link'] as const
export type RegionKeys = Record<(typeof purposes)[number], Buffer>

/** Derives one 256-bit key a purpose from the region's master key (HKDF-SHA-256, RFC 5869). */
export function deriveRegionKeys(master: string): RegionKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, '', `classifyhub ${purpose}`, 32))
  return Object.fromEntries(purposes.map(purpose => [purpose, derive(purpose)])) as RegionKeys
}
