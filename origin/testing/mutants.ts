import { crc32 } from 'node:zlib'
import { createRandom, type Random } from '../../infra/local/demo/random.ts'

const below = (random: Random, end: number) => Math.floor(random.next() * end)
/** Half of the damage is done where a file says what it is. */
const place = (random: Random, length: number) => below(random, random.next() < 0.5 ? Math.min(length, 200) : length)

/** What a file may suffer on its way, or at the hands of somebody who means harm. */
const harms: ((file: Buffer, random: Random) => Buffer)[] = [
  function flipBits(file, random) {
    for (let n = 1 + below(random, 8); n > 0; n--) {
      const at = place(random, file.length)
      file[at] = (file[at] ?? 0) ^ (1 << below(random, 8))
    }
    return file
  },
  function truncate(file, random) {
    return file.subarray(0, place(random, file.length))
  },
  function lieAboutSize(file, random) {
    const size = () => (random.next() < 0.1 ? 1 + below(random, 65_535) : 1 + below(random, 2_000))
    const [width, height] = [size(), size()]
    const [at, bytes, little] = placeOfSize(file)
    const write = (value: number, from: number) =>
      little ? file.writeUIntLE(value, from, bytes) : file.writeUIntBE(value, from, bytes)
    if (at + 2 * bytes <= file.length) {
      write(width, at)
      write(height, at + bytes)
    }
    // A PNG's header has a check, without which no lie would be believed.
    if (at === 16) file.writeUInt32BE(crc32(file.subarray(12, 29)), 29)
    return file
  },
  function blank(file, random) {
    const from = place(random, file.length)
    return file.fill(random.next() < 0.5 ? 0 : 0xff, from, Math.min(from + 1 + below(random, 64), file.length))
  },
  function insert(file, random) {
    const at = place(random, file.length)
    const more = Buffer.from(Array.from({ length: 1 + below(random, 64) }, () => below(random, 256)))
    return Buffer.concat([file.subarray(0, at), more, file.subarray(at)])
  },
  function repeat(file, random) {
    const [from, to] = [place(random, file.length), place(random, file.length)].sort((a, b) => a - b) as [
      number,
      number,
    ]
    return Buffer.concat([file.subarray(0, to), file.subarray(from)])
  },
]

/** So many damaged copies of good files, the same ones for the same seed, each kind of damage to each file in turn. */
export function* mutantsOf(files: readonly Buffer[], count: number, seed: string): Generator<Buffer> {
  const random = createRandom(seed)
  for (let n = 0; n < count; n++) {
    const file = files[n % files.length] as Buffer
    const harm = harms[Math.floor(n / files.length) % harms.length]
    yield harm?.(Buffer.from(file), random) ?? file
  }
}

/** Where a file says its width and height: the offset, the bytes of each, and whether the lowest comes first. */
function placeOfSize(file: Buffer): [at: number, bytes: number, little: boolean] {
  const find = (text: string) => file.indexOf(text, 0, 'latin1')
  if (find('GIF') === 0) return [6, 2, true]
  if (find('\x89PNG') === 0) return [16, 4, false]
  if (find('VP8X') > 0) return [find('VP8X') + 12, 3, true]
  if (find('VP8 ') > 0) return [find('VP8 ') + 14, 2, true]
  if (find('ispe') > 0) return [find('ispe') + 8, 4, false]
  const frame = file.findIndex((byte, i) => byte === 0xff && (file[i + 1] === 0xc0 || file[i + 1] === 0xc2))
  return [frame + 5, 2, false]
}
