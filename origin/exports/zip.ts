import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

/** Names in UTF-8 (APPNOTE 4.4.4, bit 11). */
const utf8 = 0x0800
const deflated = 8
/** 2.0: the first version with deflate. */
const version = 20

/**
 * Packs files into a ZIP archive (PKWARE APPNOTE 6.3): deflate, names in UTF-8, no encryption, no ZIP64, so each file and
 * the whole stay under 4 GB. ZIP, because every system opens it without a program of its own.
 * @param at the time that every file bears, in UTC
 */
export async function createZip(files: readonly { name: string; content: string }[], at: Date): Promise<Buffer> {
  const parts: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const path = Buffer.from(name)
    const plain = Buffer.from(content)
    const packed = await deflate(plain)
    const facts = describe({ at, crc: crc32(plain), packed: packed.length, plain: plain.length, path: path.length })
    const header = Buffer.concat([number(0x04034b50, 4), facts, number(0, 2), path])
    const rest = [number(0, 2), number(0, 2), number(0, 2), number(0, 2), number(0, 4), number(offset, 4), path]
    entries.push(Buffer.concat([number(0x02014b50, 4), number(version, 2), facts, ...rest]))
    parts.push(header, packed)
    offset += header.length + packed.length
  }
  const directory = Buffer.concat(entries)
  return Buffer.concat([...parts, directory, endOf(files.length, directory.length, offset)])
}

type Facts = { at: Date; crc: number; packed: number; plain: number; path: number }

/** What the local header and the central directory say alike (4.3.7, 4.3.12), up to the length of the name. */
function describe({ at, crc, packed, plain, path }: Facts): Buffer {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const short = [version, utf8, deflated, time, date].map(value => number(value, 2))
  const long = [crc, packed, plain].map(value => number(value, 4))
  return Buffer.concat([...short, ...long, number(path, 2)])
}

function endOf(count: number, size: number, offset: number): Buffer {
  const counts = [0, 0, count, count].map(value => number(value, 2))
  return Buffer.concat([number(0x06054b50, 4), ...counts, number(size, 4), number(offset, 4), number(0, 2)])
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}
