import { crc32, deflateSync } from 'node:zlib'

/** A PNG whose header says how large it is, and that holds one row of zeros, or all that there are to come. */
export function pngOfSize(width: number, height: number, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8) // eight bits a sample, RGB
  const rows = deflateSync(Buffer.alloc(Math.min((1 + 3 * width) * height, 10_000_000)), { level: 9 })
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A text of a PNG that takes a thousand times its room when it is read (PNG, 11.3.3.3). */
export function swollenText(bytes: number): Buffer {
  return chunk(
    'zTXt',
    Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes, 'A'), { level: 9 })]),
  )
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The beginning of a GIF that says how large it is (GIF89a, 18 and 20), with a picture of that size and next to no data. */
export function gifOfSize(width: number, height: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width, 0)
  size.writeUInt16LE(height, 2)
  const screen = [Buffer.from('GIF89a', 'latin1'), size, Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255])]
  const picture = [Buffer.from([0x2c, 0, 0, 0, 0]), size, Buffer.from([0, 2, 2, 0x44, 1, 0, 0x3b])]
  return Buffer.concat([...screen, ...picture])
}

/** The same file with another size in its frame header (ITU-T T.81, B.2.2). */
export function jpegOfSize(jpeg: Buffer, width: number, height: number): Buffer {
  const lie = Buffer.from(jpeg)
  const at = lie.findIndex((byte, i) => byte === 0xff && (lie[i + 1] === 0xc0 || lie[i + 1] === 0xc2))
  lie.writeUInt16BE(height, at + 5)
  lie.writeUInt16BE(width, at + 7)
  return lie
}
