import { describe, expect, it } from 'vitest'
import { fingerprintSide, perceptualHash } from './fingerprint.ts'

const side = fingerprintSide
const picture = (grey: (x: number, y: number) => number) =>
  Uint8Array.from({ length: side * side }, (_, i) => Math.max(0, Math.min(255, grey(i % side, Math.floor(i / side)))))
const waves = (x: number, y: number) => 128 + 60 * Math.sin(x / 3) + 40 * Math.cos(y / 4 + x / 9)

/** Bits in which two hashes differ. */
function distance(a: bigint | null, b: bigint | null): number {
  return ((a ?? 0n) ^ (b ?? 0n)).toString(2).replaceAll('0', '').length
}

describe('perceptualHash', () => {
  const hash = perceptualHash(picture(waves))

  it('has 64 bits, half of them set', () => {
    expect(hash?.toString(2).replaceAll('0', '')).toHaveLength(32)
    expect(hash).toBeLessThan(2n ** 64n)
  })

  it('does not change with light and contrast, and little with noise', () => {
    expect(perceptualHash(picture((x, y) => waves(x, y) + 15))).toBe(hash)
    expect(distance(hash, perceptualHash(picture((x, y) => waves(x, y) * 0.6 + 40)))).toBeLessThanOrEqual(6)
    const noisy = picture((x, y) => waves(x, y) + ((x * 7 + y * 13) % 5) - 2)
    expect(distance(hash, perceptualHash(noisy))).toBeLessThanOrEqual(6)
  })

  it('changes much with another picture, a mirrored and a turned one', () => {
    const others = [
      (x: number, y: number) => waves(side - 1 - x, y),
      (x: number, y: number) => waves(y, x),
      (x: number, y: number) => 128 + 100 * Math.sin(x * y),
    ]
    for (const other of others) expect(distance(hash, perceptualHash(picture(other)))).toBeGreaterThan(10)
  })

  it('is none for a picture of one tone', () => {
    expect(perceptualHash(picture(() => 200))).toBeNull()
    expect(perceptualHash(picture(x => 200 + (x % 2)))).toBeNull()
    expect(perceptualHash(picture(x => (x < 16 ? 0 : 255)))).not.toBeNull()
  })
})
