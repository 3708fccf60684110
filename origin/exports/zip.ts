import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

/** A text is deflated; bytes are kept as they are, being photos, which hold no air. */
export type ZipFile = { name: string; content: string | Uint8Array }

/** Names in UTF-8 (APPNOTE 4.4.4, bit 11). */
const utf8 = 0x0800
const methods = { stored: 0, deflated: 8 } as const
/** The first versions that know deflate, and ZIP64. */
const [version, version64] = [20, 45]
/** Stands where a number has no room; the true one follows in 64 bits (4.3.14, 4.5.3). */
const [full16, full32] = [0xffff, 0xffffffff]

/**
 * Packs files into a ZIP archive (PKWARE APPNOTE 6.3), piece by piece, so that neither files nor archive are held as a whole: no
 * encryption, ZIP64 where numbers grow too large for less, each file under 4 GB. ZIP, because every system opens it
 * without a program of its own.
 * @param at the time that every file bears, in UTC
 */
export async function* zip(
  files: AsyncIterable<ZipFile> | Iterable<ZipFile>,
  at: Date,
): AsyncGenerator<Buffer, void, void> {
  const entries: Buffer[] = []
  let offset = 0
  for await (const { name, content } of files) {
    const path = Buffer.from(name)
    const plain = typeof content === 'string' ? Buffer.from(content) : content
    const method = typeof content === 'string' ? methods.deflated : methods.stored
    const packed = method === methods.deflated ? await deflate(plain) : Buffer.from(plain)
    const sizes = { crc: crc32(plain), packed: packed.length, plain: plain.length, path: path.length }
    const header = (extra: number) => describe({ at, method, extra, ...sizes })
    const local = Buffer.concat([number(0x04034b50, 4), header(0), path])
    entries.push(entryOf(path, header, offset))
    yield local
    yield packed
    offset += local.length + packed.length
  }
  const directory = Buffer.concat(entries)
  yield directory
  yield endOf(entries.length, directory.length, offset)
}

type Facts = { at: Date; method: number; crc: number; packed: number; plain: number; path: number; extra: number }

/** What the local header and the central directory say alike (4.3.7, 4.3.12). */
function describe({ at, method, crc, packed, plain, path, extra }: Facts): Buffer {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const short = [extra === 0 ? version : version64, utf8, method, time, date].map(value => number(value, 2))
  const long = [crc, packed, plain].map(value => number(value, 4))
  return Buffer.concat([...short, ...long, number(path, 2), number(extra, 2)])
}

/** A file in the central directory; where it lies beyond 4 GB, an extra field says so (4.5.3). */
function entryOf(path: Buffer, header: (extra: number) => Buffer, offset: number): Buffer {
  const far = offset >= full32
  const extra = far ? Buffer.concat([number(0x0001, 2), number(8, 2), number(offset, 8)]) : Buffer.alloc(0)
  const rest = [number(0, 2), number(0, 2), number(0, 2), number(0, 4), number(far ? full32 : offset, 4)]
  return Buffer.concat([number(0x02014b50, 4), number(version64, 2), header(extra.length), ...rest, path, extra])
}

/** The end of the archive (4.3.16), after the one of ZIP64 (4.3.14) and what leads to it (4.3.15) where they are needed. */
function endOf(count: number, size: number, offset: number): Buffer {
  const small = count < full16 && offset < full32 && size < full32
  const [few, short, near] = small ? [count, size, offset] : [full16, full32, full32]
  const counts = [0, 0, few, few].map(value => number(value, 2))
  const end = [number(0x06054b50, 4), ...counts, number(short, 4), number(near, 4), number(0, 2)]
  if (small) return Buffer.concat(end)
  const large = [count, count, size, offset].map(value => number(value, 8))
  const versions = [number(version64, 2), number(version64, 2)]
  const end64 = [number(0x06064b50, 4), number(44, 8), ...versions, number(0, 4), number(0, 4), ...large]
  const locator = [number(0x07064b50, 4), number(0, 4), number(offset + size, 8), number(1, 4)]
  return Buffer.concat([...end64, ...locator, ...end])
}

function number(value: number, bytes: 2 | 4 | 8): Buffer {
  const buffer = Buffer.alloc(bytes)
  if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value))
  else buffer.writeUIntLE(value, 0, bytes)
  return buffer
}
