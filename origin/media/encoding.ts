import sharp, { type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { type Variant, type VariantFormat, type VariantStep, variantSteps } from '../../shared/media.ts'
import { dominantColor } from './dominant-color.ts'
import { fingerprintSide, perceptualHash } from './fingerprint.ts'
import { type EncodedPhoto, PhotoProblem } from './photo.ts'

/** Pixels of the largest photo that is read. */
export const maxPixels = 50_000_000
/** No variant is higher than this many times its step: a longer strip is shown whole, and smaller. */
const longest = 4

type Pixels = { data: Buffer; info: { width: number; height: number; channels: 3 } }

/**
 * Makes a photo's variants: upright, in sRGB, on white where it was transparent, without any metadata; the first frame of one
 * that moves.
 * @throws PhotoProblem
 */
export async function encodePhoto(bytes: Uint8Array): Promise<EncodedPhoto> {
  const { width, height } = await readSize(bytes)
  const boxes = boxesOf(width, height)
  const largest = await decode(bytes, boxes[boxes.length - 1])
  const variants: Variant[] = []
  const files: EncodedPhoto['files'] = []
  let pixels = largest
  for (const box of boxes.reverse()) {
    pixels = await shrink(pixels, box)
    variants.unshift({ step: box.step, width: pixels.info.width, height: pixels.info.height })
    const [webp, jpg] = await Promise.all([encode(pixels, 'webp'), encode(pixels, 'jpg')])
    files.push({ step: box.step, format: 'webp', bytes: webp }, { step: box.step, format: 'jpg', bytes: jpg })
  }
  return { width: largest.info.width, height: largest.info.height, variants, files, ...(await describe(pixels)) }
}

type Box = { step: VariantStep; width: number; height: number }

/** The steps that a picture fills, and one more for what is left of it, each with its size. */
function boxesOf(width: number, height: number): [Box, ...Box[]] {
  const boxes: Box[] = []
  for (const step of variantSteps) {
    const scale = Math.min(1, step / width, (longest * step) / height)
    boxes.push({
      step,
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    })
    if (scale === 1) break
  }
  return boxes as [Box, ...Box[]]
}

const input = { limitInputPixels: maxPixels, failOn: 'error' } as const

async function readSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { autoOrient, width, height } = await sharp(bytes, { ...input, limitInputPixels: false })
    .metadata()
    .catch(asProblem)
  if (width * height > maxPixels) throw new PhotoProblem('too_many_pixels', `It has ${width} by ${height} pixels`)
  return autoOrient
}

async function decode(bytes: Uint8Array, box: Box | undefined): Promise<Pixels> {
  const made = await sharp(bytes, input)
    .autoOrient()
    .resize({ width: box?.width, height: box?.height, fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(asProblem)
  return made as Pixels
}

async function shrink(pixels: Pixels, { width, height }: Box): Promise<Pixels> {
  if (pixels.info.width === width && pixels.info.height === height) return pixels
  const smaller = open(pixels).resize({ width, height, fit: 'fill' }).raw()
  return (await smaller.toBuffer({ resolveWithObject: true })) as Pixels
}

/**
 * What each format is encoded with, by `bench/images.ts` (decision 081). JPEG is for browsers of before 2020 and previews of links; it
 * has all of MozJPEG's means but its search for the best scans, which costs a third of the time for a hundredth of the bytes.
 */
export const webp = { quality: 74, effort: 5, preset: 'photo' } as const
export const jpeg = {
  quality: 76,
  progressive: true,
  trellisQuantisation: true,
  overshootDeringing: true,
  quantisationTable: 3,
}

function encode(pixels: Pixels, format: VariantFormat): Promise<Buffer> {
  return (format === 'webp' ? open(pixels).webp(webp) : open(pixels).jpeg(jpeg)).toBuffer()
}

async function describe(pixels: Pixels): Promise<Pick<EncodedPhoto, 'color' | 'thumbhash' | 'hash'>> {
  const [{ data, info }, grey] = await Promise.all([
    open(pixels)
      .resize({ width: 100, height: 100, fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true }),
    open(pixels)
      .resize({ width: fingerprintSide, height: fingerprintSide, fit: 'fill' })
      .toColourspace('b-w')
      .raw()
      .toBuffer(),
  ])
  const thumbhash = rgbaToThumbHash(info.width, info.height, data)
  return { color: dominantColor(data), thumbhash, hash: perceptualHash(grey) }
}

function open({ data, info: { width, height, channels } }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

function asProblem(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause)
  const problem = /pixel limit/.test(message) ? 'too_many_pixels' : 'unreadable'
  throw new PhotoProblem(problem, message, { cause })
}
