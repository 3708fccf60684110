/** A line of a file: its text, or why it cannot be read. */
export type Line = { number: number; text: string } | { number: number; fault: string }

/** The longest line that is read, in bytes. */
export const longestLine = 1_048_576

/**
 * Cuts a stream of bytes into lines, holding one at a time. Line ends are LF or CRLF; blank lines and a byte order mark
 * are passed over; a line that is too long is counted and let go without being held.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1
  let size = 0
  let pieces: Uint8Array[] = []
  const add = (piece: Uint8Array) => {
    size += piece.byteLength
    if (size > longestLine) pieces = []
    else pieces.push(piece)
  }
  const finish = (): Line | undefined => {
    const line = lineOf(number, pieces, size)
    number++
    size = 0
    pieces = []
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end))
      const line = finish()
      if (line) yield line
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  const last = finish()
  if (last) yield last
}

function lineOf(number: number, pieces: Uint8Array[], size: number): Line | undefined {
  if (size > longestLine) return { number, fault: 'is longer than 1 MB' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)).trim()
    return text ? { number, text } : undefined
  } catch {
    return { number, fault: 'is not UTF-8' }
  }
}
