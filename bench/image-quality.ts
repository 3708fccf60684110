import sharp, { type Sharp } from 'sharp'
import { jpeg, webp } from '../origin/media/encoding.ts'
import type { EncodedPhoto } from '../origin/media/photo.ts'
import { realPhotos } from '../origin/testing/real-photos.ts'
import { similarity } from '../origin/testing/similarity.ts'

/** Bytes of the 640 variants of all items, against sharp's default JPEG of the same pixels, and how alike they are to those. */
export type Quality = { what: string; bytes: number; ratio: number; ssim: number; worst: number; cpu: number }

/**
 * Compares what the pipeline makes of the items with sharp's default JPEG, and with AVIF in several qualities, so that one of
 * them is about as alike as our WebP.
 */
export async function compareQuality(decode: (bytes: Uint8Array) => Promise<EncodedPhoto>): Promise<Quality[]> {
  const photos = await Promise.all(realPhotos('items').map(({ bytes }) => reference(bytes)))
  const made = await Promise.all(realPhotos('items').map(({ bytes }) => decode(bytes)))
  const ours = (format: 'webp' | 'jpg') =>
    made.map(({ files }) => files.find(file => file.step === 640 && file.format === format)?.bytes ?? new Uint8Array())
  const usual = await encodeAll(photos, picture => picture.jpeg())
  const rows: Quality[] = [
    await describe('JPEG, sharp’s defaults', usual.files, usual.cpu),
    await describe('640.webp', ours('webp'), (await encodeAll(photos, picture => picture.webp(webp))).cpu),
    await describe('640.jpg', ours('jpg'), (await encodeAll(photos, picture => picture.jpeg(jpeg))).cpu),
  ]
  for (const [quality, effort] of [
    [50, 2],
    [55, 2],
    [60, 2],
    [55, 4],
  ] as const) {
    const { files, cpu } = await encodeAll(photos, picture => picture.avif({ quality, effort }))
    rows.push(await describe(`AVIF quality ${quality}, effort ${effort}`, files, cpu))
  }
  return rows

  async function describe(what: string, files: Uint8Array[], cpu: number): Promise<Quality> {
    const alike = await Promise.all(files.map((file, i) => similarity(file, photos[i] as Buffer)))
    const bytes = sum(files.map(file => file.length))
    const base = sum(usual.files.map(file => file.length))
    return { what, bytes, ratio: bytes / base, ssim: sum(alike) / alike.length, worst: Math.min(...alike), cpu }
  }
}

/** The pixels that the 640 variants show, without loss. */
function reference(bytes: Buffer): Promise<Buffer> {
  const upright = sharp(bytes).autoOrient().resize({ width: 640, withoutEnlargement: true })
  return upright.toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer()
}

/** @returns the files, and the milliseconds of CPU that each cost */
async function encodeAll(
  photos: Buffer[],
  encode: (picture: Sharp) => Sharp,
): Promise<{ files: Buffer[]; cpu: number }> {
  const before = process.cpuUsage()
  const files: Buffer[] = []
  for (const photo of photos) files.push(await encode(sharp(photo)).toBuffer())
  const { user, system } = process.cpuUsage(before)
  return { files, cpu: (user + system) / 1000 / photos.length }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
