import type { Image, ImageProblem, OwnImage } from '../shared/media.ts'

/** A photo in the seller's grid: what the origin knows of it, or what this browser is doing with a file. */
export type Tile = {
  /** Stays the same while a file becomes a photo. */
  key: string
  /** Null as long as the origin has not heard of it. */
  id: string | null
  fileName: string
  alt: string
  state: 'waiting' | 'sending' | 'unsent' | 'processing' | 'ready' | 'failed'
  /** How much is sent, from 0 to 100. */
  progress: number
  /** Why it failed, in words. */
  fault: string | null
  /** Whether this browser still has the file. */
  again: boolean
  /** A blob: URL of the file, where the browser can show it. */
  preview: string | null
  image: Image | null
}

const problems: Readonly<Record<ImageProblem, string>> = {
  unsupported: 'This kind of file cannot be shown. Send a JPEG, PNG, WebP, AVIF or GIF.',
  unreadable: 'The file is damaged. Open it on your device, save it anew, and send that.',
  too_large: 'The file is larger than 15 MB. Send a smaller copy.',
  too_many_pixels: 'The picture is too large to be prepared. Send a copy of at most 50 megapixels.',
  too_slow: 'It took too long to prepare. Send it once more, or a smaller copy.',
  lost: 'The file got lost on its way. Send it once more.',
}

const states = { uploading: 'unsent', processing: 'processing', ready: 'ready', failed: 'failed' } as const

/** A photo as the origin knows it. One that is announced and that nobody is sending has not been sent. */
export function tileOf({ id, state, problem, fileName, alt, image }: OwnImage): Tile {
  const fault = state === 'failed' ? problems[problem ?? 'unreadable'] : null
  return { key: id, id, fileName, alt, state: states[state], progress: 0, fault, again: false, preview: null, image }
}
