import sharp from 'sharp'
import { somePicture } from '../origin/testing/photos.ts'
import { hasRealPhotos, realPhotos } from '../origin/testing/real-photos.ts'

export type PhotoSet = { what: string; photos: Buffer[] }

/** As large as the site's own script sends a photo, in pixels. */
const sent = 2_560

/**
 * Photos to measure with: some of ../shared/data/photos, and two of them as large as browsers send them; generated ones where
 * they are absent.
 */
export async function photoSet(): Promise<PhotoSet> {
  if (!hasRealPhotos) return { what: 'generated (../shared/data/photos is absent)', photos: await generated() }
  const items = realPhotos('items').map(({ bytes }) => bytes)
  const [large, small] = [items.slice(0, 2), items.slice(2, 8)]
  const camera = realPhotos('camera').map(({ bytes }) => bytes)
  return {
    what: `${small.length} items, ${camera.length} of cameras, ${large.length} of ${sent} px`,
    // The largest first: of two that work side by side neither waits long for the other at the end.
    photos: [...(await Promise.all(large.map(enlarge))), ...camera.sort((a, b) => b.length - a.length), ...small],
  }
}

function enlarge(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes).resize(sent).sharpen().jpeg({ quality: 85 }).toBuffer()
}

function generated(): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: 12 }, (_, seed) => {
      const [width, height] = seed % 4 === 0 ? [sent, 1_920] : [640, 480]
      return somePicture(width, height, seed).jpeg({ quality: 90 }).toBuffer()
    }),
  )
}
