const side = 32
const kept = 8
/** Mean deviation of grey below which a picture shows nothing to be known again by. */
const faint = 2

/** What `perceptualHash` reads: a picture squeezed into this many grey values a side, whatever its form. */
export const fingerprintSide = side

/**
 * Gives 64 bits that stay nearly the same when a picture is encoded, scaled or lit anew: the signs of its lowest 8 by 8
 * frequencies against their median (pHash: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash
 * Functions", 2010, 3.2.1; DCT-II). The more bits two pictures differ in, the less they look alike.
 * @param grey 32 by 32 values of 0 to 255, row by row
 * @returns an unsigned number of 64 bits; null for a picture of one tone, which is like all others of that kind
 */
export function perceptualHash(grey: Uint8Array): bigint | null {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length
  const deviation = grey.reduce((sum, value) => sum + Math.abs(value - mean), 0) / grey.length
  if (deviation < faint) return null
  const frequencies = lowFrequencies(grey)
  const middle = median(frequencies)
  return frequencies.reduce((bits, value) => (bits << 1n) | (value > middle ? 1n : 0n), 0n)
}

/** The rows, and then the columns, of the cosine transform; the very first, the mean, is left out for the ninth of its row. */
function lowFrequencies(grey: Uint8Array): number[] {
  const rows = new Float64Array(side * kept)
  for (let y = 0; y < side; y++) {
    for (let u = 1; u <= kept; u++) {
      let sum = 0
      for (let x = 0; x < side; x++) sum += (grey[y * side + x] ?? 0) * cosine(u, x)
      rows[y * kept + u - 1] = sum
    }
  }
  const frequencies: number[] = []
  for (let v = 1; v <= kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0
      for (let y = 0; y < side; y++) sum += (rows[y * kept + u] ?? 0) * cosine(v, y)
      frequencies.push(sum)
    }
  }
  return frequencies
}

const cosines = Float64Array.from({ length: (kept + 1) * side }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / side) * (2 * (i % side) + 1)) / (2 * side)),
)

function cosine(frequency: number, at: number): number {
  return cosines[frequency * side + at] ?? 0
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
