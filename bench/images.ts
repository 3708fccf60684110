import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { createDecoders } from '../origin/media/decoding.ts'
import { hasRealPhotos } from '../origin/testing/real-photos.ts'
import { measureLoad } from './image-load.ts'
import { compareQuality } from './image-quality.ts'
import { compareMemory, compareSpeed } from './image-speed.ts'
import { photoSet } from './photo-set.ts'

/*
 * `node bench/images.ts`: what it costs to make photos as a worker does, against raw sharp with the same settings; what the
 * bytes are worth; and what the API feels of it. Ratios within one run; writes bench/results/images.json and exits 1 when a
 * promise is broken. Takes some minutes.
 */
const promises = {
  'photos a second, of raw sharp’s': { least: 0.9 },
  'peak memory, of raw sharp’s': { most: 1.3 },
  'bytes of the 640.webp, of sharp’s default JPEG': { most: 0.7 },
  'SSIM of the 640.webp': { least: 0.95 },
  'p99 of the API while 100 photos are made': { most: 1.5 },
} satisfies Record<string, { least?: number; most?: number }>
type Promised = keyof typeof promises

const [cpu] = cpus()
const machine = {
  cpu: cpu?.model ?? 'unknown',
  cores: availableParallelism(),
  gigabytes: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  loadBefore: loadavg()[0],
}
console.log('machine', machine)

const { what, photos } = await photoSet()
const { decode } = createDecoders()
const encoded = await Promise.all(photos.map(decode))
console.log(`\n${photos.length} photos: ${what}`)

const memory = await compareMemory({ photos, encoded })
console.log('\npeak memory of the process that decodes, MB')
console.table(memory)
const speed = await compareSpeed({ photos, encoded })
console.log('\nphotos a second')
console.table(speed)
const quality = hasRealPhotos ? await compareQuality(decode) : []
console.log(quality.length > 0 ? '\nitems at 640 px' : '\nskipped: bytes and SSIM need ../shared/data/photos')
if (quality.length > 0) console.table(quality)
const load = await measureLoad(photos, 100)
const p99 = { quiet: percentile(load.quiet, 0.99), busy: percentile(load.busy, 0.99) }
console.log(`\nAPI: ${load.images} photos in ${load.seconds.toFixed(1)} s, ${load.busy.length} requests beside them`)
console.table({ p50: { quiet: percentile(load.quiet, 0.5), busy: percentile(load.busy, 0.5) }, p99 })

const served = quality.find(({ what }) => what === '640.webp')
// The better of two ways to use sharp is the one to be held against.
const measured: Record<Promised, number | undefined> = {
  'photos a second, of raw sharp’s': Math.min(...speed.map(({ ratio }) => ratio)),
  'peak memory, of raw sharp’s': memory.pipeline > 0 ? memory.pipeline / Math.min(memory.each, memory.once) : undefined,
  'bytes of the 640.webp, of sharp’s default JPEG': served?.ratio,
  'SSIM of the 640.webp': served?.ssim,
  'p99 of the API while 100 photos are made': p99.busy / p99.quiet,
}
const verdicts = Object.entries(promises).map(
  ([name, { least, most }]: [string, { least?: number; most?: number }]) => {
    const value = measured[name as Promised]
    const kept = value === undefined ? 'skipped' : value >= (least ?? 0) && value <= (most ?? Number.POSITIVE_INFINITY)
    return { name, value, least, most, kept }
  },
)
console.log()
for (const { name, value, least, most, kept } of verdicts) {
  const bound = least === undefined ? `at most ${most}` : `at least ${least}`
  console.log(`${name}: ${value?.toFixed(2) ?? '-'}, promised ${bound}: ${kept === true ? 'kept' : kept || 'BROKEN'}`)
}
mkdirSync(new URL('results/', import.meta.url), { recursive: true })
const result = { machine, photos: what, promises, measured, memory, speed, quality, p99, images: load.images }
writeFileSync(new URL('results/images.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
process.exit(verdicts.some(({ kept }) => kept === false) ? 1 : 0)

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
