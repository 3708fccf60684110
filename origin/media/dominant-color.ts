/**
 * Gives the dominant colour of a picture: the mean of the fullest of 16 by 16 by 16 boxes of like colours.
 * @param pixels red, green, blue and alpha of each, 0 to 255; some thousands tell as much as millions
 * @returns `#rrggbb`
 */
export function dominantColor(pixels: Uint8Array): string {
  const counts = new Uint32Array(4_096)
  let fullest = 0
  for (let at = 0; at < pixels.length; at += 4) {
    const box = boxOf(pixels, at)
    const count = (counts[box] ?? 0) + 1
    counts[box] = count
    if (count > (counts[fullest] ?? 0)) fullest = box
  }
  const sums = [0, 0, 0]
  for (let at = 0; at < pixels.length; at += 4) {
    if (boxOf(pixels, at) !== fullest) continue
    for (let channel = 0; channel < 3; channel++) sums[channel] = (sums[channel] ?? 0) + (pixels[at + channel] ?? 0)
  }
  const channels = sums.map(sum => Math.round(sum / Math.max(1, counts[fullest] ?? 1)))
  return `#${channels.map(value => value.toString(16).padStart(2, '0')).join('')}`
}

function boxOf(pixels: Uint8Array, at: number): number {
  return (((pixels[at] ?? 0) >> 4) << 8) | (((pixels[at + 1] ?? 0) >> 4) << 4) | ((pixels[at + 2] ?? 0) >> 4)
}
