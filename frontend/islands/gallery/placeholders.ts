import { thumbHashToRGBA } from 'thumbhash'

/** Draws what a photo roughly looks like (ThumbHash) where it has not come yet; gone once it has. */
export function drawPlaceholders(items: readonly HTMLElement[], hashes: readonly string[]): void {
  items.forEach((item, index) => {
    const picture = item.querySelector('picture')
    const image = item.querySelector('img')
    const hash = hashes[index]
    if (!picture || !image || !hash || image.complete) return
    const canvas = draw(hash)
    if (!canvas) return
    picture.before(canvas)
    image.addEventListener('load', () => canvas.remove(), { once: true })
  })
}

/** @param hash in base64 */
function draw(hash: string): HTMLCanvasElement | undefined {
  const canvas = document.createElement('canvas')
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), character => character.charCodeAt(0)))
    Object.assign(canvas, { width: w, height: h })
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0)
    return canvas
  } catch {
    return undefined
  }
}
