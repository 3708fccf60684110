import { AwsError } from './errors.ts'

const lineEnd = '\r\n'

/**
 * Takes a body of `Content-Encoding: aws-chunked` apart (STREAMING-UNSIGNED-PAYLOAD-TRAILER): chunks of `SIZE CRLF BYTES CRLF`, one of
 * size 0, then trailers. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @returns the body and its trailers, their names in lower case
 * @throws {AwsError} IncompleteBody, MalformedTrailerError
 */
export function decodeChunked(encoded: Buffer): { body: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const end = encoded.indexOf(lineEnd, at)
    const size = encoded.toString('latin1', at, Math.max(at, end))
    if (end < 0 || !/^[0-9a-f]{1,8}$/i.test(size)) throw new AwsError('IncompleteBody')
    const from = end + lineEnd.length
    const bytes = Number.parseInt(size, 16)
    if (bytes === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(encoded.toString('latin1', from)) }
    at = from + bytes + lineEnd.length
    if (encoded.toString('latin1', from + bytes, at) !== lineEnd) throw new AwsError('IncompleteBody')
    chunks.push(encoded.subarray(from, from + bytes))
  }
}

function readTrailers(text: string): Map<string, string> {
  if (!text.endsWith(lineEnd)) throw new AwsError('MalformedTrailerError')
  const lines = text.split(lineEnd).filter(Boolean)
  return new Map(
    lines.map(line => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
      if (!name || value === undefined) throw new AwsError('MalformedTrailerError')
      return [name.toLowerCase(), value.trim()]
    }),
  )
}
