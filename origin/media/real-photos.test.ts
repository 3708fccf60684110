import { execFileSync, spawnSync } from 'node:child_process'
import exifr from 'exifr'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { tellingParts } from '../testing/bare.ts'
import { hasRealPhotos, realPhotos } from '../testing/real-photos.ts'
import { similarity } from '../testing/similarity.ts'
import { createDecoders } from './decoding.ts'
import type { EncodedPhoto } from './photo.ts'
import { isPhotoType, sniffType } from './sniffing.ts'

/*
 * What is done with generated photos in encoding.test.ts, here with those of ../shared/data/photos; skipped where they are absent.
 */
const { decode } = createDecoders()
const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0

/** Holds each variant against what it should show, at the size of a telephone's screen at most. */
async function expectUpright(photo: EncodedPhoto, upright: Buffer, least: number): Promise<void> {
  for (const { bytes, step, format } of photo.files) {
    const { width = 0, height = 0 } = photo.variants.find(variant => variant.step === step) ?? {}
    const size = { width: Math.min(width, 640), height: Math.round((height * Math.min(width, 640)) / width) }
    const [made, wanted] = await Promise.all(
      [bytes, upright].map(picture =>
        sharp(picture)
          .resize({ ...size, fit: 'fill' })
          .png()
          .toBuffer(),
      ),
    )
    expect(await similarity(made as Buffer, wanted as Buffer), `${step}.${format}`).toBeGreaterThanOrEqual(least)
  }
}

describe.skipIf(!hasRealPhotos)('real photos (skipped where ../shared/data/photos is absent)', () => {
  it.each(realPhotos('items'))('items/$name passes', async ({ bytes }) => {
    const photo = await decode(bytes)
    const { width, height } = await sharp(bytes).metadata()
    expect(photo).toMatchObject({ width, height })
    for (const file of photo.files) expect(tellingParts(file.bytes)).toEqual([])
    const smallest = { ...photo, files: photo.files.filter(({ step }) => step === 320) }
    await expectUpright(smallest, await sharp(bytes).toColourspace('srgb').png().toBuffer(), 0.85)
  })

  it.each(realPhotos('camera'))('camera/$name comes out upright and tells nothing', async ({ bytes }) => {
    expect(await exifr.parse(bytes, true)).toHaveProperty('Make')
    const photo = await decode(bytes)
    await expectUpright(photo, await turn(bytes, await exifr.orientation(bytes)), 0.95)
    for (const { bytes: made, format } of photo.files) {
      expect(tellingParts(made)).toEqual([])
      if (format === 'jpg') expect(await exifr.parse(made, true)).toBeUndefined()
    }
  })

  it.skipIf(!hasExiftool).each(realPhotos('camera'))(
    'camera/$name tells exiftool nothing (skipped where that is not installed)',
    async ({ bytes }) => {
      expect(tagsOf(bytes)).toEqual(expect.arrayContaining(['Make', 'Model', 'GPSLatitudeRef']))
      const { files } = await decode(bytes)
      for (const { bytes: made } of files) {
        expect(
          tagsOf(made).filter(tag =>
            /gps|make|model|serial|artist|owner|author|copyright|date|time|software|icc|profile|comment/i.test(tag),
          ),
        ).toEqual([])
      }
    },
  )

  it.each(realPhotos('broken'))('broken/$name is refused, and the decoder lives', async ({ bytes }) => {
    // All of these are films or what is left of one, which no photo is made from; sent past the sniffer they are unreadable.
    expect(isPhotoType(sniffType(bytes))).toBe(false)
    expect(await decode(bytes).catch(error => error)).toMatchObject({ problem: 'unreadable' })
    expect(
      await decode(
        await sharp({ create: { width: 9, height: 9, channels: 3, background: '#888' } })
          .png()
          .toBuffer(),
      ),
    ).toMatchObject({ width: 9 })
  })
})

/** The picture as its orientation says, by a table of ours and not by what is tested. */
function turn(bytes: Buffer, orientation = 1): Promise<Buffer> {
  const degrees: Record<number, number> = { 1: 0, 3: 180, 6: 90, 8: 270 }
  const stored = sharp(bytes, { autoOrient: false }).toColourspace('srgb')
  return stored
    .rotate(degrees[orientation] ?? Number.NaN)
    .png()
    .toBuffer()
}

function tagsOf(bytes: Uint8Array): string[] {
  const text = execFileSync('exiftool', ['-json', '-'], { input: bytes, stdio: ['pipe', 'pipe', 'ignore'] })
  return Object.keys(JSON.parse(text.toString())[0]).filter(tag => !tag.startsWith('File') && tag !== 'ExifToolVersion')
}
