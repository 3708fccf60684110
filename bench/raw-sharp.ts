import { setPriority } from 'node:os'
import sharp from 'sharp'
import { decoderNiceness } from '../origin/media/decoder-process.ts'
import { jpeg, maxPixels, webp } from '../origin/media/encoding.ts'

/*
 * The baseline of `bench/images.ts`, a process of its own: what somebody writes who only has sharp. Each variant by itself, or
 * all from the pixels of the largest, decoded once. Same sizes, same settings, nothing else made; and as many threads as there
 * are cores, or on a busy machine whoever has more of them would win.
 */
export type RawWay = 'each' | 'once'
export type RawSize = { width: number; height: number }
/** First the photos with the sizes that are wanted of each, then as often as you like the numbers of those to be made now. */
export type RawOrder =
  | { photos: { bytes: Uint8Array; sizes: RawSize[] }[] }
  | { make: number[]; way: RawWay; atOnce: number }

setPriority(decoderNiceness)
sharp.concurrency(1)
const input = { limitInputPixels: maxPixels, failOn: 'error' } as const
let photos: { bytes: Uint8Array; sizes: RawSize[] }[] = []

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', async (order: RawOrder) => {
  if ('photos' in order) photos = order.photos
  else await makeAll(order.make, order.way, order.atOnce)
  process.send?.('done')
})

async function makeAll(numbers: number[], way: RawWay, atOnce: number): Promise<void> {
  const left = [...numbers]
  const work = async () => {
    for (let n = left.shift(); n !== undefined; n = left.shift()) await make(photos[n] as (typeof photos)[number], way)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function make({ bytes, sizes }: { bytes: Uint8Array; sizes: RawSize[] }, way: RawWay): Promise<void> {
  const upright = () => sharp(bytes, input).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb')
  if (way === 'each') {
    for (const size of sizes) {
      const scaled = () => upright().resize({ ...size, fit: 'fill' })
      await Promise.all([scaled().webp(webp).toBuffer(), scaled().jpeg(jpeg).toBuffer()])
    }
    return
  }
  const largest = sizes.at(-1) as RawSize
  const { data, info } = await upright()
    .resize({ ...largest, fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: 3 } as const
  for (const size of sizes) {
    const scaled = () => sharp(data, { raw }).resize({ ...size, fit: 'fill' })
    await Promise.all([scaled().webp(webp).toBuffer(), scaled().jpeg(jpeg).toBuffer()])
  }
}
