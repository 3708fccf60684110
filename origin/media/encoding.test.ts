import exifr from 'exifr'
import sharp, { type Sharp } from 'sharp'
import { thumbHashToAverageRGBA } from 'thumbhash'
import { describe, expect, it } from 'vitest'
import { tellingParts } from '../testing/bare.ts'
import { gifOfSize, jpegOfSize, pngOfSize, swollenText } from '../testing/hostile-photos.ts'
import { somePicture, tellingExif } from '../testing/photos.ts'
import { similarity } from '../testing/similarity.ts'
import { createDecoders } from './decoding.ts'
import type { EncodedPhoto } from './photo.ts'

/** As in a worker: by the very process that has no other decoders. */
const { decode } = createDecoders()
const problemOf = (bytes: Uint8Array) =>
  decode(bytes).then(
    () => 'none',
    error => error.problem ?? error,
  )
const solid = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })
const fileOf = ({ files }: EncodedPhoto, step: number, format: 'webp' | 'jpg') =>
  files.find(file => file.step === step && file.format === format)?.bytes ?? new Uint8Array()
async function meanOf(bytes: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(bytes).stats()
  return channels.map(({ mean }) => Math.round(mean))
}
function expectColor(actual: number[], wanted: number[]) {
  for (const [i, value] of wanted.entries()) expect(Math.abs((actual[i] ?? -99) - value), `${actual}`).toBeLessThan(6)
}

describe('encodePhoto: sizes', () => {
  it.each([
    [2_560, 1_920, '320x240 640x480 1280x960 1920x1440'],
    [1_920, 1_080, '320x180 640x360 1280x720 1920x1080'],
    [1_919, 1_080, '320x180 640x360 1280x720 1919x1080'],
    [640, 480, '320x240 640x480'],
    [641, 480, '320x240 640x479 641x480'],
    [320, 200, '320x200'],
    [100, 75, '100x75'],
    [1, 1, '1x1'],
    [300, 1_280, '300x1280'],
    [200, 4_000, '64x1280 128x2560 200x4000'],
    [4_000, 3, '320x1 640x1 1280x1 1920x1'],
  ])('a photo of %i by %i becomes %s', async (width, height, sizes) => {
    const photo = await decode(await solid(width, height, '#888').jpeg().toBuffer())
    expect(photo.variants.map(variant => `${variant.width}x${variant.height}`).join(' ')).toBe(sizes)
    expect(photo.variants.map(({ step }) => step)).toEqual([320, 640, 1280, 1920].slice(0, photo.variants.length))
    const largest = photo.variants.at(-1)
    expect([photo.width, photo.height]).toEqual([largest?.width, largest?.height])
    for (const variant of photo.variants) {
      for (const format of ['webp', 'jpg'] as const) {
        const read = await sharp(fileOf(photo, variant.step, format)).metadata()
        const { width, height } = variant
        expect(read).toMatchObject({ format: format === 'jpg' ? 'jpeg' : 'webp', width, height, space: 'srgb' })
      }
    }
    expect(photo.files).toHaveLength(2 * photo.variants.length)
  })

  it('gives the same bytes each time', async () => {
    const bytes = await somePicture(700, 500).jpeg().toBuffer()
    expect(await decode(bytes)).toEqual(await decode(bytes))
  })
})

describe('encodePhoto: which way up', () => {
  /** Where the pixel of a stored row and column belongs in the upright picture (Exif 3.0, 4.6.5.1, Orientation). */
  const places: ((r: number, c: number, w: number, h: number) => [x: number, y: number])[] = [
    (r, c) => [c, r],
    (r, c, w) => [w - 1 - c, r],
    (r, c, w, h) => [w - 1 - c, h - 1 - r],
    (r, c, _, h) => [c, h - 1 - r],
    (r, c) => [r, c],
    (r, c, w) => [w - 1 - r, c],
    (r, c, w, h) => [w - 1 - r, h - 1 - c],
    (r, c, _, h) => [r, h - 1 - c],
  ]

  it.each(places.map((place, i) => [i + 1, place] as const))('orientation %i', async (orientation, place) => {
    const [w, h] = [300, 200]
    const { data } = await somePicture(w, h).raw().toBuffer({ resolveWithObject: true })
    const [width, height] = orientation > 4 ? [h, w] : [w, h]
    const stored = Buffer.alloc(data.length)
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const [x, y] = place(r, c, w, h)
        data.copy(stored, 3 * (r * width + c), 3 * (y * w + x), 3 * (y * w + x) + 3)
      }
    }
    const raw = { width, height, channels: 3 } as const
    const jpeg = await sharp(stored, { raw }).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer()
    expect(await exifr.orientation(jpeg)).toBe(orientation)
    const photo = await decode(jpeg)
    expect(photo).toMatchObject({ width: w, height: h })
    const upright = await somePicture(w, h).png().toBuffer()
    for (const { bytes } of photo.files) expect(await similarity(bytes, upright)).toBeGreaterThan(0.95)
  })
})

describe('encodePhoto: colours', () => {
  it.each([
    ['a wide profile', async () => solid(80, 60, '#ff0000').withIccProfile('p3').jpeg({ quality: 100 }), [255, 0, 0]],
    ['grey', async () => solid(80, 60, '#777777').toColourspace('b-w').png(), [119, 119, 119]],
    ['16 bits', async () => solid(80, 60, '#336699').toColourspace('rgb16').png(), [51, 102, 153]],
    ['a palette', async () => solid(80, 60, '#336699').png({ palette: true }), [51, 102, 153]],
    ['nothing but transparency, on white', async () => solid(80, 60, '#000').ensureAlpha(0).png(), [255, 255, 255]],
    ['half of it transparent, on white', async () => solid(80, 60, '#000').ensureAlpha(0.5).webp(), [127, 127, 127]],
  ])('%s', async (_, make, wanted) => {
    const photo = await decode(await (await make()).toBuffer())
    for (const { bytes } of photo.files) expectColor(await meanOf(bytes), wanted)
    const { r, g, b } = thumbHashToAverageRGBA(photo.thumbhash)
    expectColor(
      [r * 255, g * 255, b * 255].map(value => value * 0.98),
      wanted.map(value => value * 0.98),
    )
    const color = [1, 3, 5].map(at => Number.parseInt(photo.color.slice(at, at + 2), 16))
    for (const [i, value] of wanted.entries()) expect(Math.abs((color[i] ?? -99) - value)).toBeLessThanOrEqual(8)
  })

  it('CMYK, as near as a press comes', async () => {
    const photo = await decode(await solid(80, 60, '#777777').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer())
    for (const value of await meanOf(fileOf(photo, 320, 'jpg'))) expect(Math.abs(value - 0x77)).toBeLessThan(20)
  })

  it('is the first frame of what moves', async () => {
    const frames = [solid(64, 48, '#d01010'), solid(64, 48, '#1010d0')]
    const images = await Promise.all(frames.map(frame => frame.png().toBuffer()))
    for (const moving of [
      sharp(images, { join: { animated: true } }).gif(),
      sharp(images, { join: { animated: true } }).webp(),
    ]) {
      const bytes = await moving.toBuffer()
      expect((await sharp(bytes).metadata()).pages).toBe(2)
      const photo = await decode(bytes)
      expect(photo).toMatchObject({ width: 64, height: 48 })
      expectColor(await meanOf(fileOf(photo, 320, 'webp')), [208, 16, 16])
    }
  })
})

/** One of each kind, with all that a file can say besides the picture. */
const talkative: [string, () => Promise<Buffer>][] = [
  ['JPEG', async () => await withAll(somePicture(400, 300)).jpeg().toBuffer()],
  ['PNG', async () => withAll(somePicture(400, 300)).png().toBuffer()],
  ['WebP', async () => withAll(somePicture(400, 300)).webp().toBuffer()],
  ['AVIF', async () => withAll(somePicture(400, 300)).avif({ effort: 0 }).toBuffer()],
  ['GIF with a comment', async () => withComment(await somePicture(400, 300).gif().toBuffer())],
  ['JPEG with a comment', async () => withSegment(await somePicture(400, 300).jpeg().toBuffer(), 0xfe, secret)],
  [
    'JPEG with IPTC',
    async () => withSegment(await somePicture(400, 300).jpeg().toBuffer(), 0xed, `Photoshop 3.0\0${secret}`),
  ],
]
const secret = 'Spyphone<script>alert(1)</script>'
const withAll = (picture: Sharp) =>
  picture
    .withExif(tellingExif)
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><p>${secret.slice(0, 8)}</p></x:xmpmeta>`)
    .withIccProfile('p3')
const withSegment = (jpeg: Buffer, marker: number, text: string) =>
  Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, marker, 0, text.length + 2]),
    Buffer.from(text, 'latin1'),
    jpeg.subarray(2),
  ])
function withComment(gif: Buffer): Buffer {
  const end = 13 + (((gif[10] ?? 0) & 0x80) === 0 ? 0 : 3 * 2 ** (((gif[10] ?? 0) & 7) + 1))
  const comment = Buffer.from([0x21, 0xfe, secret.length, ...Buffer.from(secret), 0])
  return Buffer.concat([gif.subarray(0, end), comment, gif.subarray(end)])
}

async function expectBare(photo: EncodedPhoto): Promise<void> {
  for (const { bytes, format } of photo.files) {
    expect(tellingParts(bytes)).toEqual([])
    const text = Buffer.from(bytes).toString('latin1')
    expect(text).not.toMatch(/Spyphone|<script|Exif|xmpmeta/)
    const { exif, xmp, icc, iptc, comments, orientation, pages } = await sharp(bytes).metadata()
    expect({ exif, xmp, icc, iptc, comments, orientation, pages }).toEqual({})
    if (format === 'jpg') expect(await exifr.parse(bytes, true)).toBeUndefined()
  }
}

describe('encodePhoto: what it shows and nothing else', () => {
  it.each(talkative)('%s', async (_, make) => {
    const bytes = await make()
    expect(bytes.toString('latin1')).toContain('Spyphone')
    await expectBare(await decode(bytes))
  })

  it('JPEG with a gain map, as telephones make them for bright screens', async () => {
    const light = Float32Array.from({ length: 200 * 100 * 3 }, (_, i) => (i % 300) / 150)
    const raw = { width: 200, height: 100, channels: 3 } as const
    const hdr = sharp(light, { raw }) as Sharp & { withGainMap: () => Sharp } // its types know nothing of it yet
    const jpeg = await hdr.withGainMap().jpeg().toBuffer()
    expect((await sharp(jpeg).metadata()).gainMap).toBeDefined()
    await expectBare(await decode(jpeg))
  })

  it('finds what there is to find', async () => {
    const [[, jpeg], , [, webp]] = talkative as [
      [string, () => Promise<Buffer>],
      unknown,
      [string, () => Promise<Buffer>],
    ]
    const all = await exifr.parse(await jpeg(), true)
    expect(all).toMatchObject({ Make: 'Spyphone', latitude: 52 + 31 / 60 })
    expect(tellingParts(await jpeg()).map(part => part.slice(0, 5))).toEqual(expect.arrayContaining(['APP1 ', 'APP2 ']))
    expect(tellingParts(await webp())).toEqual(expect.arrayContaining(['VP8X', 'ICCP', 'EXIF', 'XMP ']))
    expect(tellingParts(withSegment(await jpeg(), 0xfe, secret))).toContain('COM')
    expect(tellingParts(Buffer.concat([await jpeg(), Buffer.from('<script>')]))).toContain('trailing')
  })
})

describe('encodePhoto: files that are two things', () => {
  it.each([
    [
      'a GIF that is a script',
      async () =>
        Buffer.concat([await somePicture(47, 42).gif().toBuffer(), Buffer.from(';*/=1;<script>alert(1)</script>')]),
    ],
    [
      'a JPEG that is a page',
      async () =>
        Buffer.concat([
          withSegment(await somePicture(90, 60).jpeg().toBuffer(), 0xfe, '<html><script>alert(1)</script><!--'),
          Buffer.from('--></html>'),
        ]),
    ],
    [
      'a PNG with an archive behind it',
      async () => Buffer.concat([await somePicture(90, 60).png().toBuffer(), Buffer.from('PK\x03\x04<script>')]),
    ],
  ])('%s is a picture afterwards and nothing else', async (_, make) => {
    const bytes = await make()
    const photo = await decode(bytes)
    await expectBare(photo)
    for (const file of photo.files) expect(Buffer.from(file.bytes).equals(bytes)).toBe(false)
  })

  it.each([
    ['a script that begins as a GIF does', Buffer.from('GIF89a/*<svg/onload=alert(1)>*/=alert(document.domain)//;')],
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
    ],
    ['a page', Buffer.from('<!doctype html><title>x</title>')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is unreadable, even if nobody sniffed it', async (_, bytes) => {
    expect(await problemOf(bytes)).toBe('unreadable')
  })

  it('no other decoder is there', async () => {
    expect(await problemOf(await somePicture(90, 60).tiff().toBuffer())).toBe('unreadable')
    expect(await problemOf(Buffer.from('P6 2 2 255\n0123456789ab'))).toBe('unreadable')
  })
})

describe('encodePhoto: bombs', () => {
  const small = () => somePicture(90, 60).jpeg().toBuffer()

  it.each([
    ['a PNG of 50,000 by 50,000', async () => pngOfSize(50_000, 50_000)],
    ['a GIF of 65,535 by 65,535', async () => gifOfSize(65_535, 65_535)],
    ['a JPEG of 65,500 by 65,500', async () => jpegOfSize(await small(), 65_500, 65_500)],
    ['one row more than 50 megapixels', async () => jpegOfSize(await small(), 10_000, 5_001)],
  ])('%s has too many pixels', async (_, make) => {
    expect(await problemOf(await make())).toBe('too_many_pixels')
  })

  it('50 megapixels are not too many', async () => {
    expect(await decode(await solid(10_000, 5_000, '#888').jpeg().toBuffer())).toMatchObject({
      width: 1920,
      height: 960,
    })
  }, 60_000)

  it('a size that is a lie makes nothing of what is not there', async () => {
    const photo = await decode(jpegOfSize(await small(), 400, 300))
    await expectBare(photo)
    expect(photo).toMatchObject({ width: 400, height: 300 })
  })

  it('texts that swell end a decoder at most', async () => {
    const text = swollenText(7_000_000)
    const bomb = pngOfSize(
      64,
      64,
      Array.from({ length: 20 }, () => text),
    )
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(['unreadable', 'too_many_pixels']).toContain(await problemOf(bomb))
    expect(await decode(await small())).toMatchObject({ width: 90 })
  }, 60_000)
})
